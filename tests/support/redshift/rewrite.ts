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
import { translateSession } from './translations/sessions.ts'
import { translateCreateTable } from './translations/tables.ts'
import type { Translated } from './translations/translated.ts'
import { translateCreateView, translateMaterializedView } from './translations/views.ts'
import { translateWrite } from './translations/writes.ts'
import type { Statement } from './words.ts'

export type Rewritten = ({ readonly refused: false } & Translated) | { readonly refused: true; readonly error: RedshiftError }

export function rewriteStatement(statement: Statement, views: readonly LateBindingView[]): Rewritten {
  for (const refusal of refusals) {
    const found = refusal.find(statement)
    if (found !== undefined) return { refused: true, error: refuse(statement, refusal, found) }
  }
  const expanded = expandLateBinding(statement.words, views)
  if (!expanded.ok) return { refused: true, error: expanded.error }
  const input = createRendering({ sent: statement.sent, words: statement.words, relations: expanded.relations })
  const translated =
    translateCreateTable(input) ??
    translateAlterTable(input) ??
    translateCreateView(input) ??
    translateMaterializedView(input) ??
    translateWrite(input, statement.inTransaction) ??
    translateSession(input) ?? { before: [], main: input.render({ from: 0, to: statement.words.length }), after: [] }
  return { refused: false, ...translated }
}

/** The text of a query as Postgres reads it. */
export function rewriteQuery(statement: Statement, views: readonly LateBindingView[]): readonly Piece[] | undefined {
  const expanded = expandLateBinding(statement.words, views)
  if (!expanded.ok) return undefined
  return createRendering({ sent: statement.sent, words: statement.words, relations: expanded.relations }).render({ from: 0, to: statement.words.length })
}

function refuse({ sent, words }: Statement, { text, sqlstate, info }: Refusal, { text: word, start, end }: Statement['words'][number]): RedshiftError {
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
