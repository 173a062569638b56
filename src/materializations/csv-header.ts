/** The first record of a CSV file: the names of its columns, and where the records begin. */
import { hasByteOrderMark, readPieces } from './csv-file.ts'

export interface CsvHeader {
  readonly names: readonly string[]
  /** Where in the file each name begins, in bytes. */
  readonly offsets: readonly number[]
  /** Offset of the first record. */
  readonly end: number
}

export type CsvHeaderResult = CsvHeader | 'empty' | { readonly unclosedAt: number } | { readonly strayAt: number }

const quote = 34
const longest = 4_194_304

/** Reads the names; unquoted ones without the spaces around them. The bytes are decoded leniently: the scan of the text finds bad ones. */
export async function readCsvHeader(path: string, delimiter: number): Promise<CsvHeaderResult> {
  let bytes: Uint8Array = new Uint8Array(0)
  for await (const piece of readPieces(path, 0, { reuse: false })) {
    bytes = bytes.length === 0 ? piece : Buffer.concat([bytes, piece])
    const header = parseHeader(bytes, delimiter, false)
    if (header !== undefined) return header
    if (bytes.length > longest) break
  }
  return parseHeader(bytes, delimiter, true) ?? 'empty'
}

function parseHeader(bytes: Uint8Array, delimiter: number, last: boolean): CsvHeaderResult | undefined {
  const names: string[] = []
  const offsets: number[] = []
  let at = hasByteOrderMark(bytes) ? 3 : 0
  if (at >= bytes.length) return last ? 'empty' : undefined
  for (;;) {
    const field = parseName(bytes, at, delimiter)
    if ('strayAt' in field || ('unclosedAt' in field && last)) return field
    if ('unclosedAt' in field || (field.end + 1 >= bytes.length && !last)) return undefined
    names.push(field.name)
    offsets.push(at)
    at = field.end + 1
    if (bytes[field.end] === delimiter) continue
    const end = bytes[field.end] === 13 && bytes[at] === 10 ? at + 1 : at
    return names.length === 1 && names[0] === '' ? 'empty' : { names, offsets, end: Math.min(end, bytes.length) }
  }
}

type Name = { readonly name: string; readonly end: number } | { readonly unclosedAt: number } | { readonly strayAt: number }

function parseName(bytes: Uint8Array, start: number, delimiter: number): Name {
  const isEnd = (byte: number | undefined): boolean => byte === undefined || byte === delimiter || byte === 10 || byte === 13
  if (bytes[start] !== quote) {
    let end = start
    while (!isEnd(bytes[end]) && bytes[end] !== quote) end++
    return bytes[end] === quote ? { strayAt: end } : { name: decode(bytes.subarray(start, end)).trim(), end }
  }
  let at = start + 1
  for (; at < bytes.length; at++) {
    if (bytes[at] !== quote) continue
    if (bytes[at + 1] !== quote) break
    at++
  }
  if (at >= bytes.length) return { unclosedAt: start }
  if (!isEnd(bytes[at + 1])) return { strayAt: at + 1 }
  return { name: decode(bytes.subarray(start + 1, at)).replaceAll('""', '"'), end: at + 1 }
}

function decode(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}
