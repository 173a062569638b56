/** Developer metadata as the API gives it. */
import type { DeveloperMetadata, JsonObject, MetadataPlace } from '../model/spreadsheet.ts'

export function metadataJson({ id, key, value, visibility, place }: DeveloperMetadata): JsonObject {
  return {
    metadataId: id,
    metadataKey: key,
    ...(value !== '' && { metadataValue: value }),
    location: locationJson(place),
    visibility,
  }
}

function locationJson(place: MetadataPlace): JsonObject {
  if (place.type === 'SPREADSHEET') return { locationType: place.type, spreadsheet: true }
  const sheet = place.sheetId === 0 ? {} : { sheetId: place.sheetId }
  if (place.type === 'SHEET') return { locationType: place.type, ...sheet }
  const dimension = place.type === 'ROW' ? 'ROWS' : 'COLUMNS'
  return { locationType: place.type, dimensionRange: { ...sheet, dimension, startIndex: place.index, endIndex: place.index + 1 } }
}
