/** Which columns an export has, in which order and under which titles: decided from the fields of what it reads, before any row. */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { didYouMean } from '../core/nearest-name.ts'
import type { Export, ExportColumn } from '../core/project.ts'
import type { Field } from '../warehouses/warehouse.ts'
import type { PlannedColumn } from './destination.ts'
import { parseOrder } from './order-by.ts'

export type ColumnsPlan =
  | { readonly ok: true; readonly columns: readonly PlannedColumn[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** `index` of each column is its position in `fields`. Also checks `order_by`. */
export function planColumns(
  one: Pick<Export, 'name' | 'columns' | 'orderBy' | 'destination' | 'at'>,
  fields: readonly Field[],
): ColumnsPlan {
  const columns = selectColumns(one.columns, fields)
  const diagnostics = [
    ...one.columns.filter(({ name }) => name !== '*').flatMap((column) => checkName(column.name, column.at, fields)),
    ...one.orderBy.flatMap((order) => checkName(parseOrder(order).column, one.at, fields)),
    ...checkTitles(one, columns),
    ...checkKey(one, columns),
  ]
  return diagnostics.length > 0 ? { ok: false, diagnostics } : { ok: true, columns }
}

function selectColumns(listed: readonly ExportColumn[], fields: readonly Field[]): readonly PlannedColumn[] {
  if (listed.length === 0) return fields.map((field, index) => plan(field, index))
  const named = new Set(listed.map(({ name }) => name))
  return listed.flatMap((column) => {
    if (column.name === '*') return fields.map((field, index) => plan(field, index)).filter(({ field }) => !named.has(field.name))
    const index = fields.findIndex(({ name }) => name === column.name)
    return index === -1 ? [] : [plan(fields[index]!, index, column)]
  })
}

function plan(field: Field, index: number, column?: ExportColumn): PlannedColumn {
  return { index, field, title: column?.title ?? field.name, format: column?.format }
}

function checkName(name: string, at: ExportColumn['at'], fields: readonly Field[]): readonly Diagnostic[] {
  const names = fields.map((field) => field.name)
  const count = names.filter((one) => one === name).length
  if (count === 1) return []
  if (count > 1) {
    return [
      errorDiagnostic('ambiguous-export-column', `What is exported has ${count} columns \`${name}\`.`, {
        at,
        hint: 'Give each column of the query a name of its own.',
      }),
    ]
  }
  return [
    errorDiagnostic('unknown-export-column', `What is exported has no column \`${name}\`.`, {
      at,
      hint: didYouMean(name, names) ?? `Its columns are ${names.map((one) => `\`${one}\``).join(', ')}.`,
    }),
  ]
}

/** Two keys of one name in a JSON object would lose one; a sheet's columns are found by their titles. */
function checkTitles({ destination, at }: Pick<Export, 'destination' | 'at'>, columns: readonly PlannedColumn[]): readonly Diagnostic[] {
  const isSheet = destination.type === 'google_sheets' && destination.mode === 'upsert'
  if (destination.type !== 'json' && destination.type !== 'jsonl' && !isSheet) return []
  const titles = columns.map(({ title }) => title)
  const repeated = new Set(titles.filter((title, k) => titles.indexOf(title) !== k))
  return [...repeated].map((title) =>
    errorDiagnostic(
      'repeated-export-column',
      `Two columns of the export are called \`${title}\`; ${isSheet ? 'a sheet finds its columns by their titles' : 'a JSON object would keep one of them'}.`,
      { at, hint: 'Give one of them another title.' },
    ),
  )
}

/** The key of a sheet's rows is among the columns that are exported. */
function checkKey({ destination }: Pick<Export, 'destination'>, columns: readonly PlannedColumn[]): readonly Diagnostic[] {
  if (destination.type !== 'google_sheets') return []
  const names = columns.map(({ field }) => field.name)
  return destination.key
    .filter((name) => !names.includes(name))
    .map((name) =>
      errorDiagnostic('unknown-export-column', `The key \`${name}\` is none of the columns that are exported.`, {
        at: destination.at,
        hint: didYouMean(name, names) ?? 'List it under `columns:`, or choose another key.',
      }),
    )
}
