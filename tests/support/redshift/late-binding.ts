/**
 * Late-binding views: what is read in the place of each name. A reader needs the privilege on the view alone; one who is not of its owner's role reads
 * through a function of the database, which needs the columns. A relation of another database is one of a schema here that is called `database.schema`.
 */
import type { RedshiftError } from './redshift-error.ts'
import { cteNames, readRelations } from './relations.ts'
import { quoteName, quoteText, type Word } from './words.ts'

export interface LateBindingView {
  readonly schema: string
  readonly name: string
  /** Found without its schema. */
  readonly visible: boolean
  readonly readable: boolean
  /** As Postgres reads it, with the late-binding views that it reads in their place. */
  readonly query: string
  /** Where the reader is not the owner: the columns, as a list of definitions. */
  readonly columns: string | undefined
}

export type Expanded =
  | { readonly ok: true; readonly relations: ReadonlyMap<number, { readonly to: number; readonly sql: string }> }
  | { readonly ok: false; readonly error: RedshiftError }

const none: Expanded = { ok: true, relations: new Map() }

export function expandLateBinding(words: readonly Word[], views: readonly LateBindingView[]): Expanded {
  if (isDefinition(words)) return none
  const named = cteNames(words)
  const relations = new Map<number, { readonly to: number; readonly sql: string }>()
  for (const relation of readRelations(words)) {
    if (relation.database !== undefined) {
      const schema = quoteName(`${relation.database}.${relation.schema}`)
      relations.set(relation.from, { to: relation.to, sql: `${schema}.${quoteName(relation.name)}` })
      continue
    }
    const view = views.find(
      ({ schema, name, visible }) =>
        name === relation.name && (relation.schema === undefined ? visible && !named.has(name) : schema === relation.schema),
    )
    if (view === undefined) continue
    if (!view.readable)
      return {
        ok: false,
        error: { sqlstate: '42501', message: `permission denied for relation ${view.name}`, at: words[relation.from]!.start },
      }
    const alias = relation.alias === undefined ? ` as ${quoteName(relation.name)}` : ''
    const query =
      view.columns === undefined
        ? `(${view.query})${alias}`
        : `(select * from pg_catalog.read_late_binding(${quoteText(view.query)}) as v(${view.columns}))${alias}`
    relations.set(relation.from, { to: relation.to, sql: query })
  }
  return { ok: true, relations }
}

/** The text of a late-binding view keeps the names that it has. */
function isDefinition(words: readonly Word[]): boolean {
  return words[0]?.text === 'create' && words.at(-1)?.text === 'binding' && words.at(-2)?.text === 'schema'
}
