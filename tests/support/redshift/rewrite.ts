/**
 * One statement of Redshift: refused, or as Postgres reads it. Pure; what it must know of the database is handed in.
 */
import { expandLateBinding, type LateBindingView } from './late-binding.ts'
import type { Piece } from './pieces.ts'
import type { RedshiftError } from './redshift-error.ts'
import { refusals } from './refusals/index.ts'
import type { Refusal } from './refusals/refusal.ts'
import { translateAlterTable } from './translations/alter-table.ts'
import { createRendering } from './translations/render.ts'
import { translateExternal } from './translations/external.ts'
import { translatePolicy } from './translations/policies.ts'
import { translateSession } from './translations/sessions.ts'
import { translateCreateTable } from './translations/tables.ts'
import type { Translated } from './translations/translated.ts'
import { translateComment, translateCreateView, translateMaterializedView } from './translations/views.ts'
import { translateWrite } from './translations/writes.ts'
import { isWord, type Statement } from './words.ts'

export type Rewritten = ({ readonly refused: false } & Translated) | { readonly refused: true; readonly error: RedshiftError }

export function rewriteStatement(whole: Statement, views: readonly LateBindingView[]): Rewritten {
  const rows = findLiteralRows(whole.words)
  const statement = rows === undefined ? whole : { ...whole, words: whole.words.slice(0, rows) }
  const rewritten = rewriteWords(statement, views)
  if (rows === undefined || rewritten.refused) return rewritten
  const start = whole.words[rows - 1]!.end
  return { ...rewritten, main: [...rewritten.main, { text: whole.sent.slice(start, whole.words.at(-1)!.end), at: start }] }
}

/** Literals, and types that they are cast to. */
const ofLiterals: ReadonlySet<string> = new Set(
  'null true false default date timestamp timestamptz time timetz with without zone boolean smallint integer bigint numeric real double precision'.split(
    ' ',
  ),
)

/** Where rows of nothing but literals begin, behind VALUES: megabytes that no rule is about. */
function findLiteralRows(words: Statement['words']): number | undefined {
  if (!isWord(words[0], 'insert')) return undefined
  const values = words.findIndex((word) => isWord(word, 'values', 'select', 'with'))
  if (!isWord(words[values], 'values')) return undefined
  for (let at = values + 1; at < words.length; at++) {
    const word = words[at]!
    if (word.kind === 'identifier' || (word.kind === 'word' && !ofLiterals.has(word.text))) return undefined
    if (word.kind === 'symbol' && word.text === '[') return undefined
  }
  return values + 1
}

function rewriteWords(statement: Statement, views: readonly LateBindingView[]): Rewritten {
  for (const refusal of refusals) {
    const found = refusal.find(statement)
    if (found !== undefined) return { refused: true, error: refuse(statement, refusal, found) }
  }
  const expanded = expandLateBinding(statement.words, views)
  if (!expanded.ok) return { refused: true, error: expanded.error }
  const input = createRendering({ sent: statement.sent, words: statement.words, relations: expanded.relations })
  const translated = translateCreateTable(input) ??
    translateAlterTable(input) ??
    translateCreateView(input) ??
    translateComment(input) ??
    translateMaterializedView(input) ??
    translateWrite(input, statement.inTransaction) ??
    translateExternal(input) ??
    translatePolicy(input) ??
    translateSession(input) ?? { before: [], main: input.render({ from: 0, to: statement.words.length }), after: [] }
  return { refused: false, ...translated }
}

/** The text of a query as Postgres reads it. */
export function rewriteQuery(statement: Statement, views: readonly LateBindingView[]): readonly Piece[] | undefined {
  const expanded = expandLateBinding(statement.words, views)
  if (!expanded.ok) return undefined
  return createRendering({ sent: statement.sent, words: statement.words, relations: expanded.relations }).render({
    from: 0,
    to: statement.words.length,
  })
}

function refuse(
  { sent, words }: Statement,
  { text, sqlstate, info }: Refusal,
  { text: word, start, end }: Statement['words'][number],
): RedshiftError {
  const fill = (pattern: string): string =>
    pattern
      .replace('{sql}', () => sent.slice(words[0]!.start, words.at(-1)!.end))
      .replace('{word}', () => word)
      .replace('{type}', () => typeBehind(words, end))
  return { sqlstate, message: fill(text), at: start, ...(info !== undefined && { info: fill(info) }) }
}

function typeBehind(words: Statement['words'], end: number): string {
  const at = words.findIndex(({ start }) => start >= end)
  const type = words[at]?.text ?? ''
  return words[at + 1]?.text === '[' ? `${type}[]` : type
}
