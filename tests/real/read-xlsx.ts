/** The cells of the first sheet of a workbook, read without any library: a zip of XML. Enough for what the tool writes. */
import { inflateRawSync } from 'node:zlib'

export interface XlsxCell {
  /** A number stands as `number` in the file; everything else is text. */
  readonly kind: 'number' | 'text'
  readonly value: string
}

export function readFirstSheet(bytes: Buffer): readonly (readonly XlsxCell[])[] {
  const files = unzip(bytes)
  const shared = textsOf(files.get('xl/sharedStrings.xml') ?? '', 'si')
  const rows = elementsOf(files.get('xl/worksheets/sheet1.xml') ?? '', 'row')
  return rows.map((row) => elementsOf(row, 'c').map((cell) => readCell(cell, shared)))
}

function readCell(xml: string, shared: readonly string[]): XlsxCell {
  const type = /^<c\b[^>]*\bt="(\w+)"/.exec(xml)?.[1] ?? 'n'
  if (type === 'inlineStr') return { kind: 'text', value: textsOf(xml, 'is')[0] ?? '' }
  const value = decode(/<v>([^<]*)<\/v>/.exec(xml)?.[1] ?? '')
  if (type === 's') return { kind: 'text', value: shared[Number(value)] ?? '' }
  return { kind: type === 'n' ? 'number' : 'text', value }
}

function elementsOf(xml: string, name: string): readonly string[] {
  return xml.match(new RegExp(`<${name}\\b[^>]*?(?:/>|>[\\s\\S]*?</${name}>)`, 'g')) ?? []
}

function textsOf(xml: string, name: string): readonly string[] {
  return elementsOf(xml, name).map((element) =>
    [...element.matchAll(/<t\b[^>]*>([^<]*)<\/t>/g)].map((found) => decode(found[1] ?? '')).join(''),
  )
}

function decode(xml: string): string {
  return xml
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

/** By the central directory at the end of the file, which knows sizes also where the writer streamed. */
function unzip(bytes: Buffer): ReadonlyMap<string, string> {
  const end = bytes.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'))
  const files = new Map<string, string>()
  let at = bytes.readUInt32LE(end + 16)
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = bytes.readUInt16LE(at + 28)
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength)
    files.set(name, readEntry(bytes, at))
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return files
}

function readEntry(bytes: Buffer, entry: number): string {
  const local = bytes.readUInt32LE(entry + 42)
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
  const data = bytes.subarray(start, start + bytes.readUInt32LE(entry + 20))
  return (bytes.readUInt16LE(entry + 10) === 8 ? inflateRawSync(data) : data).toString('utf8')
}
