/**
 * An Excel workbook of one sheet, streamed: rows become XML, XML is deflated, and no row is kept. The same rows make the same bytes, so
 * nothing in the file says when it was written.
 */
import { PassThrough, Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import { SqlflowError } from '../../core/errors.ts'
import type { ExportRows, ExportSchema } from '../destination.ts'
import type { Encode } from '../file-destination.ts'
import { encodeSheet, mostColumns } from '../xlsx/sheet.ts'
import { planStyles } from '../xlsx/styles.ts'
import { escapeXml } from '../xlsx/xml.ts'

interface XlsxOptions {
  /** Cut and cleaned to what a spreadsheet allows. */
  readonly sheet: string
  readonly header: boolean
}

export function encodeXlsx(options: XlsxOptions): Encode {
  return (schema, rows) => encode(schema, rows, options)
}

const mtime = new Date(1980, 0, 1)
const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const packages = 'http://schemas.openxmlformats.org/package/2006'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const main = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

async function* encode({ columns }: ExportSchema, rows: ExportRows, { sheet, header }: XlsxOptions): AsyncIterable<Uint8Array> {
  if (columns.length > mostColumns) throw tooManyColumns(columns.length)
  const styles = planStyles(columns)
  const zip = new ZipFile()
  const add = (name: string, xml: string): void => zip.addBuffer(Buffer.from(xml, 'utf8'), name, { mtime })
  add('[Content_Types].xml', contentTypes)
  add('_rels/.rels', relationships([['officeDocument', 'xl/workbook.xml']]))
  add('xl/workbook.xml', workbook(sheetName(sheet)))
  add(
    'xl/_rels/workbook.xml.rels',
    relationships([
      ['worksheet', 'worksheets/sheet1.xml'],
      ['styles', 'styles.xml'],
    ]),
  )
  add('xl/styles.xml', styles.xml)
  let failure: { readonly error: unknown } | undefined
  /** A failure ends the sheet, and is thrown when the streams that wait for it have ended too. */
  async function* sheetXml(): AsyncIterable<Uint8Array> {
    try {
      yield* encodeSheet({ columns, styles: styles.ofColumns, header }, rows)
    } catch (error) {
      failure = { error }
    }
  }
  const source = Readable.from(sheetXml(), { objectMode: false })
  const output = zip.outputStream.pipe(new PassThrough())
  zip.addReadStream(source, 'xl/worksheets/sheet1.xml', { mtime })
  zip.end()
  try {
    yield* output
  } finally {
    source.destroy()
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

const contentTypes = `${declaration}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${main}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${main}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${main}.styles+xml"/></Types>`

function relationships(targets: readonly (readonly [type: string, target: string])[]): string {
  const entries = targets.map(([type, target], k) => `<Relationship Id="rId${k + 1}" Type="${office}/${type}" Target="${target}"/>`)
  return `${declaration}<Relationships xmlns="${packages}/relationships">${entries.join('')}</Relationships>`
}

function workbook(name: string): string {
  return `${declaration}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${office}"><sheets><sheet name="${escapeXml(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>`
}
