/** Ranges as the API gives them: a `sheetId` of 0 is left out, as proto3 JSON leaves out zeros; bounds are wrapped numbers, and stay. */
import type { GridRange, JsonObject, NamedRange, ProtectedRange } from '../model/spreadsheet.ts'
import type { Requester } from '../model/requester.ts'

export function gridRangeJson({ sheetId, ...bounds }: GridRange): JsonObject {
  return { ...(sheetId !== 0 && { sheetId }), ...bounds }
}

export function namedRangeJson({ namedRangeId, name, range }: NamedRange): JsonObject {
  return { namedRangeId, name, range: gridRangeJson(range) }
}

export function protectedRangeJson(
  { protectedRangeId, range, description, warningOnly, unprotectedRanges, editors }: ProtectedRange,
  { email, isOwner }: Pick<Requester, 'email' | 'isOwner'>,
): JsonObject {
  const mayEdit = warningOnly || isOwner || editors.users.includes(email)
  return {
    protectedRangeId,
    range: gridRangeJson(range),
    ...((description ?? '') !== '' && { description }),
    ...(warningOnly && { warningOnly }),
    ...(mayEdit && { requestingUserCanEdit: true }),
    ...(unprotectedRanges.length > 0 && { unprotectedRanges: unprotectedRanges.map(gridRangeJson) }),
    ...(mayEdit && !warningOnly && { editors }),
  }
}
