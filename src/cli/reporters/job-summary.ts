/**
 * A run as Markdown, for the page that GitHub Actions shows of a job. Like every text that leaves the process it holds no row, and all that names
 * and messages bring along is plain text in it. Its length is bounded: GitHub takes 1 MiB.
 */
import { countOf } from '../../core/count-of.ts'
import type { NodeOutcome, NodeStatus } from '../../core/event.ts'
import { nodeKindOf, nodeNameOf } from '../../core/node.ts'
import { duration } from '../wording.ts'
import { nodeLabel, runLabel, type RunStory, type Told } from './run-story.ts'
import { countsTold, skippedByReason } from './summary.ts'

const mostListed = 100
const mostNodes = 500

export function renderJobSummary(story: RunStory): string {
  const { outcomes, stoppedBy, warnings, tell } = story
  const withStatus = (...statuses: readonly NodeStatus[]): readonly NodeOutcome[] =>
    outcomes.filter(({ status }) => statuses.includes(status))
  const itemOf = (outcome: NodeOutcome): string => listItem(tell(outcome), nodeLabel(outcome.node))
  const blocks = [
    `## ${escape(runLabel(story))}: ${story.status === 'success' ? 'done' : story.status}`,
    headline(story),
    section(
      'What stopped it',
      bounded(stoppedBy, (one) => listItem(one)),
    ),
    section('Failed', bounded(withStatus('fail', 'error'), itemOf)),
    exportsTable(outcomes),
    section('Warnings', [...bounded(withStatus('warn'), itemOf), ...bounded(warnings, (one) => listItem(one))]),
    section(
      'Skipped',
      bounded(skippedByReason(outcomes), ([reason, count]) => `- ${countOf(count, 'node')}: ${escape(reason)}`),
    ),
    allNodes(outcomes),
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n\n`
}

function headline({ outcomes, ms, delivery }: RunStory): string {
  if (ms === undefined) return ''
  const counts = countsTold(outcomes, (text) => text)
  return `${counts.length > 0 ? counts.join(', ') : 'Nothing to do'}, in ${duration(ms)}.${delivery === undefined ? '' : ` Run ${code(delivery)}.`}`
}

function section(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `### ${title}\n\n${items.join('\n')}`
}

function bounded<T>(all: readonly T[], render: (one: T) => string): readonly string[] {
  const more = all.length - mostListed
  return [...all.slice(0, mostListed).map(render), ...(more > 0 ? [`- and ${countOf(more, 'other')}`] : [])]
}

function listItem({ message, place, hint }: Told, label?: string): string {
  const head = [label === undefined ? '' : `**${escape(label)}**`, place === undefined ? '' : code(place)].filter((part) => part !== '')
  return `- ${head.length === 0 ? '' : `${head.join(' ')}: `}${escape(message)}${hint === undefined ? '' : `<br>${escape(hint)}`}`
}

function exportsTable(outcomes: readonly NodeOutcome[]): string {
  const exports = outcomes.filter(({ node }) => nodeKindOf(node) === 'export')
  const rows = bounded(exports, (one) => {
    const done = one.status === 'success'
    const about = done ? (one.notes ?? []).join(', ') : `not written: ${one.failure?.message ?? one.reason ?? one.status}`
    return tableRow([cell(nodeNameOf(one.node)), done ? rowsOf(one) : '', whereOf(one), cell(about)])
  })
  return rows.length === 0 ? '' : `### Exports\n\n| export | rows | where | |\n|---|---:|---|---|\n${rows.join('\n')}`
}

function whereOf({ where, link }: NodeOutcome): string {
  const text = cell(where ?? '')
  return link === undefined || !/^https?:\/\/[^\s()<>|"]+$/.test(link) ? text : `[${text === '' ? 'open' : text}](${link})`
}

const marks: Readonly<Record<NodeStatus, string>> = { success: '✓', warn: '!', fail: '✗', error: '✗', skipped: '-', cancelled: '-' }

function allNodes(outcomes: readonly NodeOutcome[]): string {
  if (outcomes.length === 0) return ''
  const more = outcomes.length - mostNodes
  const rows = outcomes.slice(0, mostNodes).map((one) => {
    const kind = nodeKindOf(one.node)
    const what = one.what === undefined ? '' : code(one.what)
    const ran = one.status !== 'skipped' && one.status !== 'cancelled'
    return tableRow([
      `${marks[one.status]} ${one.status}`,
      kind,
      cell(nodeNameOf(one.node)),
      what,
      rowsOf(one),
      ran ? duration(one.ms) : '',
    ])
  })
  const table = `| | kind | node | | rows | time |\n|---|---|---|---|---:|---:|\n${rows.join('\n')}`
  return `<details><summary>${countOf(outcomes.length, 'node')}</summary>\n\n${table}${more > 0 ? `\n\nand ${countOf(more, 'other')}` : ''}\n\n</details>`
}

/** Of a test, those that failed it. */
function rowsOf({ rows, node }: NodeOutcome): string {
  return rows === undefined || (rows === 0 && nodeKindOf(node) === 'test') ? '' : countOf(rows, '', '').trim()
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function cell(text: string): string {
  return escape(text).replaceAll('|', String.raw`\|`)
}

/** Longer texts are cut; what Markdown or HTML would read as more than text is escaped, but for code in backticks, as messages have it. */
function escape(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  const short = line.length > 1000 ? `${line.slice(0, 999)}…` : line
  return short.replaceAll(/(`[^`]+`)|[&<>]|[\\`*[\]~#]|(?<!\w)_|_(?!\w)/g, (found, quoted: string | undefined) => {
    if (quoted !== undefined) return quoted
    return found === '&' ? '&amp;' : found === '<' ? '&lt;' : found === '>' ? '&gt;' : `\\${found}`
  })
}

function code(text: string): string {
  return `\`${text.replaceAll('`', "'").replaceAll('|', String.raw`\|`)}\``
}
