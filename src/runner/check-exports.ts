/**
 * Before the first node is built: the columns that exports list are there. What this run builds is asked for as it will be, by one SELECT that
 * holds the SQL of all its models, which the server describes and does not run. Where that cannot be known yet (a parent does not exist, a seed gets
 * other columns) nothing is refused here: the export itself checks before it reads a row.
 */
import { join } from 'node:path'
import type { Diagnostic } from '../core/diagnostic.ts'
import { DiagnosticsError, WarehouseError } from '../core/errors.ts'
import type { NodeId } from '../core/node.ts'
import type { Seed } from '../core/project.ts'
import { relationKey } from '../core/relation.ts'
import type { Compiler } from '../compile/compiler.ts'
import { planColumns } from '../exports/plan-columns.ts'
import { exportFieldsSql, type ExportRead } from '../exports/select-sql.ts'
import type { ExportNode, Graph, GraphNode } from '../graph/graph.ts'
import { readCsvHeader } from '../materializations/csv-header.ts'
import type { Field } from '../warehouses/warehouse.ts'
import { exportReading } from './export-read.ts'
import type { RunContext } from './run-context.ts'

/** `nodes`: all that this run runs. Throws DiagnosticsError with every column that is not there. */
export async function checkExports(context: RunContext, nodes: readonly GraphNode[]): Promise<void> {
  const built = new Set(nodes.filter(({ kind }) => kind === 'model' || kind === 'seed').map(({ id }) => id))
  const exports = nodes.filter((node) => node.kind === 'export').filter(namesColumns)
  if (built.size === 0 || exports.length === 0 || context.project.target.exports === 'off') return
  const compiler = context.compiler.inlining(built)
  const mistakes: Diagnostic[] = []
  for (const node of exports) mistakes.push(...(await checkExport(context, node, { built, compiler })))
  if (mistakes.length > 0) throw new DiagnosticsError(mistakes, context.readText)
}

function namesColumns({ export: one }: ExportNode): boolean {
  const hasKey = one.destination.type === 'google_sheets' && one.destination.key.length > 0
  return hasKey || one.orderBy.length > 0 || one.columns.some(({ name }) => name !== '*')
}

interface Ahead {
  readonly built: ReadonlySet<NodeId>
  readonly compiler: Compiler
}

async function checkExport(context: RunContext, node: ExportNode, ahead: Ahead): Promise<readonly Diagnostic[]> {
  const fields = await fieldsAhead(context, node, ahead)
  if (fields === undefined) return []
  const plan = planColumns(node.export, fields)
  return plan.ok ? [] : plan.diagnostics
}

/** Undefined where they cannot be known before the run. */
async function fieldsAhead(context: RunContext, node: ExportNode, { built, compiler }: Ahead): Promise<readonly Field[] | undefined> {
  const inlined = modelsBelow(context.graph, node, built)
  if (inlined.length > mostInlined) return undefined
  for (const model of [node, ...inlined]) {
    for (const seed of seedsOf(context.graph, model, built)) if (!(await keepsItsColumns(context, seed))) return undefined
  }
  const read = readAhead(exportReading(context.graph, node, built), compiler)
  return read && (await describe(context, read))
}

/** More SQL than this takes a server longer to plan than the answer is worth. */
const mostInlined = 200

function modelsBelow(graph: Graph, node: GraphNode, built: ReadonlySet<NodeId>): readonly GraphNode[] {
  const found = new Set<GraphNode>()
  const visit = ({ parents }: GraphNode): void => {
    for (const id of parents) {
      const parent = graph.nodes.get(id)!
      const isInlined = parent.kind === 'model' && (built.has(id) || parent.model.materialized === 'ephemeral')
      if (!isInlined || found.has(parent)) continue
      found.add(parent)
      visit(parent)
    }
  }
  visit(node)
  return [...found]
}

function seedsOf(graph: Graph, { parents }: GraphNode, built: ReadonlySet<NodeId>): readonly Seed[] {
  return parents.flatMap((id) => {
    const parent = graph.nodes.get(id)!
    return parent.kind === 'seed' && built.has(id) ? [parent.seed] : []
  })
}

/** Its file names the columns that its table has, so that SQL over the table has the columns that it will have. */
async function keepsItsColumns({ root, catalog }: RunContext, seed: Seed): Promise<boolean> {
  const existing = catalog.relations.get(relationKey(seed.relation))?.columns.map(({ name }) => name)
  if (existing === undefined || seed.delimiter.length !== 1) return false
  const header = await readCsvHeader(join(root, seed.file), seed.delimiter.charCodeAt(0)).catch(() => undefined)
  if (header === undefined || header === 'empty' || !('names' in header)) return false
  return JSON.stringify(header.names) === JSON.stringify(existing)
}

function readAhead(reading: ReturnType<typeof exportReading>, compiler: Compiler): ExportRead | undefined {
  if ('relation' in reading) return reading
  const compiled = compiler.compile(reading.selectOf)
  return compiled.ok ? { query: compiled.node.sql() } : undefined
}

async function describe(context: RunContext, read: ExportRead): Promise<readonly Field[] | undefined> {
  try {
    return await context.withSession(async (session) => (await session.query(exportFieldsSql(context.dialect, read).sql)).fields)
  } catch (error) {
    if (!(error instanceof WarehouseError) || context.signal.aborted) throw error
    return undefined
  }
}
