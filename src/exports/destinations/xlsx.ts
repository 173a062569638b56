/**
 * An Excel workbook with a sheet for each table, streamed: rows become XML, XML is deflated, and no row is kept. The same rows make the same
 * bytes, so nothing in the file says when it was written.
 */
import { PassThrough, Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import { SqlflowError } from '../../core/errors.ts'
import type { ExportTable } from '../destination.ts'
import type { Encode } from '../file-destination.ts'
import { encodeSheet, mostColumns } from '../xlsx/sheet.ts'
import { planStyles } from '../xlsx/styles.ts'
import { escapeXml } from '../xlsx/xml.ts'

interface XlsxOptions {
  /** Of a table without a title. Cut and cleaned to what a spreadsheet allows. */
  readonly sheet: string
  readonly header: boolean
}

export function encodeXlsx(options: XlsxOptions): Encode {
  return (tables) => encode(tables, options)
}

const mtime = new Date(1980, 0, 1)
const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const packages = 'http://schemas.openxmlformats.org/package/2006'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const main = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

async function* encode(tables: readonly ExportTable[], { sheet, header }: XlsxOptions): AsyncIterable<Uint8Array> {
  const widest = tables.reduce((most, { columns }) => Math.max(most, columns.length), 0)
  if (widest > mostColumns) throw tooManyColumns(widest)
  const styles = planStyles(tables.flatMap(({ columns }) => columns))
  const names = sheetNames(tables.map(({ title }) => title ?? sheet))
  const zip = new ZipFile()
  const add = (name: string, xml: string): void => zip.addBuffer(Buffer.from(xml, 'utf8'), name, { mtime })
  add('[Content_Types].xml', contentTypes(names.length))
  add('_rels/.rels', relationships([['officeDocument', 'xl/workbook.xml']]))
  add('xl/workbook.xml', workbook(names))
  add(
    'xl/_rels/workbook.xml.rels',
    relationships([...names.map((_, k) => ['worksheet', `worksheets/sheet${k + 1}.xml`] as const), ['styles', 'styles.xml']]),
  )
  add('xl/styles.xml', styles.xml)
  let failure: { readonly error: unknown } | undefined
  /** A failure ends the sheet, and is thrown when the streams that wait for it have ended too. */
  async function* sheetXml({ columns, rows }: ExportTable, ofColumns: readonly number[]): AsyncIterable<Uint8Array> {
    try {
      if (!failure) yield* encodeSheet({ columns, styles: ofColumns, header }, rows)
    } catch (error) {
      failure = { error }
    }
  }
  const sources: Readable[] = []
  let firstColumn = 0
  for (const [k, table] of tables.entries()) {
    const ofColumns = styles.ofColumns.slice(firstColumn, (firstColumn += table.columns.length))
    const source = Readable.from(sheetXml(table, ofColumns), { objectMode: false })
    sources.push(source)
    zip.addReadStream(source, `xl/worksheets/sheet${k + 1}.xml`, { mtime })
  }
  const output = zip.outputStream.pipe(new PassThrough())
  zip.end()
  try {
    yield* output
  } finally {
    for (const source of sources) source.destroy()
  }
  if (failure) throw failure.error
}

function tooManyColumns(count: number): SqlflowError {
  return new SqlflowError(
    'xlsx-limit',
    `A sheet holds ${mostColumns.toLocaleString('en-US')} columns; the export has ${count.toLocaleString('en-US')}.`,
    {
      exitCode: 1,
      hint: 'List fewer columns, or write CSV.',
    },
  )
}

/** Each once, whatever case it is written in. */
function sheetNames(wanted: readonly string[]): readonly string[] {
  const used = new Set<string>()
  return wanted.map((text) => {
    const clean = sheetName(text)
    let name = clean
    for (let k = 2; used.has(name.toLowerCase()); k++) name = `${clean.slice(0, 31 - ` (${k})`.length)} (${k})`
    used.add(name.toLowerCase())
    return name
  })
}

/** At most 31 characters, none of `[]:*?/\`, no apostrophe at either end, not empty. */
function sheetName(wanted: string): string {
  const clean = wanted.replaceAll(/[[\]:*?/\\\p{Cc}]/gu, ' ').trim()
  return (
    clean
      .slice(0, 31)
      .replaceAll(/^'+|'+$/g, '')
      .trim() || 'Sheet1'
  )
}

function contentTypes(sheets: number): string {
  const parts = Array.from(
    { length: sheets },
    (_, k) => `<Override PartName="/xl/worksheets/sheet${k + 1}.xml" ContentType="${main}.worksheet+xml"/>`,
  )
  return `${declaration}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${main}.sheet.main+xml"/>${parts.join('')}<Override PartName="/xl/styles.xml" ContentType="${main}.styles+xml"/></Types>`
}

function relationships(targets: readonly (readonly [type: string, target: string])[]): string {
  const entries = targets.map(([type, target], k) => `<Relationship Id="rId${k + 1}" Type="${office}/${type}" Target="${target}"/>`)
  return `${declaration}<Relationships xmlns="${packages}/relationships">${entries.join('')}</Relationships>`
}

function workbook(names: readonly string[]): string {
  const sheets = names.map((name, k) => `<sheet name="${escapeXml(name)}" sheetId="${k + 1}" r:id="rId${k + 1}"/>`)
  return `${declaration}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${office}"><sheets>${sheets.join('')}</sheets></workbook>`
}
