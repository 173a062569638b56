/** Developer metadata: what programs leave in a spreadsheet. Its id is unique in the spreadsheet, so that creating one twice fails: a fence. */
import { randomInt } from 'node:crypto'
import { findSheet, type Draft } from '../model/draft.ts'
import { maskOf } from '../model/field-mask.ts'
import { invalidArgument } from '../model/google-error.ts'
import type { DeveloperMetadata, MetadataPlace, Spreadsheet } from '../model/spreadsheet.ts'
import { metadataJson } from '../json/metadata-json.ts'
import type { RequestHandler } from './context.ts'
import { filterMetadata } from './find-metadata.ts'
import type { DeveloperMetadataInput, MetadataLocationInput } from './schema.ts'
import { checkedMask } from './write-cells.ts'

/** Of keys and values, for each sheet and for the spreadsheet itself. */
const mostCharacters = 30_000

export function newMetadataId({ metadata }: Pick<Spreadsheet, 'metadata'>): number {
  for (;;) {
    const id = randomInt(1, 2 ** 31)
    if (!metadata.some((one) => one.id === id)) return id
  }
}

function readPlace(draft: Pick<Draft, 'sheets'>, location: MetadataLocationInput | null | undefined): MetadataPlace {
  const given = [location?.spreadsheet === true, location?.sheetId, location?.dimensionRange].filter(
    (one) => one !== false && one !== null && one !== undefined,
  )
  if (!location || given.length !== 1) throw invalidArgument('Exactly one location of developer metadata must be specified.')
  if (location.spreadsheet === true) return { type: 'SPREADSHEET' }
  const range = location.dimensionRange
  if (!range) return { type: 'SHEET', sheetId: findSheet(draft, location.sheetId).id }
  const sheet = findSheet(draft, range.sheetId)
  const index = range.startIndex ?? 0
  const count = range.dimension === 'COLUMNS' ? sheet.columnCount : sheet.rowCount
  if (range.dimension !== 'ROWS' && range.dimension !== 'COLUMNS') throw invalidArgument('No dimension specified.')
  if ((range.endIndex ?? 0) - index !== 1)
    throw invalidArgument('The dimensionRange of developer metadata must represent a single row or column.')
  if (index < 0 || index >= count)
    throw invalidArgument(
      `dimensionRange.startIndex[${index}] is after last ${range.dimension === 'ROWS' ? 'row' : 'column'} in grid[${count}]`,
    )
  return { type: range.dimension === 'ROWS' ? 'ROW' : 'COLUMN', sheetId: sheet.id, index }
}

function checkId({ metadata }: Draft, id: number): number {
  if (id < 1) throw invalidArgument(`Invalid developer metadata ID: ${id}. Must be positive.`)
  if (metadata.some((one) => one.id === id)) throw invalidArgument(`Developer metadata with ID ${id} already exists.`)
  return id
}

function checkSpace({ metadata }: Draft): void {
  const used = new Map<number | undefined, number>()
  for (const { key, value, place } of metadata) {
    const where = place.type === 'SPREADSHEET' ? undefined : place.sheetId
    used.set(where, (used.get(where) ?? 0) + key.length + value.length)
  }
  if ([...used.values()].some((characters) => characters > mostCharacters))
    throw invalidArgument(`Developer metadata may not exceed ${mostCharacters} characters per sheet.`)
}

export const createDeveloperMetadata: RequestHandler<'createDeveloperMetadata'> = (draft, { developerMetadata }, { project }) => {
  const added = readMetadata(draft, developerMetadata ?? {}, project)
  draft.metadata = [...draft.metadata, added]
  checkSpace(draft)
  return { developerMetadata: metadataJson(added) }
}

function readMetadata(draft: Draft, given: DeveloperMetadataInput, project: string): DeveloperMetadata {
  if ((given.metadataKey ?? '') === '') throw invalidArgument('The developer metadata key must be specified.')
  const { visibility } = given
  if (visibility !== 'DOCUMENT' && visibility !== 'PROJECT') throw invalidArgument('The developer metadata visibility must be specified.')
  return {
    id: typeof given.metadataId === 'number' && given.metadataId !== 0 ? checkId(draft, given.metadataId) : newMetadataId(draft),
    key: given.metadataKey!,
    value: given.metadataValue ?? '',
    visibility,
    project,
    place: readPlace(draft, given.location),
  }
}

const metadataFields = new Set(['metadataId', 'metadataKey', 'metadataValue', 'location', 'visibility'])

export const updateDeveloperMetadata: RequestHandler<'updateDeveloperMetadata'> = (draft, input, requester) => {
  const mask = checkedMask(input.fields, metadataFields)
  const has = (name: string): boolean => maskOf(mask, name) !== undefined
  const given = input.developerMetadata ?? {}
  const found = new Set((input.dataFilters ?? []).flatMap((filter) => filterMetadata(draft, filter, requester)))
  if (has('metadataId') && found.size > 1) throw invalidArgument('Only one developer metadata may get a new ID.')
  const updated: DeveloperMetadata[] = []
  draft.metadata = draft.metadata.map((one) => {
    if (!found.has(one)) return one
    const after: DeveloperMetadata = {
      ...one,
      ...(has('metadataId') && given.metadataId !== one.id && { id: checkId(draft, given.metadataId ?? 0) }),
      ...(has('metadataKey') && { key: given.metadataKey ?? '' }),
      ...(has('metadataValue') && { value: given.metadataValue ?? '' }),
      ...(has('visibility') && (given.visibility === 'DOCUMENT' || given.visibility === 'PROJECT') && { visibility: given.visibility }),
      ...(has('location') && { place: readPlace(draft, given.location) }),
    }
    updated.push(after)
    return after
  })
  checkSpace(draft)
  return updated.length === 0 ? {} : { developerMetadata: updated.map(metadataJson) }
}

export const deleteDeveloperMetadata: RequestHandler<'deleteDeveloperMetadata'> = (draft, { dataFilter }, requester) => {
  const found = filterMetadata(draft, dataFilter ?? {}, requester)
  draft.metadata = draft.metadata.filter((one) => !found.includes(one))
  return found.length === 0 ? {} : { deletedDeveloperMetadata: found.map(metadataJson) }
}
