/** An export: its SELECT streamed to its destination, or the reason why it was not. */
import type { Diagnostic } from '../core/diagnostic.ts'
import { WarehouseError } from '../core/errors.ts'
import type { Export } from '../core/project.ts'
import { isFileExport, isSheetExport } from '../exports/export-kinds.ts'
import { runExport, type ExportOutcome } from '../exports/run-export.ts'
import type { ExportRead, ExportSelect } from '../exports/select-sql.ts'
import type { ExportNode } from '../graph/graph.ts'
import type { Rendered } from '../template/template.ts'
import type { Session } from '../warehouses/warehouse.ts'
import { diagnosticFailure } from './diagnostic-failure.ts'
import { exportReading } from './export-read.ts'
import { reportFailureOf } from './locate-failure.ts'
import type { NodeWork } from './node-work.ts'
import { missingTests } from './required-tests.ts'
import { retryTransient } from './retry-transient.ts'
import { retrying, type RunContext } from './run-context.ts'

export async function executeExport(context: RunContext, node: ExportNode): Promise<NodeWork> {
  const one = node.export
  const base = { what: one.destination.type, ...(isFileExport(one) && { where: one.destination.path }) }
  if (context.project.target.exports === 'off')
    return { ...base, status: 'skipped', reason: `target \`${context.project.target.name}\` says \`exports: off\`` }
  const missing = missingTests(context, node)
  if (missing) return { ...base, status: 'error', failure: diagnosticFailure([missing], context.readText) }
  const reading = readExportNode(context, node)
  if (!reading.ok) return { ...base, status: 'error', failure: diagnosticFailure(reading.diagnostics, context.readText) }
  const forEach = one.forEach && context.compiler.compileForEach(node.id)
  if (forEach && !forEach.ok) return { ...base, status: 'error', failure: diagnosticFailure(forEach.diagnostics, context.readText) }
  let sent: ExportSelect | undefined
  try {
    const once = async (session: Session): Promise<ExportOutcome> => {
      const options = {
        ...context,
        read: reading.read,
        session,
        target: context.project.target,
        onStatement: (statement: ExportSelect) => {
          sent = statement
        },
      }
      if (isFileExport(one)) return await runExport({ ...options, export: one })
      if (!isSheetExport(one)) throw new Error(`${node.id} has no destination that is known.`)
      const { runWorkbook } = await import('../exports/run-workbook.ts')
      return await runWorkbook({ ...options, export: one, forEach: forEach?.node.sql() })
    }
    const outcome = await retryTransient(() => context.withSession(once), retrying(context, node.id))
    return { ...base, ...workOf(context, one, outcome) }
  } catch (error) {
    if (!(error instanceof WarehouseError) || context.signal.aborted) throw error
    return { ...base, ...(await readFailure(context, node, { reading, sent, error })) }
  }
}

interface FailedRead {
  readonly reading: Extract<ReadNode, { ok: true }>
  /** The statement that failed. */
  readonly sent: ExportSelect | undefined
  readonly error: WarehouseError
}

/** An error of the warehouse, led to the file that the author wrote. */
export async function readFailure(
  context: RunContext,
  node: ExportNode,
  { reading, sent, error }: FailedRead,
): Promise<Pick<NodeWork, 'status' | 'failure'>> {
  const compiledOffset = ({ position }: WarehouseError): number | undefined =>
    position === undefined || sent?.compiledAt === undefined ? undefined : Math.max(0, position - sent.compiledAt)
  const failure = reportFailureOf(error, {
    readText: context.readText,
    rendered: reading.rendered,
    compiledOffset,
    hint: await context.hintFor(node.id, error),
    file: node.export.file,
    ...(reading.compiledFile !== undefined && { compiledFile: reading.compiledFile }),
  })
  return { status: 'error', failure }
}

export type ReadNode =
  | { readonly ok: true; readonly read: ExportRead; readonly rendered: () => Rendered | undefined; readonly compiledFile?: string }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** What the export reads, compiled and written to its file where it is a query. */
export function readExportNode(context: RunContext, node: ExportNode): ReadNode {
  const reading = exportReading(context.graph, node)
  if ('relation' in reading) return { ok: true, read: reading, rendered: () => undefined }
  const compiled = context.compiler.compile(reading.selectOf)
  if (!compiled.ok) return compiled
  const compiledFile = context.files.write(context.graph.nodes.get(reading.selectOf)!, compiled.node)
  return { ok: true, read: { query: compiled.node.sql() }, rendered: compiled.node.rendered, compiledFile }
}

function workOf(context: RunContext, one: Export, outcome: ExportOutcome): Omit<NodeWork, 'what'> {
  switch (outcome.status) {
    case 'written':
    case 'unchanged': {
      const { where, rows } = outcome.receipt
      return {
        status: 'success',
        where,
        rows,
        notes: [...(outcome.status === 'unchanged' ? ['unchanged'] : []), ...previewNotes(context, one)],
      }
    }
    case 'refused':
      return { status: 'error', failure: diagnosticFailure(outcome.diagnostics, context.readText) }
  }
}

function previewNotes({ project, exports }: RunContext, one: Export): readonly string[] {
  if (isSheetExport(one) && exports.sheets.kind === 'workbook') return [`a workbook instead of Google Sheets: ${exports.sheets.why}`]
  return project.target.exports === 'preview' ? ['preview: the target is not live'] : []
}
