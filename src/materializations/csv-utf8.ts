/** Bytes that cannot be text: no UTF-8, or a NUL, which no Postgres text holds. Pieces may cut a character in two. */
import { isUtf8 } from 'node:buffer'
import type { CsvMistake } from './csv-scanner.ts'

/** A check of one file, piece by piece; `offset` is where its first byte stands. */
export function createTextCheck(offset: number): (piece: Uint8Array, last: boolean) => CsvMistake | undefined {
  let base = offset
  let rest: Uint8Array = new Uint8Array(0)
  return (piece, last) => {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    const end = last ? bytes.length : wholeCharacters(bytes)
    const checked = bytes.subarray(0, end)
    const mistake = findMistake(checked, base)
    rest = bytes.subarray(end)
    base += end
    return mistake
  }
}

function findMistake(bytes: Uint8Array, base: number): CsvMistake | undefined {
  if (!isUtf8(bytes)) {
    const at = firstBadByte(bytes)
    return { kind: 'not-utf8', offset: base + at, byte: bytes[at] ?? 0 }
  }
  const nul = bytes.indexOf(0)
  return nul === -1 ? undefined : { kind: 'nul', offset: base + nul }
}

/** The longest beginning that does not end inside a character. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!
    if (byte < 0x80) break
    if (byte >= 0xc0) return back < lengthOf(byte) ? bytes.length - back : bytes.length
  }
  return bytes.length
}

function lengthOf(lead: number): number {
  if (lead >= 0xf0) return 4
  return lead >= 0xe0 ? 3 : 2
}

function firstBadByte(bytes: Uint8Array): number {
  let low = 0
  let high = bytes.length
  while (low < high) {
    const middle = (low + high + 1) >> 1
    const part = bytes.subarray(0, middle)
    if (isUtf8(part.subarray(0, wholeCharacters(part)))) low = middle
    else high = middle - 1
  }
  return wholeCharacters(bytes.subarray(0, low))
}
