/** Requests about filters, named ranges and protected ranges. */
import { invalid } from './api-error.ts'
import { numberIn, objectIn, textIn, textsIn, truthIn, type JsonObject } from './json.ts'
import { blockOf, gridRangeIn, maskIn, sheetOf, type Context } from './request-context.ts'
import type { ProtectedRange } from './workbook.ts'

export function setBasicFilter(body: JsonObject, context: Context): undefined {
  const filter = objectIn(body, 'filter')
  const range = gridRangeIn(filter, 'range') ?? {}
  const sheet = sheetOf(context, range.sheetId)
  blockOf(sheet, range, context)
  sheet.filter = { ...filter, range }
}

export function clearBasicFilter(body: JsonObject, context: Context): undefined {
  sheetOf(context, numberIn(body, 'sheetId')).filter = undefined
}

function nameOf(namedRange: JsonObject, context: Context, self?: string): string {
  const name = textIn(namedRange, 'name') ?? ''
  if (!/^[A-Za-z_]\w*$/.test(name)) throw invalid(`Invalid ${context.name}: Invalid named range: ${name}`)
  const isTaken = context.draft.namedRanges.some((one) => one.namedRangeId !== self && one.name.toLowerCase() === name.toLowerCase())
  if (isTaken) throw invalid(`Invalid ${context.name}: The named range already exists.`)
  return name
}

export function addNamedRange(body: JsonObject, context: Context): JsonObject {
  const { draft } = context
  const namedRange = objectIn(body, 'namedRange')
  const range = gridRangeIn(namedRange, 'range') ?? {}
  blockOf(sheetOf(context, range.sheetId), range, context)
  const namedRangeId = textIn(namedRange, 'namedRangeId') ?? String(context.randomId())
  if (draft.namedRanges.some((one) => one.namedRangeId === namedRangeId))
    throw invalid(`Invalid ${context.name}: A named range with id ${namedRangeId} already exists.`)
  const added = { namedRangeId, name: nameOf(namedRange, context), range }
  draft.namedRanges = [...draft.namedRanges, added]
  return { addNamedRange: { namedRange: added } }
}

export function updateNamedRange(body: JsonObject, context: Context): undefined {
  const { draft } = context
  const namedRange = objectIn(body, 'namedRange')
  const id = textIn(namedRange, 'namedRangeId')
  const found = draft.namedRanges.find((one) => one.namedRangeId === id)
  if (!found) throw invalid(`Invalid ${context.name}: No named range with id: ${id ?? ''}`)
  const mask = maskIn(body, context, ['name', 'range'])
  const range = mask.some((field) => field.split('.')[0] === 'range') ? (gridRangeIn(namedRange, 'range') ?? {}) : found.range
  blockOf(sheetOf(context, range.sheetId), range, context)
  const name = mask.includes('name') ? nameOf(namedRange, context, found.namedRangeId) : found.name
  draft.namedRanges = draft.namedRanges.map((one) => (one === found ? { ...found, name, range } : one))
}

export function deleteNamedRange(body: JsonObject, { draft, name }: Context): undefined {
  const id = textIn(body, 'namedRangeId')
  if (!draft.namedRanges.some((one) => one.namedRangeId === id)) throw invalid(`Invalid ${name}: No named range with id: ${id ?? ''}`)
  draft.namedRanges = draft.namedRanges.filter((one) => one.namedRangeId !== id)
}

export function addProtectedRange(body: JsonObject, context: Context): JsonObject {
  const given = objectIn(body, 'protectedRange')
  const range = gridRangeIn(given, 'range') ?? {}
  const sheet = sheetOf(context, range.sheetId)
  blockOf(sheet, range, context)
  const warningOnly = truthIn(given, 'warningOnly')
  const description = textIn(given, 'description')
  const added: ProtectedRange = {
    protectedRangeId: numberIn(given, 'protectedRangeId') ?? context.randomId(),
    range,
    ...(description !== undefined && { description }),
    ...(warningOnly !== undefined && { warningOnly }),
    // Who protects may edit on.
    editors: { users: [...new Set([...textsIn(objectIn(given, 'editors'), 'users'), context.email])] },
  }
  sheet.protectedRanges = [...sheet.protectedRanges, added]
  return { addProtectedRange: { protectedRange: added } }
}

export function deleteProtectedRange(body: JsonObject, { draft, name }: Context): undefined {
  const id = numberIn(body, 'protectedRangeId')
  const sheet = draft.sheets.find((one) => one.protectedRanges.some(({ protectedRangeId }) => protectedRangeId === id))
  if (!sheet) throw invalid(`Invalid ${name}: No protected range with id: ${id ?? 0}`)
  sheet.protectedRanges = sheet.protectedRanges.filter(({ protectedRangeId }) => protectedRangeId !== id)
}
