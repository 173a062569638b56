/** Exports that share a spreadsheet, as nodes of a run: each gets its own end, whatever becomes of the others. */
import type { Diagnostic } from '../core/diagnostic.ts'
import { WarehouseError } from '../core/errors.ts'
import type { NodeId } from '../core/node.ts'
import { countOf } from '../core/count-of.ts'
import { isSheetExport } from '../exports/export-kinds.ts'
import type { PartReport, TabPlanReport } from '../exports/sheet-report.ts'
import type { SheetReport } from '../exports/run-sheet-exports.ts'
import type { SheetMember } from '../exports/sheet-run.ts'
import type { ExportSelect } from '../exports/select-sql.ts'
import type { ExportNode } from '../graph/graph.ts'
import type { Session } from '../warehouses/warehouse.ts'
import { diagnosticFailure } from './diagnostic-failure.ts'
import { readExportNode, readFailure, type ReadNode } from './execute-export.ts'
import type { NodeWork } from './node-work.ts'
import { missingTests } from './required-tests.ts'
import { retryTransient } from './retry-transient.ts'
import { retrying, type RunContext } from './run-context.ts'
import type { SheetDelivery } from './sheet-delivery.ts'
import { sensitiveColumnsOf } from './sensitive-columns.ts'

type Live = Extract<SheetDelivery, { kind: 'live' }>

interface Member extends SheetMember {
  readonly node: ExportNode
  readonly reading: Extract<ReadNode, { ok: true }>
  sent: ExportSelect | undefined
}

/** Ends the group where one of its SELECTs fails: none of them is written. */
class ReadFailure extends Error {
  readonly member: SheetMember
  override readonly cause: WarehouseError

  constructor(member: SheetMember, cause: WarehouseError) {
    super(cause.message)
    this.member = member
    this.cause = cause
  }
}

export async function executeSheets(context: RunContext, nodes: readonly ExportNode[], live: Live): Promise<ReadonlyMap<NodeId, NodeWork>> {
  const members: Member[] = []
  const failed = new Map<NodeId, NodeWork>()
  for (const node of nodes) {
    const member = memberOf(context, node)
    if ('status' in member) failed.set(node.id, member)
    else members.push(member)
  }
  if (failed.size > 0) return holdOthers(nodes, failed)
  try {
    const { runSheetExports } = await import('../exports/run-sheet-exports.ts')
    const reports = await runSheetExports({
      ...context,
      ...context.exports,
      members,
      api: await context.openSheets(live),
      linkBase: live.linkBase,
      project: context.project.name,
      run: context.deliveryId,
      serially: context.serially,
      reading: (member, work) =>
        readFor(
          context,
          members.find((one) => one.export.name === member.export.name)!,
          work,
        ),
      onProgress: (one, text) => context.emitter.emit({ type: 'progress', node: `export:${one.name}`, text }),
      onReplan: (one, reason) => context.emitter.emit({ type: 'retrying', node: `export:${one.name}`, reason, attempt: 1 }),
    })
    return new Map(members.map(({ node }) => [node.id, workOf(context, node, reports.get(node.name)!)]))
  } catch (error) {
    if (context.signal.aborted || !(error instanceof ReadFailure)) throw error
    const member = members.find((one) => one.export.name === error.member.export.name)!
    const failure = await readFailure(context, member.node, { ...member, error: error.cause })
    return holdOthers(nodes, new Map([[member.node.id, { what: member.export.destination.type, ...failure }]]))
  }
}

function memberOf(context: RunContext, node: ExportNode): Member | NodeWork {
  const one = node.export
  if (!isSheetExport(one)) throw new Error(`${node.id} is no export to Google Sheets.`)
  const base = { what: one.destination.type }
  const missing = missingTests(context, node)
  if (missing) return { ...base, status: 'error', failure: diagnosticFailure([missing], context.readText) }
  const reading = readExportNode(context, node)
  if (!reading.ok) return { ...base, status: 'error', failure: diagnosticFailure(reading.diagnostics, context.readText) }
  const forEach = one.forEach && context.compiler.compileForEach(node.id)
  if (forEach && !forEach.ok) return { ...base, status: 'error', failure: diagnosticFailure(forEach.diagnostics, context.readText) }
  const member: Member = {
    node,
    reading,
    export: one,
    read: reading.read,
    forEach: forEach?.node.sql(),
    masked: sensitiveColumnsOf(context.graph, node.id),
    adopt: context.exports.adoptExports.has(node.name),
    sent: undefined,
    onStatement: (statement) => {
      member.sent = statement
    },
  }
  return member
}

async function readFor<T>(context: RunContext, member: Member, work: (session: Session) => Promise<T>): Promise<T> {
  try {
    return await retryTransient(() => context.withSession(work), retrying(context, member.node.id))
  } catch (error) {
    throw error instanceof WarehouseError ? new ReadFailure(member, error) : error
  }
}

/** Those that could have been written wait for the one that could not: their spreadsheet changes as a whole. */
function holdOthers(nodes: readonly ExportNode[], failed: ReadonlyMap<NodeId, NodeWork>): ReadonlyMap<NodeId, NodeWork> {
  const culprits = nodes.filter(({ id }) => failed.has(id)).map(({ name }) => name)
  return new Map(
    nodes.map(({ id, export: one }) => [
      id,
      failed.get(id) ?? { what: one.destination.type, status: 'skipped', reason: heldReason(culprits) },
    ]),
  )
}

export function heldReason(culprits: readonly string[]): string {
  return `held: ${culprits.map((name) => `export ${name}`).join(', ')} of the same spreadsheet could not be written`
}

function workOf(context: RunContext, { export: one }: ExportNode, { parts, vanished }: SheetReport): NodeWork {
  const what = one.destination.type
  const refused = problemsOf(parts)
  const done = parts.filter(({ status }) => status === 'written' || status === 'unchanged' || status === 'planned')
  const rows = done.reduce((sum, part) => sum + part.rows, 0)
  const place = placeOfParts(one.name, parts)
  for (const part of vanished) context.emitter.emit({ type: 'warning', diagnostic: vanishedPart(one.name, part, one.destination.at) })
  for (const { plan } of parts) if (plan) tellPlan(context, `export:${one.name}`, plan)
  if (refused.length > 0) {
    return { what, ...place, status: 'error', rows, notes: failedNotes(parts), failure: diagnosticFailure(refused, context.readText) }
  }
  const held = parts.find(({ status }) => status === 'held')
  if (held) return { what, ...place, status: 'skipped', reason: heldReason(held.notes) }
  return { what, ...place, status: 'success', rows, notes: notesOf(parts) }
}

function placeOf(where: string, link: string): Pick<NodeWork, 'where' | 'link'> {
  return { where, ...(link !== '' && { link }) }
}

/** The tab, or the spreadsheet where all parts are in one. */
function placeOfParts(name: string, parts: readonly PartReport[]): Pick<NodeWork, 'where' | 'link'> {
  const [first, ...others] = parts
  if (!first || first.where === '') return { where: name }
  if (others.length === 0) return placeOf(first.where, first.link)
  const [only, ...links] = new Set(parts.map(({ link }) => link.replace(/#.*/, '')))
  if (links.length > 0 || only === undefined) return { where: `${name}: ${countOf(parts.length, 'part')}` }
  return placeOf(`${first.where.split(' › ')[0]} › ${countOf(parts.length, 'tab')}`, only)
}

/** Numbers as an event; rows to those alone who show them. */
function tellPlan({ emitter }: RunContext, node: NodeId, plan: TabPlanReport): void {
  const { part, rowsBefore, diff, calls, notes: _notes, ...told } = plan
  const { sample: _sample, ...counts } = diff
  emitter.emit({
    type: 'export-planned',
    node,
    ...(part !== undefined && { part }),
    ...(rowsBefore !== undefined && { rowsBefore }),
    ...told,
    ...counts,
    ...calls,
  })
  emitter.plan(node, plan)
}

function notesOf(parts: readonly PartReport[]): readonly string[] {
  if (parts.length === 1) return [...(parts[0]!.status === 'written' ? [] : [parts[0]!.status]), ...parts[0]!.notes]
  return parts.length === 0 ? ['`for_each` has no rows'] : countsOf(parts)
}

/** `1 of 3 parts`, `2 written`. */
function failedNotes(parts: readonly PartReport[]): readonly string[] {
  if (parts.length === 1 || parts[0]?.where === '') return []
  return [`${parts.filter(({ problem }) => problem).length} of ${countOf(parts.length, 'part')}`, ...countsOf(parts)]
}

/** `2 written`, `1 unchanged`. */
function countsOf(parts: readonly PartReport[]): readonly string[] {
  const count = (status: PartReport['status']): number => parts.filter((part) => part.status === status).length
  return (['written', 'unchanged', 'planned'] as const).filter((status) => count(status) > 0).map((status) => `${count(status)} ${status}`)
}

/** One for each message, which names the parts that it is about: a spreadsheet that cannot be reached is told of once. */
function problemsOf(parts: readonly PartReport[]): readonly Diagnostic[] {
  const failed = parts.filter(({ problem }) => problem)
  return [...Map.groupBy(failed, ({ problem }) => problem!.message).values()].map((same) => {
    const problem = same[0]!.problem!
    const names = same.flatMap(({ part }) => (part === undefined ? [] : [part]))
    if (names.length === 0 || (names.length === 1 && problem.message.includes(`[${names[0]}]`))) return problem
    const told = names.length > 3 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(', ')
    return { ...problem, message: `${told}: ${problem.message}` }
  })
}

function vanishedPart(name: string, part: string, at: Diagnostic['at']): Diagnostic {
  return {
    severity: 'warning',
    code: 'part-vanished',
    message: `\`for_each\` of the export \`${name}\` has no \`${part}\` any more; its tab stays as it is.`,
    ...(at && { at }),
    hint: 'Delete the tab by hand if nobody needs it.',
  }
}
