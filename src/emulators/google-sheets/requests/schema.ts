/** The requests of `batchUpdate` that this emulator answers, field by field as the discovery document has them. */
import { z } from 'zod'
import { protoEnum } from '../json/proto-json.ts'

const int = z.int32({ error: 'TYPE_INT32' }).nullish()
const number = z.number().nullish()
const text = z.string().nullish()
const bool = z.boolean().nullish()
/** Kept and given back as it is. */
const opaque = z.record(z.string(), z.unknown()).nullish()
const strings = z.array(z.string()).nullish()

export const gridRange = z.strictObject({
  sheetId: int,
  startRowIndex: int,
  endRowIndex: int,
  startColumnIndex: int,
  endColumnIndex: int,
})
export type GridRangeInput = z.infer<typeof gridRange>

const dimension = protoEnum('Dimension', ['DIMENSION_UNSPECIFIED', 'ROWS', 'COLUMNS']).nullish()

const dimensionRange = z.strictObject({ sheetId: int, dimension, startIndex: int, endIndex: int })
export type DimensionRangeInput = z.infer<typeof dimensionRange>

const numberFormat = z.strictObject({
  type: protoEnum('NumberFormat.NumberFormatType', [
    'NUMBER_FORMAT_TYPE_UNSPECIFIED',
    'TEXT',
    'NUMBER',
    'PERCENT',
    'CURRENCY',
    'DATE',
    'TIME',
    'DATE_TIME',
    'SCIENTIFIC',
  ]).nullish(),
  pattern: text,
})

const textFormat = z.strictObject({
  foregroundColor: opaque,
  foregroundColorStyle: opaque,
  fontFamily: text,
  fontSize: int,
  bold: bool,
  italic: bool,
  strikethrough: bool,
  underline: bool,
  link: opaque,
})

const cellFormat = z.strictObject({
  numberFormat: numberFormat.nullish(),
  backgroundColor: opaque,
  backgroundColorStyle: opaque,
  borders: opaque,
  padding: opaque,
  horizontalAlignment: protoEnum('HorizontalAlign', ['HORIZONTAL_ALIGN_UNSPECIFIED', 'LEFT', 'CENTER', 'RIGHT']).nullish(),
  verticalAlignment: protoEnum('VerticalAlign', ['VERTICAL_ALIGN_UNSPECIFIED', 'TOP', 'MIDDLE', 'BOTTOM']).nullish(),
  wrapStrategy: protoEnum('WrapStrategy', ['WRAP_STRATEGY_UNSPECIFIED', 'OVERFLOW_CELL', 'LEGACY_WRAP', 'CLIP', 'WRAP']).nullish(),
  textDirection: text,
  textFormat: textFormat.nullish(),
  hyperlinkDisplayType: text,
  textRotation: opaque,
})

const extendedValue = z.strictObject({
  numberValue: number,
  stringValue: text,
  boolValue: bool,
  formulaValue: text,
  errorValue: z.strictObject({ type: text, message: text }).nullish(),
})
export type ExtendedValueInput = z.infer<typeof extendedValue>

const cellData = z.strictObject({
  userEnteredValue: extendedValue.nullish(),
  effectiveValue: extendedValue.nullish(),
  formattedValue: text,
  userEnteredFormat: cellFormat.nullish(),
  effectiveFormat: cellFormat.nullish(),
  hyperlink: text,
  note: text,
  textFormatRuns: z.array(z.unknown()).nullish(),
  dataValidation: opaque,
  pivotTable: opaque,
  dataSourceTable: opaque,
  dataSourceFormula: opaque,
  chipRuns: z.array(z.unknown()).nullish(),
})
export type CellDataInput = z.infer<typeof cellData>

const rowData = z.strictObject({ values: z.array(cellData.nullable()).nullish() })
export type RowDataInput = z.infer<typeof rowData>

const gridProperties = z.strictObject({
  rowCount: int,
  columnCount: int,
  frozenRowCount: int,
  frozenColumnCount: int,
  hideGridlines: bool,
  rowGroupControlAfter: bool,
  columnGroupControlAfter: bool,
})

export const sheetProperties = z.strictObject({
  sheetId: int,
  title: text,
  index: int,
  sheetType: protoEnum('SheetType', ['SHEET_TYPE_UNSPECIFIED', 'GRID', 'OBJECT', 'DATA_SOURCE']).nullish(),
  gridProperties: gridProperties.nullish(),
  hidden: bool,
  tabColor: opaque,
  tabColorStyle: opaque,
  rightToLeft: bool,
  dataSourceSheetProperties: opaque,
})
export type SheetPropertiesInput = z.infer<typeof sheetProperties>

const spreadsheetProperties = z.strictObject({
  title: text,
  locale: text,
  autoRecalc: text,
  timeZone: text,
  defaultFormat: opaque,
  iterativeCalculationSettings: opaque,
  spreadsheetTheme: opaque,
  importFunctionsExternalUrlAccessAllowed: bool,
})

const locationType = protoEnum('DeveloperMetadataLocationType', [
  'DEVELOPER_METADATA_LOCATION_TYPE_UNSPECIFIED',
  'ROW',
  'COLUMN',
  'SHEET',
  'SPREADSHEET',
]).nullish()
const metadataLocation = z.strictObject({ locationType, spreadsheet: bool, sheetId: int, dimensionRange: dimensionRange.nullish() })
export type MetadataLocationInput = z.infer<typeof metadataLocation>
const visibility = protoEnum('DeveloperMetadataVisibility', ['DEVELOPER_METADATA_VISIBILITY_UNSPECIFIED', 'DOCUMENT', 'PROJECT']).nullish()

const developerMetadata = z.strictObject({
  metadataId: int,
  metadataKey: text,
  metadataValue: text,
  location: metadataLocation.nullish(),
  visibility,
})
export type DeveloperMetadataInput = z.infer<typeof developerMetadata>

const metadataLookup = z.strictObject({
  locationType,
  metadataLocation: metadataLocation.nullish(),
  locationMatchingStrategy: protoEnum('DeveloperMetadataLocationMatchingStrategy', [
    'DEVELOPER_METADATA_LOCATION_MATCHING_STRATEGY_UNSPECIFIED',
    'EXACT_LOCATION',
    'INTERSECTING_LOCATION',
  ]).nullish(),
  metadataId: int,
  metadataKey: text,
  metadataValue: text,
  visibility,
})
export type MetadataLookupInput = z.infer<typeof metadataLookup>

export const dataFilter = z.strictObject({
  developerMetadataLookup: metadataLookup.nullish(),
  a1Range: text,
  gridRange: gridRange.nullish(),
})
export type DataFilterInput = z.infer<typeof dataFilter>

const basicFilter = z.strictObject({
  range: gridRange.nullish(),
  tableId: text,
  sortSpecs: z.array(z.unknown()).nullish(),
  criteria: opaque,
  filterSpecs: z.array(z.unknown()).nullish(),
})

const editors = z.strictObject({ users: strings, groups: strings, domainUsersCanEdit: bool })
const protectedRange = z.strictObject({
  protectedRangeId: int,
  range: gridRange.nullish(),
  namedRangeId: text,
  tableId: text,
  description: text,
  warningOnly: bool,
  requestingUserCanEdit: bool,
  unprotectedRanges: z.array(gridRange).nullish(),
  editors: editors.nullish(),
})
export type ProtectedRangeInput = z.infer<typeof protectedRange>

const namedRange = z.strictObject({ namedRangeId: text, name: text, range: gridRange.nullish() })

const pasteType = protoEnum('PasteType', [
  'PASTE_NORMAL',
  'PASTE_VALUES',
  'PASTE_FORMAT',
  'PASTE_NO_BORDERS',
  'PASTE_FORMULA',
  'PASTE_DATA_VALIDATION',
  'PASTE_CONDITIONAL_FORMATTING',
]).nullish()

const dimensionProperties = z.strictObject({
  hiddenByFilter: bool,
  hiddenByUser: bool,
  pixelSize: int,
  developerMetadata: z.array(developerMetadata).nullish(),
  dataSourceColumnReference: opaque,
})

/** By name of the request. */
export const requestSchemas = {
  addSheet: z.strictObject({ properties: sheetProperties.nullish() }),
  deleteSheet: z.strictObject({ sheetId: int }),
  duplicateSheet: z.strictObject({ sourceSheetId: int, insertSheetIndex: int, newSheetId: int, newSheetName: text }),
  updateSheetProperties: z.strictObject({ properties: sheetProperties.nullish(), fields: text }),
  updateSpreadsheetProperties: z.strictObject({ properties: spreadsheetProperties.nullish(), fields: text }),
  updateCells: z.strictObject({
    rows: z.array(rowData).nullish(),
    fields: text,
    start: z.strictObject({ sheetId: int, rowIndex: int, columnIndex: int }).nullish(),
    range: gridRange.nullish(),
  }),
  appendCells: z.strictObject({ sheetId: int, rows: z.array(rowData).nullish(), fields: text, tableId: text }),
  repeatCell: z.strictObject({ range: gridRange.nullish(), cell: cellData.nullish(), fields: text }),
  copyPaste: z.strictObject({
    source: gridRange.nullish(),
    destination: gridRange.nullish(),
    pasteType,
    pasteOrientation: protoEnum('PasteOrientation', ['NORMAL', 'TRANSPOSE']).nullish(),
  }),
  insertDimension: z.strictObject({ range: dimensionRange.nullish(), inheritFromBefore: bool }),
  appendDimension: z.strictObject({ sheetId: int, dimension, length: int, tableId: text }),
  deleteDimension: z.strictObject({ range: dimensionRange.nullish() }),
  updateDimensionProperties: z.strictObject({
    range: dimensionRange.nullish(),
    dataSourceSheetRange: opaque,
    properties: dimensionProperties.nullish(),
    fields: text,
  }),
  autoResizeDimensions: z.strictObject({ dimensions: dimensionRange.nullish(), dataSourceSheetDimensions: opaque }),
  setBasicFilter: z.strictObject({ filter: basicFilter.nullish() }),
  clearBasicFilter: z.strictObject({ sheetId: int }),
  addNamedRange: z.strictObject({ namedRange: namedRange.nullish() }),
  updateNamedRange: z.strictObject({ namedRange: namedRange.nullish(), fields: text }),
  deleteNamedRange: z.strictObject({ namedRangeId: text }),
  addProtectedRange: z.strictObject({ protectedRange: protectedRange.nullish() }),
  updateProtectedRange: z.strictObject({ protectedRange: protectedRange.nullish(), fields: text }),
  deleteProtectedRange: z.strictObject({ protectedRangeId: int }),
  mergeCells: z.strictObject({
    range: gridRange.nullish(),
    mergeType: protoEnum('MergeCellsRequest.MergeType', ['MERGE_ALL', 'MERGE_COLUMNS', 'MERGE_ROWS']).nullish(),
  }),
  unmergeCells: z.strictObject({ range: gridRange.nullish() }),
  sortRange: z.strictObject({
    range: gridRange.nullish(),
    sortSpecs: z
      .array(
        z.strictObject({
          dimensionIndex: int,
          sortOrder: protoEnum('SortOrder', ['SORT_ORDER_UNSPECIFIED', 'ASCENDING', 'DESCENDING']).nullish(),
        }),
      )
      .nullish(),
  }),
  createDeveloperMetadata: z.strictObject({ developerMetadata: developerMetadata.nullish() }),
  updateDeveloperMetadata: z.strictObject({
    dataFilters: z.array(dataFilter).nullish(),
    developerMetadata: developerMetadata.nullish(),
    fields: text,
  }),
  deleteDeveloperMetadata: z.strictObject({ dataFilter: dataFilter.nullish() }),
} as const

export type RequestKind = keyof typeof requestSchemas

export type RequestInput<K extends RequestKind> = z.infer<(typeof requestSchemas)[K]>

/** What Google has and this emulator has not. */
const others = [
  'addBanding',
  'addChart',
  'addCommentReply',
  'addConditionalFormatRule',
  'addDataSource',
  'addDimensionGroup',
  'addFilterView',
  'addSlicer',
  'addTable',
  'autoFill',
  'cancelDataSourceRefresh',
  'cutPaste',
  'deleteBanding',
  'deleteComment',
  'deleteCommentReply',
  'deleteConditionalFormatRule',
  'deleteDataSource',
  'deleteDimensionGroup',
  'deleteDuplicates',
  'deleteEmbeddedObject',
  'deleteFilterView',
  'deleteRange',
  'deleteTable',
  'duplicateFilterView',
  'findReplace',
  'insertComment',
  'insertRange',
  'moveDimension',
  'pasteData',
  'randomizeRange',
  'refreshDataSource',
  'setDataValidation',
  'textToColumns',
  'trimWhitespace',
  'updateBanding',
  'updateBorders',
  'updateChartSpec',
  'updateCommentPost',
  'updateConditionalFormatRule',
  'updateDataSource',
  'updateDimensionGroup',
  'updateEmbeddedObjectBorder',
  'updateEmbeddedObjectPosition',
  'updateFilterView',
  'updateSlicerSpec',
  'updateTable',
] as const

const request = z.strictObject({
  ...mapKeys(Object.keys(requestSchemas)),
  ...mapKeys(others),
})

/** Names are checked here, and what they hold when its turn comes. */
function mapKeys(names: readonly string[]): Record<string, z.ZodOptional<z.ZodUnknown>> {
  return Object.fromEntries(names.map((name) => [name, z.unknown().optional()]))
}

export const batchUpdateBody = z.strictObject({
  requests: z.array(request).nullish(),
  includeSpreadsheetInResponse: bool,
  responseRanges: strings,
  responseIncludeGridData: bool,
})

export const createBody = z.strictObject({
  spreadsheetId: text,
  spreadsheetUrl: text,
  properties: spreadsheetProperties.nullish(),
  sheets: z.array(z.strictObject({ properties: sheetProperties.nullish(), data: z.array(z.unknown()).nullish() })).nullish(),
  namedRanges: z.array(namedRange).nullish(),
  developerMetadata: z.array(developerMetadata).nullish(),
})

/** What a request may hold, whatever its kind. */
export function isRequestKind(name: string): name is RequestKind {
  return name in requestSchemas
}
