/**
 * Servers count characters of a statement in code points from 1; JavaScript counts UTF-16 units from 0.
 */

/** The UTF-16 offset of the one-based code point `position` of `text`; nothing when the text is shorter. */
export function toOffset(text: string, position: number): number | undefined {
  let offset = 0
  for (let left = position - 1; left > 0; left--) {
    const code = text.codePointAt(offset)
    if (code === undefined) return undefined
    offset += code > 0xff_ff ? 2 : 1
  }
  return offset <= text.length ? offset : undefined
}
