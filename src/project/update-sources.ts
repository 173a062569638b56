/**
 * A file of sources brought up to what a schema holds. Tables and columns come, go and change their types; everything that people wrote stays,
 * and so does an entry of something that is gone as long as they wrote more into it than a type and a description. Pure.
 */
import { isAlias, isMap, isScalar, parseDocument } from 'yaml'
import type { Dialect } from '../dialects/dialect.ts'
import { isSameType } from '../dialects/same-type.ts'
import {
  applySplices,
  editMap,
  fillEntry,
  hasComment,
  innermost,
  keyOf,
  prependInline,
  renderEntry,
  scalarText,
  setInline,
  type Entry,
  type MapNode,
  type NewEntry,
  type Splice,
} from './edit-yaml.ts'

export interface PulledTable {
  /** In the warehouse. */
  readonly name: string
  readonly description?: string
  /** False: it is known to be there, and is not added. */
  readonly mayRead: boolean
  readonly columns: readonly PulledColumn[]
}

export interface PulledColumn {
  readonly name: string
  readonly type: string
  readonly description?: string
}

export interface SourcesPull {
  /** Name of the source. */
  readonly source: string
  readonly schema: string
  readonly tables: readonly PulledTable[]
  /** By the name in the warehouse: what this pull is about. Nothing is said of other tables. */
  readonly concerns: (relation: string) => boolean
  readonly dialect: Dialect
}

/** `table` is the key in the file. `kept`: gone, and still in the file, because people wrote more of it. */
export type SourceChange =
  | { readonly change: 'table-added'; readonly table: string; readonly columns: number }
  | { readonly change: 'table-gone'; readonly table: string; readonly kept: boolean }
  | { readonly change: 'column-added'; readonly table: string; readonly column: string; readonly type: string }
  | { readonly change: 'column-gone'; readonly table: string; readonly column: string; readonly kept: boolean }
  | { readonly change: 'column-retyped'; readonly table: string; readonly column: string; readonly was?: string; readonly type: string }

export interface UpdatedSources {
  readonly text: string
  readonly changes: readonly SourceChange[]
}

/** `text` is YAML that the project loads; undefined: there is no file yet. */
export function updateSources(text: string | undefined, pull: SourcesPull): UpdatedSources {
  const written = text === undefined || text === '' || text.endsWith('\n') ? (text ?? '') : `${text}\n`
  const { splices, changes } = planUpdate(written, pull)
  if (splices.length === 0) return { text: text ?? '', changes }
  const now = innermost(splices)
  const updated = applySplices(written, now)
  return { text: now.length === splices.length ? updated : updateSources(updated, pull).text, changes }
}

function planUpdate(written: string, pull: SourcesPull): Omit<TablesEdit, 'added'> {
  const root = parseDocument(written, { uniqueKeys: false, prettyErrors: false }).contents
  const sources = isMap(root) ? entryOf(root, 'sources') : undefined
  const source = isMap(sources?.value) ? entryOf(sources.value, pull.source) : undefined
  const tables = isMap(source?.value) ? entryOf(source.value, 'tables') : undefined
  const edit = compareTables(written, isMap(tables?.value) ? tables.value : undefined, pull)
  const grown = growText(written, { root, sources, source, tables }, pull, edit.added)
  return { splices: [...edit.splices, ...grown], changes: edit.changes }
}

interface Found {
  readonly root: unknown
  readonly sources: Entry | undefined
  readonly source: Entry | undefined
  readonly tables: Entry | undefined
}

/** Where new tables go: into the source, or into a source that is written for them. */
function growText(
  text: string,
  { root, sources, source, tables }: Found,
  pull: SourcesPull,
  added: readonly NewEntry[],
): readonly Splice[] {
  if (added.length === 0) return []
  if (isMap(source?.value) && tables !== undefined) {
    return isMap(tables.value) && tables.value.items.length > 0 ? [] : [fillEntry(text, source.value, tables, added)]
  }
  const entry: NewEntry = {
    key: pull.source,
    below: [...(pull.schema === pull.source ? [] : [{ key: 'schema', inline: scalarText(pull.schema) }]), { key: 'tables', below: added }],
  }
  if (isMap(sources?.value) && source !== undefined) return [fillEntry(text, sources.value, source, entry.below ?? [])]
  if (isMap(sources?.value) && sources.value.items.length > 0) return editMap(text, sources.value, { remove: new Set(), add: [entry] })
  if (isMap(root) && sources !== undefined) return [fillEntry(text, root, sources, [entry])]
  const whole: NewEntry = { key: 'sources', below: [entry] }
  if (isMap(root)) return editMap(text, root, { remove: new Set(), add: [whole] })
  const gap = text === '' || text.endsWith('\n') ? '' : '\n'
  return [{ start: text.length, end: text.length, text: gap + renderEntry(whole, 0) }]
}

interface TablesEdit {
  readonly splices: readonly Splice[]
  readonly changes: readonly SourceChange[]
  readonly added: readonly NewEntry[]
}

function compareTables(text: string, map: MapNode | undefined, pull: SourcesPull): TablesEdit {
  const held = new Map(pull.tables.map((table) => [table.name, table]))
  const declared = new Map((map?.items ?? []).map((entry) => [relationOf(entry), entry]))
  const concerned = [...declared].filter(([relation]) => pull.concerns(relation))
  const edits = concerned.flatMap(([relation, entry]) => {
    const table = held.get(relation)
    return map && table && !isAlias(entry.value) ? [compareTable(text, map, entry, { table, dialect: pull.dialect })] : []
  })
  const gone = concerned.filter(([relation]) => !held.has(relation)).map(([, entry]) => ({ entry, kept: isWrittenTable(entry) }))
  const taken = new Set([...declared.values()].map((entry) => keyOf(entry).toLowerCase()))
  const news = pull.tables.filter(({ name, mayRead }) => mayRead && pull.concerns(name) && !declared.has(name))
  const added = news.map((table) => newTable(table, goodName(table.name, taken)))
  const remove = new Set(gone.filter(({ kept }) => !kept).map(({ entry }) => entry))
  const own = map !== undefined && map.items.length > 0 ? editMap(text, map, { remove, add: added }) : []
  return {
    splices: [...edits.flatMap(({ splices }) => splices), ...own],
    changes: [
      ...added.map(({ key }, k): SourceChange => ({ change: 'table-added', table: key, columns: news[k]!.columns.length })),
      ...edits.flatMap(({ changes }) => changes),
      ...gone.map(({ entry, kept }): SourceChange => ({ change: 'table-gone', table: keyOf(entry), kept })),
    ],
    added,
  }
}

interface Comparison {
  readonly table: PulledTable
  readonly dialect: Dialect
}

function compareTable(text: string, tables: MapNode, entry: Entry, { table, dialect }: Comparison): Omit<TablesEdit, 'added'> {
  const name = keyOf(entry)
  const columns = isMap(entry.value) ? entryOf(entry.value, 'columns') : undefined
  const map = isMap(columns?.value) && columns.value.items.length > 0 ? columns.value : undefined
  const held = new Map(table.columns.map((column) => [column.name, column]))
  const declared = new Map((map?.items ?? []).map((column) => [keyOf(column), column]))
  const retyped = [...declared].flatMap(([key, column]) => {
    const type = held.get(key)?.type
    const was = typeOf(column)
    return type === undefined || isAlias(column.value) || (was !== undefined && isSameType(was, type, dialect))
      ? []
      : [{ column, key, was, type }]
  })
  const gone = [...declared.values()]
    .filter((column) => !held.has(keyOf(column)))
    .map((column) => ({ column, kept: isWrittenColumn(column) }))
  const news = table.columns.filter((column) => !declared.has(column.name))
  const change = { remove: new Set(gone.filter(({ kept }) => !kept).map(({ column }) => column)), add: news.map(newColumn) }
  return {
    splices: [
      ...retyped.map(({ column, type }) => retype(text, column, type)),
      ...(map ? editMap(text, map, change) : growTable(text, { tables, entry, columns }, change.add)),
    ],
    changes: [
      ...news.map((column): SourceChange => ({ change: 'column-added', table: name, column: column.name, type: column.type })),
      ...retyped.map(({ key, was, type }): SourceChange => ({
        change: 'column-retyped',
        table: name,
        column: key,
        ...(was !== undefined && { was }),
        type,
      })),
      ...gone.map(({ column, kept }): SourceChange => ({ change: 'column-gone', table: name, column: keyOf(column), kept })),
    ],
  }
}

/** Columns for a table that lists none yet. */
function growTable(
  text: string,
  { tables, entry, columns }: { readonly tables: MapNode; readonly entry: Entry; readonly columns: Entry | undefined },
  add: readonly NewEntry[],
): readonly Splice[] {
  if (add.length === 0) return []
  if (isMap(entry.value) && columns !== undefined) return [fillEntry(text, entry.value, columns, add)]
  const listed: NewEntry = { key: 'columns', below: add }
  if (isMap(entry.value) && entry.value.items.length > 0) return editMap(text, entry.value, { remove: new Set(), add: [listed] })
  return [fillEntry(text, tables, entry, [listed])]
}

function retype(text: string, column: Entry, type: string): Splice {
  const written = scalarText(type)
  if (isMap(column.value)) {
    const known = entryOf(column.value, 'type')
    return known ? setInline(text, known, written) : prependInline(text, column.value, 'type', written)
  }
  const description = isScalar(column.value) && typeof column.value.value === 'string' ? column.value.value : undefined
  return setInline(text, column, `{ type: ${written}${description === undefined ? '' : `, description: ${scalarText(description)}`} }`)
}

function newTable(table: PulledTable, key: string): NewEntry {
  return {
    key,
    below: [
      ...(key === table.name ? [] : [{ key: 'relation', inline: scalarText(table.name) }]),
      ...(table.description === undefined ? [] : [{ key: 'description', inline: scalarText(escapeEnv(table.description)) }]),
      table.columns.length === 0 ? { key: 'columns', inline: '{}' } : { key: 'columns', below: table.columns.map(newColumn) },
    ],
  }
}

function newColumn({ name, type, description }: PulledColumn): NewEntry {
  const told = description === undefined ? '' : `, description: ${scalarText(escapeEnv(description))}`
  return { key: name, inline: `{ type: ${scalarText(type)}${told} }` }
}

/** `${NAME}` would be read from the environment. */
function escapeEnv(text: string): string {
  return text.replaceAll('${', () => '$${')
}

/** A name that selectors and templates take as it is; told apart from the others by more than case. Adds it to `taken`. */
function goodName(relation: string, taken: Set<string>): string {
  const base = /^\w+$/.test(relation)
    ? relation
    : relation
        .normalize('NFKD')
        .replaceAll(/[^\w]+/g, '_')
        .replaceAll(/^_+|_+$/g, '') || 'table'
  let name = base
  for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${base}_${count}`
  taken.add(name.toLowerCase())
  return name
}

function entryOf(map: MapNode, key: string): Entry | undefined {
  return map.items.find((entry) => keyOf(entry) === key)
}

function relationOf(entry: Entry): string {
  return (isMap(entry.value) ? textAt(entry.value, 'relation') : undefined) ?? keyOf(entry)
}

function typeOf(column: Entry): string | undefined {
  return isMap(column.value) ? textAt(column.value, 'type') : undefined
}

function textAt(map: MapNode, key: string): string | undefined {
  const value = entryOf(map, key)?.value
  return isScalar(value) && typeof value.value === 'string' ? value.value : undefined
}

/** More than a pull writes. */
function isWrittenColumn(column: Entry): boolean {
  return hasComment(column) || hasOtherKeys(column, ['type', 'description'])
}

function isWrittenTable(entry: Entry): boolean {
  if (hasComment(entry) || hasOtherKeys(entry, ['relation', 'description', 'columns'])) return true
  const columns = isMap(entry.value) ? entryOf(entry.value, 'columns')?.value : undefined
  return isMap(columns) && columns.items.some(isWrittenColumn)
}

function hasOtherKeys({ value }: Entry, pulled: readonly string[]): boolean {
  return isMap(value) && value.items.some((entry) => !pulled.includes(keyOf(entry)) || hasComment(entry))
}
