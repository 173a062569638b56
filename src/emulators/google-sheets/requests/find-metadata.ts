/** Which metadata a data filter means. */
import { findRange, type OpenRange } from '../model/a1.ts'
import { boxOf } from '../model/grid-range.ts'
import { mayKnow, type Requester } from '../model/requester.ts'
import type { DeveloperMetadata, MetadataPlace, Spreadsheet } from '../model/spreadsheet.ts'
import { cleanRange } from './boxes.ts'
import type { DataFilterInput, MetadataLocationInput, MetadataLookupInput } from './schema.ts'

export function filterMetadata(spreadsheet: Spreadsheet, filter: DataFilterInput, requester: Requester): readonly DeveloperMetadata[] {
  const visible = spreadsheet.metadata.filter((one) => mayKnow(requester, one))
  const lookup = filter.developerMetadataLookup
  if (lookup) return visible.filter((one) => isMeant(one, lookup))
  if (typeof filter.a1Range === 'string') {
    const { sheet, range } = findRange(spreadsheet, filter.a1Range)
    return visible.filter(({ place }) => isWithin(spreadsheet, place, sheet.id, range))
  }
  if (!filter.gridRange) return []
  const { sheetId, ...range } = cleanRange(filter.gridRange)
  return visible.filter(({ place }) => isWithin(spreadsheet, place, sheetId, range))
}

function isWithin({ sheets }: Spreadsheet, place: MetadataPlace, sheetId: number, range: OpenRange): boolean {
  const sheet = sheets.find(({ id }) => id === sheetId)
  if (!sheet || place.type === 'SPREADSHEET' || place.sheetId !== sheetId) return false
  const { startRow, endRow, startColumn, endColumn } = boxOf(range, sheet)
  if (place.type === 'ROW') return place.index >= startRow && place.index < endRow
  if (place.type === 'COLUMN') return place.index >= startColumn && place.index < endColumn
  return startRow === 0 && startColumn === 0 && endRow === sheet.rowCount && endColumn === sheet.columnCount
}

function isMeant({ id, key, value, visibility, place }: DeveloperMetadata, lookup: MetadataLookupInput): boolean {
  const matches = (wanted: unknown, actual: unknown): boolean => wanted === null || wanted === undefined || wanted === actual
  if (!matches(lookup.metadataId === 0 ? undefined : lookup.metadataId, id) || !matches(lookup.metadataKey, key)) return false
  if (!matches(lookup.metadataValue, value) || !matches(specified(lookup.visibility), visibility)) return false
  if (!matches(specified(lookup.locationType), place.type)) return false
  if (!lookup.metadataLocation) return true
  return isAt(place, lookup.metadataLocation, lookup.locationMatchingStrategy !== 'INTERSECTING_LOCATION')
}

function specified(value: string | null | undefined): string | undefined {
  return value === null || value === undefined || value.endsWith('_UNSPECIFIED') ? undefined : value
}

/** Intersecting: also what lies within the place, or the place within it. */
function isAt(place: MetadataPlace, { spreadsheet, sheetId, dimensionRange }: MetadataLocationInput, exact: boolean): boolean {
  if (spreadsheet === true) return !exact || place.type === 'SPREADSHEET'
  if (place.type === 'SPREADSHEET') return false
  if (!dimensionRange) return place.sheetId === (sheetId ?? 0) && (!exact || place.type === 'SHEET')
  if (place.sheetId !== (dimensionRange.sheetId ?? 0)) return false
  if (place.type === 'SHEET') return !exact
  const sameDimension = place.type === (dimensionRange.dimension === 'ROWS' ? 'ROW' : 'COLUMN')
  const within = place.index >= (dimensionRange.startIndex ?? 0) && place.index < (dimensionRange.endIndex ?? Number.POSITIVE_INFINITY)
  return sameDimension ? within : !exact
}
