/** Requests about tabs and about the spreadsheet as a whole. */
import { sameTitle } from './a1-notation.ts'
import { invalid } from './api-error.ts'
import { removeLines } from './dimension-requests.ts'
import { breakReferences, renameReferences } from './formulas.ts'
import { numberIn, objectIn, textIn, truthIn, type JsonObject } from './json.ts'
import { checkGrid, maskIn, sheetOf, type Context } from './request-context.ts'
import { propertiesOf } from './sheet-json.ts'
import { createSheet, type Sheet, type Workbook } from './workbook.ts'

const mostTabs = 200

export function addSheet(body: JsonObject, context: Context): JsonObject {
  const { draft } = context
  const properties = objectIn(body, 'properties')
  const grid = objectIn(properties, 'gridProperties')
  const title = textIn(properties, 'title') ?? nextTitle(draft)
  const sheet = createSheet(numberIn(properties, 'sheetId') ?? context.randomId(), title, {
    rows: numberIn(grid, 'rowCount') ?? 1000,
    columns: numberIn(grid, 'columnCount') ?? 26,
  })
  refuseTitle(context, title)
  refuseSheetId(context, sheet.sheetId)
  sheet.hidden = truthIn(properties, 'hidden') ?? false
  sheet.frozenRowCount = numberIn(grid, 'frozenRowCount') ?? 0
  sheet.frozenColumnCount = numberIn(grid, 'frozenColumnCount') ?? 0
  insertSheet(context, sheet, numberIn(properties, 'index'))
  return { addSheet: { properties: propertiesOf(draft, sheet) } }
}

function nextTitle({ sheets }: Workbook): string {
  for (let k = sheets.length + 1; ; k++) if (!sheets.some(({ title }) => sameTitle(title, `Sheet${k}`))) return `Sheet${k}`
}

function insertSheet(context: Context, sheet: Sheet, index: number | undefined): void {
  const { draft, name } = context
  if (draft.sheets.length >= mostTabs)
    throw invalid(`Invalid ${name}: This action would increase the number of sheets above the limit of ${mostTabs}.`)
  draft.sheets.splice(index ?? draft.sheets.length, 0, sheet)
  checkGrid(sheet, context)
}

function refuseSheetId({ draft, name }: Context, sheetId: number): void {
  if (sheetId < 0) throw invalid(`Invalid ${name}: Sheet id must be non-negative, got ${sheetId}`)
  if (draft.sheets.some((one) => one.sheetId === sheetId))
    throw invalid(`Invalid ${name}: A sheet with the id ${sheetId} already exists. Please enter another id.`)
}

function refuseTitle({ draft, name }: Context, title: string, self?: Sheet): void {
  if (title === '' || title.length > 100) throw invalid(`Invalid ${name}: Invalid sheet name: ${title}`)
  if (draft.sheets.some((one) => one !== self && sameTitle(one.title, title)))
    throw invalid(`Invalid ${name}: A sheet with the name "${title}" already exists. Please enter another name.`)
}

export function deleteSheet(body: JsonObject, context: Context): undefined {
  const { draft, name } = context
  const sheetId = numberIn(body, 'sheetId') ?? 0
  const sheet = draft.sheets.find((one) => one.sheetId === sheetId)
  if (!sheet) throw invalid(`Invalid ${name}: No sheet with id: ${sheetId}`)
  if (draft.sheets.length === 1) throw invalid(`Invalid ${name}: You can't remove all the sheets in a document.`)
  draft.sheets = draft.sheets.filter((one) => one !== sheet)
  refuseAllHidden(context)
  breakReferences(draft, sheet)
  draft.namedRanges = draft.namedRanges.filter(({ range }) => (range.sheetId ?? 0) !== sheet.sheetId)
}

function refuseAllHidden({ draft, name }: Context): void {
  if (draft.sheets.every(({ hidden }) => hidden)) throw invalid(`Invalid ${name}: You can't hide all the sheets in a document.`)
}

export function duplicateSheet(body: JsonObject, context: Context): JsonObject {
  const { draft } = context
  const source = sheetOf(context, numberIn(body, 'sourceSheetId'))
  const title = textIn(body, 'newSheetName') ?? `Copy of ${source.title}`
  const sheetId = numberIn(body, 'newSheetId') ?? context.randomId()
  refuseTitle(context, title)
  refuseSheetId(context, sheetId)
  source.own = undefined // its rows now belong to two tabs
  const copy: Sheet = {
    ...source,
    sheetId,
    title,
    metadata: source.metadata.map(({ range, ...one }) => ({
      ...one,
      metadataId: context.randomId(),
      ...(range && { range: { ...range, sheetId } }),
    })),
    filter: source.filter && { ...source.filter, range: { ...source.filter.range, sheetId } },
    protectedRanges: source.protectedRanges.map((one) => ({
      ...one,
      protectedRangeId: context.randomId(),
      range: { ...one.range, sheetId },
    })),
  }
  insertSheet(context, copy, numberIn(body, 'insertSheetIndex'))
  return { duplicateSheet: { properties: propertiesOf(draft, copy) } }
}

const gridFields = ['rowCount', 'columnCount', 'frozenRowCount', 'frozenColumnCount'].map((name) => `gridProperties.${name}`)
const sheetFields = ['title', 'index', 'hidden', ...gridFields]
/** Kept by the real service, of no account here. */
const looks = [
  'sheetType',
  'tabColor',
  'tabColorStyle',
  'rightToLeft',
  'gridProperties.hideGridlines',
  'gridProperties.rowGroupControlAfter',
  'gridProperties.columnGroupControlAfter',
]

export function updateSheetProperties(body: JsonObject, context: Context): undefined {
  const { name } = context
  const properties = objectIn(body, 'properties')
  const sheet = sheetOf(context, numberIn(properties, 'sheetId'))
  for (const field of maskIn(body, context, sheetFields).flatMap((one) => (one === 'gridProperties' ? gridFields : [one]))) {
    if (field.startsWith('gridProperties.') && gridFields.includes(field)) {
      setGridField(sheet, field, numberIn(objectIn(properties, 'gridProperties'), field.slice('gridProperties.'.length)) ?? 0, context)
    } else if (sheetFields.includes(field)) setSheetField(sheet, field, properties, context)
    else if (field === 'sheetId') throw invalid(`Invalid ${name}: Cannot update the sheet id.`)
    else if (!looks.some((one) => field === one || field.startsWith(`${one}.`))) throw unknownField(field, context)
  }
  checkGrid(sheet, context)
}

function unknownField(field: string, { name }: Context): Error {
  return invalid(`Invalid ${name}: Invalid field: ${field}`)
}

function setSheetField(sheet: Sheet, field: string, properties: JsonObject, context: Context): void {
  const { draft } = context
  if (field === 'title') {
    const title = textIn(properties, 'title') ?? ''
    refuseTitle(context, title, sheet)
    renameReferences(draft, sheet, title)
    sheet.title = title
  } else if (field === 'hidden') {
    sheet.hidden = truthIn(properties, 'hidden') ?? false
    refuseAllHidden(context)
  } else {
    const to = numberIn(properties, 'index') ?? 0
    const from = draft.sheets.indexOf(sheet)
    const rest = draft.sheets.filter((one) => one !== sheet)
    rest.splice(to > from ? to - 1 : to, 0, sheet) // counted before it moves
    draft.sheets = rest
  }
}

function setGridField(sheet: Sheet, field: string, count: number, context: Context): void {
  switch (field) {
    case 'gridProperties.rowCount':
      if (count < sheet.rowCount) removeLines(sheet, { dimension: 'ROWS', from: Math.max(0, count), to: sheet.rowCount }, context)
      else sheet.rowCount = count
      break
    case 'gridProperties.columnCount':
      if (count < sheet.columnCount) removeLines(sheet, { dimension: 'COLUMNS', from: Math.max(0, count), to: sheet.columnCount }, context)
      else sheet.columnCount = count
      break
    case 'gridProperties.frozenRowCount':
      sheet.frozenRowCount = count
      break
    default:
      sheet.frozenColumnCount = count
  }
}

export function updateSpreadsheetProperties(body: JsonObject, context: Context): undefined {
  const { draft } = context
  const properties = objectIn(body, 'properties')
  for (const field of maskIn(body, context, ['title', 'locale', 'timeZone'])) {
    const text = textIn(properties, field)
    if (field === 'title') draft.title = text ?? ''
    else if (field === 'locale') draft.locale = text ?? 'en_US'
    else if (field === 'timeZone') draft.timeZone = text ?? 'Etc/GMT'
    else throw unknownField(field, context)
  }
}
