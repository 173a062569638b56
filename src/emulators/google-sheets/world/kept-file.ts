/** A file of the emulator as JSON, to be kept on disk: formats that many cells share are written once, formulas as people read them. */
import { z } from 'zod'
import { isFormula, isRich, makeCell } from '../model/cell.ts'
import { parseFormula, printFormula } from '../model/formula.ts'
import type {
  Cell,
  DeveloperMetadata,
  GridRange,
  JsonObject,
  NamedRange,
  ProtectedRange,
  Sheet,
  Spreadsheet,
} from '../model/spreadsheet.ts'
import type { DriveFile, Permission } from './world.ts'

/** Of a cell that is more than its value: value, formula, format (its place in the list), note, extras. */
interface KeptCell {
  readonly v?: string | number | boolean
  readonly f?: string
  readonly s?: number
  readonly n?: string
  readonly x?: JsonObject
}

const object = z.record(z.string(), z.unknown())

const keptSheet = z.object({
  id: z.int(),
  title: z.string(),
  hidden: z.boolean(),
  rowCount: z.int(),
  columnCount: z.int(),
  frozenRowCount: z.int(),
  frozenColumnCount: z.int(),
  extras: object,
  rows: z.custom<readonly (readonly (KeptCell | string | number | boolean | null)[])[]>(Array.isArray),
  rowProperties: z.array(z.tuple([z.int(), object])),
  columnProperties: z.array(z.tuple([z.int(), object])),
  basicFilter: z.custom<NonNullable<Sheet['basicFilter']>>().optional(),
  protectedRanges: z.custom<readonly ProtectedRange[]>(Array.isArray),
  merges: z.custom<readonly GridRange[]>(Array.isArray),
})

const keptFile = z.object({
  format: z.literal(1),
  id: z.string(),
  mimeType: z.string(),
  name: z.string(),
  createdTime: z.string(),
  modifiedTime: z.string(),
  version: z.int(),
  madeBy: z.string().optional(),
  permissions: z.custom<readonly Permission[]>(Array.isArray),
  spreadsheet: z
    .object({
      title: z.string(),
      locale: z.string(),
      timeZone: z.string(),
      extras: object,
      formats: z.array(object),
      sheets: z.array(keptSheet),
      namedRanges: z.custom<readonly NamedRange[]>(Array.isArray),
      metadata: z.custom<readonly DeveloperMetadata[]>(Array.isArray),
    })
    .optional(),
})

export function packFile({ spreadsheet, ...file }: DriveFile): string {
  return JSON.stringify({ format: 1, ...file, spreadsheet: spreadsheet && packSpreadsheet(spreadsheet) })
}

function packSpreadsheet(spreadsheet: Spreadsheet): unknown {
  const formats = new Map<JsonObject, number>()
  const formatPlace = (format: JsonObject): number => {
    const place = formats.get(format) ?? formats.size
    formats.set(format, place)
    return place
  }
  const packCell = (cell: Cell): unknown => {
    if (!isRich(cell)) return cell ?? null
    const { value, format, note, extras } = cell
    return {
      ...(isFormula(value) ? { f: printFormula(value, spreadsheet) } : value !== undefined && { v: value }),
      ...(format && { s: formatPlace(format) }),
      ...(note !== undefined && { n: note }),
      ...(extras && { x: extras }),
    }
  }
  const sheets = spreadsheet.sheets.map(({ hasFormulas: _, ...sheet }) => ({
    ...sheet,
    rows: Array.from(sheet.rows, (row) => Array.from(row ?? [], packCell)),
    rowProperties: [...sheet.rowProperties],
    columnProperties: [...sheet.columnProperties],
  }))
  return { ...spreadsheet, sheets, formats: [...formats.keys()] }
}

/** Throws what JSON.parse or zod throw where the text is not what `packFile` writes. */
export function unpackFile(text: string): DriveFile {
  const { format: _, spreadsheet, madeBy, ...file } = keptFile.parse(JSON.parse(text))
  return { ...file, madeBy, spreadsheet: spreadsheet && unpackSpreadsheet(spreadsheet) }
}

function unpackSpreadsheet({ formats, sheets, ...rest }: NonNullable<z.infer<typeof keptFile>['spreadsheet']>): Spreadsheet {
  const unpackCell = (kept: KeptCell | string | number | boolean | null, sheetId: number): Cell => {
    if (kept === null) return undefined
    if (typeof kept !== 'object') return kept
    const { v, f, s, n, x } = kept
    return makeCell({
      value: f === undefined ? v : parseFormula(f, sheetId, { sheets: named }),
      format: s === undefined ? undefined : formats[s],
      note: n,
      extras: x,
    })
  }
  const named: readonly Sheet[] = sheets.map(({ rows: _, basicFilter, ...sheet }) => ({
    ...sheet,
    ...(basicFilter && { basicFilter }),
    rows: [],
    hasFormulas: true,
    rowProperties: new Map(sheet.rowProperties),
    columnProperties: new Map(sheet.columnProperties),
  }))
  return {
    ...rest,
    sheets: named.map((sheet, at) => ({
      ...sheet,
      rows: sheets[at]!.rows.map((row) => (row.length === 0 ? undefined : row.map((cell) => unpackCell(cell, sheet.id)))),
    })),
  }
}
