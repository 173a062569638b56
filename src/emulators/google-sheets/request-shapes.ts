/** What the requests of a batchUpdate may hold; anything else is refused, as the API does. */
import type { Shape } from './json.ts'

const gridRange: Shape = {
  sheetId: 'integer',
  startRowIndex: 'integer',
  endRowIndex: 'integer',
  startColumnIndex: 'integer',
  endColumnIndex: 'integer',
}

const dimensionRange: Shape = { sheetId: 'integer', dimension: 'text', startIndex: 'integer', endIndex: 'integer' }

const sheetProperties: Shape = {
  sheetId: 'integer',
  title: 'text',
  index: 'integer',
  sheetType: 'text',
  gridProperties: {
    rowCount: 'integer',
    columnCount: 'integer',
    frozenRowCount: 'integer',
    frozenColumnCount: 'integer',
    hideGridlines: 'truth',
    rowGroupControlAfter: 'truth',
    columnGroupControlAfter: 'truth',
  },
  hidden: 'truth',
  tabColor: 'any',
  tabColorStyle: 'any',
  rightToLeft: 'truth',
}

const cellFormat: Shape = {
  numberFormat: { type: 'text', pattern: 'text' },
  backgroundColor: 'any',
  backgroundColorStyle: 'any',
  borders: 'any',
  padding: 'any',
  horizontalAlignment: 'text',
  verticalAlignment: 'text',
  wrapStrategy: 'text',
  textDirection: 'text',
  textFormat: {
    foregroundColor: 'any',
    foregroundColorStyle: 'any',
    fontFamily: 'text',
    fontSize: 'integer',
    bold: 'truth',
    italic: 'truth',
    strikethrough: 'truth',
    underline: 'truth',
    link: 'any',
  },
  hyperlinkDisplayType: 'text',
  textRotation: 'any',
}

const cell: Shape = {
  userEnteredValue: { numberValue: 'number', stringValue: 'text', boolValue: 'truth', formulaValue: 'text', errorValue: 'any' },
  effectiveValue: 'any',
  formattedValue: 'text',
  userEnteredFormat: cellFormat,
  effectiveFormat: 'any',
  hyperlink: 'text',
  note: 'text',
  textFormatRuns: 'any',
  dataValidation: 'any',
  pivotTable: 'any',
}

const rows: Shape = [{ values: [cell] }]

const filter: Shape = { range: gridRange, tableId: 'text', sortSpecs: 'any', criteria: 'any', filterSpecs: 'any' }

const namedRange: Shape = { namedRangeId: 'text', name: 'text', range: gridRange }

const protectedRange: Shape = {
  protectedRangeId: 'integer',
  range: gridRange,
  namedRangeId: 'text',
  description: 'text',
  warningOnly: 'truth',
  requestingUserCanEdit: 'truth',
  unprotectedRanges: 'any',
  editors: { users: ['text'], groups: ['text'], domainUsersCanEdit: 'truth' },
}

const location: Shape = { locationType: 'text', spreadsheet: 'truth', sheetId: 'integer', dimensionRange }

const metadata: Shape = { metadataId: 'integer', metadataKey: 'text', metadataValue: 'text', visibility: 'text', location }

export const dataFilter: Shape = {
  developerMetadataLookup: {
    locationType: 'text',
    metadataLocation: location,
    locationMatchingStrategy: 'text',
    metadataId: 'integer',
    metadataKey: 'text',
    metadataValue: 'text',
    visibility: 'text',
  },
  a1Range: 'text',
  gridRange,
}

export const requestShapes = {
  addSheet: { properties: sheetProperties },
  deleteSheet: { sheetId: 'integer' },
  duplicateSheet: { sourceSheetId: 'integer', insertSheetIndex: 'integer', newSheetId: 'integer', newSheetName: 'text' },
  updateSheetProperties: { properties: sheetProperties, fields: 'text' },
  updateSpreadsheetProperties: {
    properties: {
      title: 'text',
      locale: 'text',
      autoRecalc: 'text',
      timeZone: 'text',
      defaultFormat: 'any',
      iterativeCalculationSettings: 'any',
      spreadsheetTheme: 'any',
    },
    fields: 'text',
  },
  updateCells: { rows, fields: 'text', start: { sheetId: 'integer', rowIndex: 'integer', columnIndex: 'integer' }, range: gridRange },
  appendCells: { sheetId: 'integer', rows, fields: 'text', tableId: 'text' },
  repeatCell: { range: gridRange, cell, fields: 'text' },
  copyPaste: { source: gridRange, destination: gridRange, pasteType: 'text', pasteOrientation: 'text' },
  appendDimension: { sheetId: 'integer', dimension: 'text', length: 'integer', tableId: 'text' },
  insertDimension: { range: dimensionRange, inheritFromBefore: 'truth' },
  deleteDimension: { range: dimensionRange },
  updateDimensionProperties: {
    range: dimensionRange,
    properties: { hiddenByFilter: 'truth', hiddenByUser: 'truth', pixelSize: 'integer' },
    fields: 'text',
  },
  autoResizeDimensions: { dimensions: dimensionRange },
  setBasicFilter: { filter },
  clearBasicFilter: { sheetId: 'integer' },
  addNamedRange: { namedRange },
  updateNamedRange: { namedRange, fields: 'text' },
  deleteNamedRange: { namedRangeId: 'text' },
  addProtectedRange: { protectedRange },
  deleteProtectedRange: { protectedRangeId: 'integer' },
  createDeveloperMetadata: { developerMetadata: metadata },
  updateDeveloperMetadata: { dataFilters: [dataFilter], developerMetadata: metadata, fields: 'text' },
  deleteDeveloperMetadata: { dataFilter },
} as const satisfies Readonly<Record<string, Shape>>

export type RequestKind = keyof typeof requestShapes
