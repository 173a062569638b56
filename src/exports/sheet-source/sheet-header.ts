/**
 * Which columns of a tab are taken, by the texts of its header. People move columns, and that changes nothing; they rename them, and that is a
 * mistake with the nearest header, since what was read would silently be gone. Pure.
 */
import { errorDiagnostic, type Diagnostic } from '../../core/diagnostic.ts'
import { findRelatedName } from '../../core/nearest-name.ts'
import type { SheetSource, SourceTable } from '../../core/project.ts'
import type { Span } from '../../core/span.ts'
import { a1Cell } from '../destinations/google-sheets/a1.ts'

export interface TakenColumn {
  /** In the warehouse. */
  readonly name: string
  /** In the tab, from 0. */
  readonly index: number
}

export type MatchedHeader =
  | { readonly ok: true; readonly columns: readonly TakenColumn[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

export interface HeaderRequest {
  readonly source: Pick<SourceTable, 'columns'> & { readonly googleSheet: SheetSource }
  /** Title of the tab. */
  readonly tab: string
  /** Texts of the row, empty ones too. */
  readonly header: readonly string[]
  /** Longest name of a column, in bytes. */
  readonly identifierBytes: number
}

interface Named extends TakenColumn {
  readonly header: string
}

export function matchHeader(request: HeaderRequest): MatchedHeader {
  const { source, tab, header } = request
  const { googleSheet } = source
  const headers = header.flatMap((text, index) => (tidy(text) === '' ? [] : [{ header: tidy(text), index }]))
  if (headers.length === 0) {
    const hint = 'Name the columns in it, or say by `header_row` which row names them.'
    return refused([
      errorDiagnostic('sheet-header', `Row ${googleSheet.headerRow} of tab \`${tab}\` names no column.`, { at: googleSheet.at, hint }),
    ])
  }
  const taken = googleSheet.columns ? listed(request, headers) : all(request, headers)
  const diagnostics = [...taken.diagnostics, ...checkDeclared(request, headers, taken.columns, taken.diagnostics.length > 0)]
  return diagnostics.length > 0 ? refused(diagnostics) : { ok: true, columns: taken.columns }
}

function refused(diagnostics: readonly Diagnostic[]): MatchedHeader {
  return { ok: false, diagnostics }
}

interface Taken {
  readonly columns: readonly TakenColumn[]
  readonly diagnostics: readonly Diagnostic[]
}

type Header = Omit<Named, 'name'>

/** Each column that has a header, by the name that is declared for it, or one made of it. */
function all(request: HeaderRequest, headers: readonly Header[]): Taken {
  const declared = new Set(request.source.columns.map(({ name }) => name))
  const named = headers.map((one) => ({ ...one, name: declared.has(one.header) ? one.header : columnName(one.header) }))
  const byName = Map.groupBy(named, ({ name }) => name)
  const diagnostics = [...byName].flatMap(([name, same]) => checkName(request, name, same))
  return { columns: named, diagnostics }
}

function checkName(request: HeaderRequest, name: string, same: readonly Named[]): readonly Diagnostic[] {
  const { googleSheet } = request.source
  const [first] = same
  const at = { at: googleSheet.at }
  if (name === '' && first) {
    const message = `The header \`${first.header}\` (${placeOf(request, first)}) has no letter or digit to name a column by.`
    return [
      errorDiagnostic('sheet-header', message, { ...at, hint: `Name it: \`google_sheet: { columns: { my_name: "${first.header}" } }\`.` }),
    ]
  }
  if (same.length > 1) return [twice(request, same, googleSheet.at)]
  const bytes = Buffer.byteLength(name, 'utf8')
  if (bytes <= request.identifierBytes) return []
  const message = `The header \`${first?.header}\` makes a name of ${bytes} bytes; the warehouse allows ${request.identifierBytes}.`
  return [errorDiagnostic('sheet-header', message, { ...at, hint: 'Give the column a shorter name by `columns:` of `google_sheet`.' })]
}

/** The columns that `google_sheet: columns:` lists, wherever they stand. */
function listed(request: HeaderRequest, headers: readonly Header[]): Taken {
  const columns: TakenColumn[] = []
  const diagnostics: Diagnostic[] = []
  for (const { name, header, at } of request.source.googleSheet.columns ?? []) {
    const same = sameHeader(header, headers)
    if (same.length === 1) columns.push({ name, index: same[0]!.index })
    else diagnostics.push(same.length === 0 ? missing(request, header, headers, at) : twice(request, same, at))
  }
  return { columns, diagnostics }
}

/** Letter by letter, or else but for case, spaces and punctuation. */
function sameHeader(header: string, headers: readonly Header[]): readonly Header[] {
  const exact = headers.filter((one) => one.header === tidy(header))
  return exact.length > 0 ? exact : headers.filter((one) => columnName(one.header) === columnName(header))
}

/** Columns that are declared are read by somebody: none may be missing. What other mistakes may explain is not told twice. */
function checkDeclared(
  request: HeaderRequest,
  headers: readonly Header[],
  taken: readonly TakenColumn[],
  hasOthers: boolean,
): readonly Diagnostic[] {
  const { columns, googleSheet } = request.source
  const known = new Set([...taken.map(({ name }) => name), ...(googleSheet.columns ?? []).map(({ name }) => name)])
  if (hasOthers && !googleSheet.columns) return []
  return columns
    .filter(({ name }) => !known.has(name))
    .map(({ name, at }) => {
      if (!googleSheet.columns) return missing(request, name, headers, at)
      return errorDiagnostic('sheet-header', `\`columns\` of \`google_sheet\` does not take the column \`${name}\`.`, {
        at,
        hint: `List it there with its header: \`${name}: "..."\`, or remove it here.`,
      })
    })
}

function missing({ tab, source }: HeaderRequest, wanted: string, headers: readonly Header[], at: Span): Diagnostic {
  const byName = new Map(headers.map(({ header }) => [columnName(header), header]))
  const related = findRelatedName(columnName(wanted), [...byName.keys()])
  const known = headers.map(({ header }) => header)
  return errorDiagnostic('sheet-header', `Tab \`${tab}\` has no header \`${wanted}\` in row ${source.googleSheet.headerRow}.`, {
    at,
    hint:
      related === undefined
        ? `Its headers are ${listOf(known)}.`
        : `\`${byName.get(related)}\` is there: correct the sheet, or what is written here.`,
  })
}

function twice(request: HeaderRequest, same: readonly Header[], at: Span): Diagnostic {
  const places = same.map((one) => `\`${one.header}\` (${placeOf(request, one)})`).join(' and ')
  return errorDiagnostic('sheet-header', `Tab \`${request.tab}\` names one column twice: ${places}.`, {
    at,
    hint: 'Rename one of them in the sheet, or take the others alone by `columns:` of `google_sheet`.',
  })
}

function placeOf({ source }: HeaderRequest, { index }: Header): string {
  return a1Cell(source.googleSheet.headerRow - 1, index)
}

const mostListed = 20

function listOf(headers: readonly string[]): string {
  const more = headers.length - mostListed
  const told = headers.slice(0, mostListed).map((header) => `\`${header}\``)
  return `${told.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function tidy(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}

/** `Precinct #` as SQL writes it without quotes: `precinct`. Letters of any script stay. */
function columnName(header: string): string {
  const words = header
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
    .replaceAll(/^_+|_+$/g, '')
  return /^\p{N}/u.test(words) ? `_${words}` : words
}
