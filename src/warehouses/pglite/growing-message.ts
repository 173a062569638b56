/**
 * Bytes for one call of PGlite that grow while it runs. PGlite takes the end of the bytes it was given for the end of the connection; a COPY FROM
 * STDIN would have to stand in memory whole. So the length is asked of the source each time that PGlite looks for more.
 */

/** `more` is called when everything has been read; it may stand still until there is more, and returns nothing at the end. */
export function growingMessage(first: Uint8Array, more: () => Uint8Array | undefined): Uint8Array {
  let part = first
  let partStart = 0
  let read = 0
  const bytes = Uint8Array.from(first.subarray(0, 1)) // its type is looked at
  function length(): number {
    if (read === partStart + part.length) {
      const next = more()
      if (next !== undefined) {
        partStart += part.length
        part = next
      }
    }
    return partStart + part.length
  }
  return Object.defineProperties(bytes, {
    length: { get: length },
    subarray: {
      value: (start: number, end: number) => {
        read = Math.min(end, partStart + part.length)
        return part.subarray(start - partStart, read - partStart)
      },
    },
  })
}
