/** Requests about filters, named and protected ranges, and merges: ranges that are kept beside the cells. */
import { randomInt, randomUUID } from 'node:crypto'
import { findSheet, writableSheet, type Draft, type SheetDraft } from '../model/draft.ts'
import { maskOf } from '../model/field-mask.ts'
import { invalidArgument } from '../model/google-error.ts'
import { boxOf, intersect, rangeOf } from '../model/grid-range.ts'
import type { GridRange, JsonObject, NamedRange, ProtectedRange, Sheet } from '../model/spreadsheet.ts'
import { namedRangeJson, protectedRangeJson } from '../json/range-json.ts'
import { checkedBox, checkMayEdit, cleanRange } from './boxes.ts'
import type { Requester } from '../model/requester.ts'
import type { RequestHandler } from './context.ts'
import type { GridRangeInput, ProtectedRangeInput } from './schema.ts'
import { checkedMask } from './write-cells.ts'

export const setBasicFilter: RequestHandler<'setBasicFilter'> = (draft, { filter }) => {
  const sheet = writableSheet(draft, filter?.range?.sheetId)
  const range = rangeOf(sheet.id, checkedBox(filter?.range, sheet))
  const { range: _, ...rest } = filter ?? {}
  sheet.basicFilter = { ...withoutNulls(rest), range }
}

function withoutNulls(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null && field !== undefined))
}

export const clearBasicFilter: RequestHandler<'clearBasicFilter'> = (draft, { sheetId }) => {
  delete writableSheet(draft, sheetId).basicFilter
}

const rangeName = /^[\p{L}_][\p{L}\p{N}_]*$/u

function checkName(draft: Draft, name: string | null | undefined, own?: string): string {
  if (!rangeName.test(name ?? '') || /^[A-Za-z]{1,3}\d+$/.test(name ?? ''))
    throw invalidArgument(`The name ${name ?? ''} is not a valid named range.`)
  if (draft.namedRanges.some((one) => one.namedRangeId !== own && one.name.toLowerCase() === name!.toLowerCase()))
    throw invalidArgument(`A named range with the name ${name} already exists.`)
  return name!
}

function checkedRange(draft: Draft, range: GridRangeInput | null | undefined): GridRange {
  const sheet = findSheet(draft, range?.sheetId)
  checkedBox(range, sheet)
  return cleanRange(range)
}

export const addNamedRange: RequestHandler<'addNamedRange'> = (draft, { namedRange }) => {
  const namedRangeId = namedRange?.namedRangeId ?? randomUUID().replaceAll('-', '').slice(0, 12)
  if (draft.namedRanges.some((one) => one.namedRangeId === namedRangeId))
    throw invalidArgument(`A named range with the ID ${namedRangeId} already exists.`)
  const added: NamedRange = { namedRangeId, name: checkName(draft, namedRange?.name), range: checkedRange(draft, namedRange?.range) }
  draft.namedRanges = [...draft.namedRanges, added]
  return { namedRange: namedRangeJson(added) }
}

function findNamed(draft: Draft, id: string | null | undefined): NamedRange {
  const found = draft.namedRanges.find(({ namedRangeId }) => namedRangeId === id)
  if (!found) throw invalidArgument(`No named range with id: ${id ?? ''}`)
  return found
}

export const updateNamedRange: RequestHandler<'updateNamedRange'> = (draft, { namedRange, fields }) => {
  const mask = checkedMask(fields, new Set(['name', 'range', 'namedRangeId']))
  const before = findNamed(draft, namedRange?.namedRangeId)
  const after = {
    ...before,
    ...(maskOf(mask, 'name') !== undefined && { name: checkName(draft, namedRange?.name, before.namedRangeId) }),
    ...(maskOf(mask, 'range') !== undefined && { range: checkedRange(draft, namedRange?.range) }),
  }
  draft.namedRanges = draft.namedRanges.map((one) => (one === before ? after : one))
}

export const deleteNamedRange: RequestHandler<'deleteNamedRange'> = (draft, { namedRangeId }) => {
  const gone = findNamed(draft, namedRangeId)
  draft.namedRanges = draft.namedRanges.filter((one) => one !== gone)
}

function findProtected(draft: Draft, id: number | null | undefined): { readonly sheet: Sheet; readonly found: ProtectedRange } {
  for (const sheet of draft.sheets) {
    const found = sheet.protectedRanges.find(({ protectedRangeId }) => protectedRangeId === id)
    if (found) return { sheet, found }
  }
  throw invalidArgument(`No protected range with id: ${id ?? 0}`)
}

/** Who protects a range may edit it. */
function readEditors(given: ProtectedRangeInput['editors'], { email }: Requester): ProtectedRange['editors'] {
  return { ...withoutNulls(given ?? {}), users: [...new Set([...(given?.users ?? []), email])] }
}

export const addProtectedRange: RequestHandler<'addProtectedRange'> = (draft, { protectedRange }, requester) => {
  const range = protectedRange?.namedRangeId
    ? findNamed(draft, protectedRange.namedRangeId).range
    : checkedRange(draft, protectedRange?.range)
  const sheet = writableSheet(draft, range.sheetId)
  const protectedRangeId = protectedRange?.protectedRangeId ?? randomInt(1, 2 ** 31)
  if (draft.sheets.some((one) => one.protectedRanges.some((two) => two.protectedRangeId === protectedRangeId)))
    throw invalidArgument(`A protected range with the ID ${protectedRangeId} already exists.`)
  const isWhole = Object.keys(range).length === 1
  if (isWhole && sheet.protectedRanges.some((one) => Object.keys(one.range).length === 1))
    throw invalidArgument(`Sheet ${sheet.title} already has sheet protection.`)
  const added: ProtectedRange = {
    protectedRangeId,
    range,
    ...(protectedRange?.description && { description: protectedRange.description }),
    warningOnly: protectedRange?.warningOnly ?? false,
    unprotectedRanges: (protectedRange?.unprotectedRanges ?? []).map((one) => cleanRange({ ...one, sheetId: sheet.id })),
    editors: readEditors(protectedRange?.editors, requester),
  }
  sheet.protectedRanges = [...sheet.protectedRanges, added]
  return { protectedRange: protectedRangeJson(added, requester) }
}

const protectedFields = new Set(['range', 'description', 'warningOnly', 'unprotectedRanges', 'editors'])

export const updateProtectedRange: RequestHandler<'updateProtectedRange'> = (draft, { protectedRange, fields }, requester) => {
  const mask = checkedMask(fields, protectedFields)
  const { sheet, found } = findProtected(draft, protectedRange?.protectedRangeId)
  checkMayEdit(sheet, boxOf(found.range, sheet), requester)
  const has = (name: string): boolean => maskOf(mask, name) !== undefined
  const after: ProtectedRange = {
    ...found,
    ...(has('range') && { range: checkedRange(draft, protectedRange?.range) }),
    ...(has('description') && { description: protectedRange?.description ?? '' }),
    ...(has('warningOnly') && { warningOnly: protectedRange?.warningOnly ?? false }),
    ...(has('unprotectedRanges') && { unprotectedRanges: (protectedRange?.unprotectedRanges ?? []).map(cleanRange) }),
    ...(has('editors') && { editors: readEditors(protectedRange?.editors, requester) }),
  }
  const writable = writableSheet(draft, sheet.id)
  writable.protectedRanges = writable.protectedRanges.map((one) => (one === found ? after : one))
}

export const deleteProtectedRange: RequestHandler<'deleteProtectedRange'> = (draft, { protectedRangeId }, requester) => {
  const { sheet, found } = findProtected(draft, protectedRangeId)
  checkMayEdit(sheet, boxOf(found.range, sheet), requester)
  const writable = writableSheet(draft, sheet.id)
  writable.protectedRanges = writable.protectedRanges.filter((one) => one !== found)
}

export const mergeCells: RequestHandler<'mergeCells'> = (draft, { range, mergeType }, requester) => {
  const sheet = writableSheet(draft, range?.sheetId)
  const box = checkedBox(range, sheet)
  checkMayEdit(sheet, box, requester)
  if (overlapping(sheet, cleanRange(range)).length > 0)
    throw invalidArgument('You must select all cells in a merged range to merge or unmerge them.')
  const added: GridRange[] = []
  if (mergeType === 'MERGE_ROWS')
    for (let row = box.startRow; row < box.endRow; row += 1) added.push(rangeOf(sheet.id, { ...box, startRow: row, endRow: row + 1 }))
  else if (mergeType === 'MERGE_COLUMNS')
    for (let column = box.startColumn; column < box.endColumn; column += 1)
      added.push(rangeOf(sheet.id, { ...box, startColumn: column, endColumn: column + 1 }))
  else added.push(rangeOf(sheet.id, box))
  sheet.merges = [...sheet.merges, ...added]
}

export const unmergeCells: RequestHandler<'unmergeCells'> = (draft, { range }, requester) => {
  const sheet = writableSheet(draft, range?.sheetId)
  checkMayEdit(sheet, checkedBox(range, sheet), requester)
  const gone = overlapping(sheet, cleanRange(range))
  sheet.merges = sheet.merges.filter((one) => !gone.includes(one))
}

function overlapping(sheet: SheetDraft, range: GridRange): readonly GridRange[] {
  const box = boxOf(range, sheet)
  return sheet.merges.filter((merge) => intersect(box, boxOf(merge, sheet)))
}
