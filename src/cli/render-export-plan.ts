/** What an export would do to a tab, for people who look before they push. */
import { countOf } from '../core/count-of.ts'
import { nodeNameOf, type NodeId } from '../core/node.ts'
import type { TabPlanReport } from '../exports/sheet-report.ts'
import type { Style } from './style.ts'
import { renderTextTable } from './text-table.ts'

const signs = { added: '+', changed: '~', removed: '-' } as const
const colours = { added: 'green', changed: 'yellow', removed: 'red' } as const

/** `columns`: of the terminal; undefined where lines may be as long as they are. */
export function renderExportPlan(
  id: NodeId,
  plan: TabPlanReport,
  { style, columns }: { readonly style: Style; readonly columns: number | undefined },
): string {
  const title = plan.part === undefined ? nodeNameOf(id) : `${nodeNameOf(id)}[${plan.part}]`
  const head = `${style('bold', title)} → ${plan.where} ${style('dim', `(${plan.mode})`)}`
  if (plan.change === 'none') return `${head}\n  ${[...plan.notes, 'nothing to write'].join(', ')}\n`
  const lines: readonly (readonly [string, string])[] = [
    ['tab', plan.change === 'create' ? 'is made' : 'is there'],
    ['rows', tellRows(plan, style)],
    ['columns', tellColumns(plan)],
    ['grid', plan.growth > 0 ? `grows by ${countOf(plan.growth, 'cell')}` : 'stays as it is'],
    ['calls', `${countOf(plan.calls.reads, 'read')}, ${countOf(plan.calls.writes, 'write')}, ${tellBytes(plan.bytes)}`],
    ...plan.notes.map((note) => ['note', note] as const),
  ]
  const told = lines.map(([label, text]) => `  ${style('dim', label.padEnd(8))} ${text}`).join('\n')
  return `${head}\n${told}\n${renderSample(plan, style, columns)}`
}

function tellRows({ rowsBefore, rows, diff, mode }: TabPlanReport, style: Style): string {
  const changes = [
    style('green', `${diff.added.toLocaleString('en-US')} added`),
    style('yellow', `${diff.changed.toLocaleString('en-US')} changed`),
    style('red', `${diff.removed.toLocaleString('en-US')} ${mode === 'upsert' ? 'no longer in the query' : 'removed'}`),
  ].join(', ')
  const number = (count: number): string => count.toLocaleString('en-US')
  const total = mode === 'append' ? (rowsBefore ?? 0) + rows : rows
  return `${rowsBefore === undefined ? '' : `${number(rowsBefore)} → `}${number(total)}: ${changes}`
}

function tellColumns({ columns, diff }: TabPlanReport): string {
  const listed = (titles: readonly string[]): string => titles.map((title) => `\`${title}\``).join(', ')
  const isNew = diff.addedColumns.length === columns.length
  const added = diff.addedColumns.length === 0 || isNew ? [] : [`${listed(diff.addedColumns)} added`]
  const removed = diff.removedColumns.length === 0 ? [] : [`${listed(diff.removedColumns)} removed`]
  return [String(columns.length), ...added, ...removed].join(', ')
}

function tellBytes(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}

function renderSample({ diff, columns }: TabPlanReport, style: Style, width: number | undefined): string {
  if (diff.sample.length === 0) return ''
  const table = renderTextTable({
    columns: ['', ...columns],
    rows: diff.sample.map(({ change, cells }) => [signs[change], ...cells]),
    indent: 2,
    fit: width,
    widest: 40,
    head: (text) => style('dim', text),
  })
  const lines = table.split('\n')
  const coloured = lines.map((line, k) => (k < 2 ? line : style(colours[diff.sample[k - 2]!.change], line)))
  const more = diff.added + diff.changed + diff.removed - diff.sample.length
  return `${coloured.join('\n')}\n${more > 0 ? style('dim', `  and ${countOf(more, 'more row')}\n`) : ''}`
}
