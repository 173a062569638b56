/** Developer metadata: attached to a spreadsheet, a tab, or rows and columns of one. An id in use refuses the whole batch. */
import { invalid } from './api-error.ts'
import { maybeObjectIn, numberIn, objectIn, objectsIn, textIn, truthIn, type JsonObject } from './json.ts'
import { gridRangeIn, maskIn, sheetOf, type Context } from './request-context.ts'
import { metadataAsJson } from './sheet-json.ts'
import { allMetadata, type DimensionRange, type Metadata, type PlacedMetadata, type Sheet, type Workbook } from './workbook.ts'

/** Characters of keys and values, of a tab or of the spreadsheet itself. */
const mostStored = 30_000

export function createDeveloperMetadata(body: JsonObject, context: Context): JsonObject {
  const { draft, name } = context
  const given = objectIn(body, 'developerMetadata')
  const metadataKey = textIn(given, 'metadataKey') ?? ''
  const visibility = textIn(given, 'visibility')
  const metadataId = numberIn(given, 'metadataId') ?? context.randomId()
  const location = objectIn(given, 'location')
  if (metadataKey === '') throw invalid(`Invalid ${name}: developerMetadata.metadataKey is required.`)
  if (visibility !== 'DOCUMENT' && visibility !== 'PROJECT') throw invalid(`Invalid ${name}: developerMetadata.visibility is required.`)
  if (allMetadata(draft).some(({ metadata }) => metadata.metadataId === metadataId))
    throw invalid(`Invalid ${name}: Developer metadata with id ${metadataId} already exists.`)
  const range = dimensionRangeIn(location, context)
  const added: Metadata = {
    metadataId,
    metadataKey,
    metadataValue: textIn(given, 'metadataValue') ?? '',
    visibility,
    ...(range && { range }),
  }
  const sheetId = numberIn(location, 'sheetId')
  const isSpreadsheet = truthIn(location, 'spreadsheet') === true
  if (!isSpreadsheet && sheetId === undefined && !range) throw invalid(`Invalid ${name}: developerMetadata.location is required.`)
  const sheet = isSpreadsheet ? undefined : sheetOf(context, sheetId ?? range?.sheetId)
  const place: Workbook | Sheet = sheet ?? draft
  place.metadata = [...place.metadata, added]
  checkStorage(place, context)
  return { createDeveloperMetadata: { developerMetadata: metadataAsJson(added, sheet) } }
}

function checkStorage({ metadata }: Workbook | Sheet, { name }: Context): void {
  const stored = metadata.reduce((sum, one) => sum + one.metadataKey.length + one.metadataValue.length, 0)
  if (stored > mostStored) throw invalid(`Invalid ${name}: Exceeded the limit of developer metadata storage.`)
}

function dimensionRangeIn(location: JsonObject, { name }: Context): DimensionRange | undefined {
  const range = maybeObjectIn(location, 'dimensionRange')
  if (!range) return undefined
  const dimension = textIn(range, 'dimension')
  const [startIndex, endIndex] = [numberIn(range, 'startIndex') ?? 0, numberIn(range, 'endIndex')]
  if ((dimension !== 'ROWS' && dimension !== 'COLUMNS') || endIndex !== startIndex + 1)
    throw invalid(`Invalid ${name}: developerMetadata.location.dimensionRange must be one row or column.`)
  return { sheetId: numberIn(range, 'sheetId') ?? 0, dimension, startIndex, endIndex }
}

export function updateDeveloperMetadata(body: JsonObject, context: Context): JsonObject {
  const { draft, name } = context
  const given = objectIn(body, 'developerMetadata')
  const mask = maskIn(body, context, ['metadataKey', 'metadataValue', 'visibility'])
  const wrong = mask.find((field) => !['metadataKey', 'metadataValue', 'visibility'].includes(field))
  if (wrong !== undefined) throw invalid(`Invalid ${name}: Invalid field: ${wrong}`)
  const hit = new Set(
    objectsIn(body, 'dataFilters').flatMap((filter) => findMetadata(draft, filter).map(({ metadata }) => metadata.metadataId)),
  )
  if (hit.size === 0) throw invalid(`Invalid ${name}: No developer metadata found that match the given data filters.`)
  const changed = (one: Metadata): Metadata => {
    if (!hit.has(one.metadataId)) return one
    return { ...one, ...Object.fromEntries(mask.map((field) => [field, textIn(given, field) ?? ''])) }
  }
  for (const place of [draft, ...draft.sheets]) {
    place.metadata = place.metadata.map(changed)
    checkStorage(place, context)
  }
  const left = allMetadata(draft).filter(({ metadata }) => hit.has(metadata.metadataId))
  return { updateDeveloperMetadata: { developerMetadata: left.map(({ metadata, sheet }) => metadataAsJson(metadata, sheet)) } }
}

export function deleteDeveloperMetadata(body: JsonObject, { draft }: Context): JsonObject {
  const found = findMetadata(draft, objectIn(body, 'dataFilter'))
  const hit = new Set(found.map(({ metadata }) => metadata))
  for (const place of [draft, ...draft.sheets]) place.metadata = place.metadata.filter((one) => !hit.has(one))
  return { deleteDeveloperMetadata: { deletedDeveloperMetadata: found.map(({ metadata, sheet }) => metadataAsJson(metadata, sheet)) } }
}

/** What a data filter means. */
export function findMetadata(workbook: Workbook, filter: JsonObject): readonly PlacedMetadata[] {
  const lookup = objectIn(filter, 'developerMetadataLookup')
  const range = gridRangeIn(filter, 'gridRange')
  const location = maybeObjectIn(lookup, 'metadataLocation')
  const id = numberIn(lookup, 'metadataId')
  const [key, value, visibility, type] = ['metadataKey', 'metadataValue', 'visibility', 'locationType'].map((name) => textIn(lookup, name))
  return allMetadata(workbook).filter(({ metadata, sheet }) => {
    if (range && sheet?.sheetId !== (range.sheetId ?? 0)) return false
    if (id !== undefined && metadata.metadataId !== id) return false
    if (key !== undefined && metadata.metadataKey !== key) return false
    if (value !== undefined && metadata.metadataValue !== value) return false
    if (visibility !== undefined && metadata.visibility !== visibility) return false
    if (type !== undefined && typeOf(metadata, sheet) !== type) return false
    if (!location) return true
    if (truthIn(location, 'spreadsheet') === true) return sheet === undefined
    return sheet?.sheetId === (numberIn(location, 'sheetId') ?? numberIn(objectIn(location, 'dimensionRange'), 'sheetId') ?? 0)
  })
}

function typeOf({ range }: Metadata, sheet: Sheet | undefined): string {
  if (!sheet) return 'SPREADSHEET'
  return range ? (range.dimension === 'ROWS' ? 'ROW' : 'COLUMN') : 'SHEET'
}
