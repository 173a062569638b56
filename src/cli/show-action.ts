/** `sqlflow show`: the first rows of a node or of a query, as a table, CSV or JSON; sensitive columns masked. */
import { SqlflowError, WarehouseError } from '../core/errors.ts'
import type { RunEvent } from '../core/event.ts'
import { nodeId, nodeNameOf, type NodeId } from '../core/node.ts'
import { relationLabel } from '../core/relation.ts'
import { didYouMean } from '../core/nearest-name.ts'
import { sqlSourceOf } from '../compile/compilable.ts'
import { createCompiler, type Compiler } from '../compile/compiler.ts'
import { maskSample } from '../data-tests/mask-sample.ts'
import type { GraphNode } from '../graph/graph.ts'
import { linkQuery } from '../graph/link-query.ts'
import { readsOf, throughEphemerals } from '../graph/reads-of.ts'
import { applicationName } from '../runner/application-name.ts'
import { findRedirects } from '../runner/find-redirects.ts'
import { createRunId } from '../runner/run-id.ts'
import { reportFailureOf } from '../runner/locate-failure.ts'
import { createEmitter } from '../runner/emitter.ts'
import { prepareReading, type PrepareReadingOptions } from '../runner/prepare-reading.ts'
import { trackSessions } from '../runner/run-sessions.ts'
import { hintForRead } from '../runner/missing-relation.ts'
import { sensitiveColumnsOf } from '../runner/sensitive-columns.ts'
import type { Rendered } from '../template/template.ts'
import { openWarehouse } from '../warehouses/open-warehouse.ts'
import { sourcesReadBy } from '../runner/sources-read.ts'
import type { QueryResult, Session } from '../warehouses/warehouse.ts'
import { flagOption, textOption, type CommandInput } from './command.ts'
import { googleFinder } from './find-google.ts'
import { columnsOf, type CliIo, type ExitCode } from './io.ts'
import { commandStyle, openProject, redirectProject, reportDiagnostics, type OpenedProject } from './open-project.ts'
import { renderFailureReport, renderSampleLine, renderSheetLine } from './reporters/node-line.ts'
import { renderTextTable } from './text-table.ts'

/** What is to be shown: SQL, and the nodes that its rows come from. */
interface Shown {
  readonly sql: string
  readonly rendered?: () => Rendered
  readonly reads: readonly NodeId[]
  /** Those that stand in the SQL. */
  readonly relations: readonly GraphNode[]
}

export async function showRows(io: CliIo, input: CommandInput): Promise<ExitCode> {
  const limit = parseLimit(textOption(input.options, 'limit') ?? '20')
  refuseTwoThings(input)
  const opened = await openProject(io, input)
  const own = whatToShow(io, input, opened)
  const runId = createRunId(io.now())
  await using warehouse = await openWarehouse(opened.project.target, { applicationName: applicationName(opened.project.name, runId) })
  const withSession = trackSessions(warehouse, io.signal)
  await standIn(io, input, opened, own.reads, { runId, warehouse, withSession })
  const head = 'select * from (\n'
  let shown = own
  try {
    shown = await withSession((session) => redirectShown(io, input, opened, own, session))
    const result = await withSession((session) => session.query(`${head}${shown.sql}\n) as shown limit ${limit}`))
    io.stdout.write(renderRows(io, input, opened, shown.reads, result))
    return 0
  } catch (error) {
    if (io.signal.aborted) return 130
    if (!(error instanceof WarehouseError)) throw error
    const failure = reportFailureOf(error, {
      readText: opened.readText,
      ...(shown.rendered && { rendered: shown.rendered }),
      hint: await hintForRead(error, { reads: shown.relations, withSession, dialect: opened.dialect }),
      compiledOffset: ({ position }) => (position === undefined ? undefined : Math.max(0, position - head.length)),
    })
    if (input.options['json'] === true) io.stdout.write(`${JSON.stringify({ type: 'error', ...failure })}\n`)
    else io.stderr.write(renderFailureReport(failure, commandStyle(io, input.options).err))
    return 1
  }
}

/** What is not built on this target is read from the target of `refs_from`. */
async function redirectShown(io: CliIo, input: CommandInput, opened: OpenedProject, shown: Shown, session: Session): Promise<Shown> {
  const { refsFrom } = opened.project
  if (refsFrom === undefined) return shown
  const relations = await findRedirects(session, shown.relations, refsFrom)
  if (relations.size === 0) return shown
  io.stderr.write(`Reads of target ${refsFrom.name}: ${[...relations.values()].map(relationLabel).join(', ')}\n`)
  return whatToShow(io, input, redirectProject(opened, relations))
}

/** Where sources that it reads are missing, their samples are loaded. */
async function standIn(
  io: CliIo,
  input: CommandInput,
  { root, project, linked, dialect, readText }: OpenedProject,
  reads: readonly NodeId[],
  run: Pick<PrepareReadingOptions, 'runId' | 'warehouse' | 'withSession'>,
): Promise<void> {
  const { err } = commandStyle(io, input.options)
  const quiet = flagOption(input.options, 'quiet') || flagOption(input.options, 'json')
  const onEvent = (event: RunEvent): void => {
    if (quiet) return
    if (event.type === 'sample-loaded') io.stderr.write(renderSampleLine(event, err))
    if (event.type === 'sheet-loaded') io.stderr.write(renderSheetLine(event, err))
  }
  const sources = sourcesReadBy(
    linked.graph,
    reads.map((id) => linked.graph.nodes.get(id)!),
  ).map(({ source }) => source)
  const emitter = createEmitter(run.runId, io.now, [{ onEvent }])
  await prepareReading({
    ...run,
    command: input.command,
    root,
    project,
    sources,
    readText,
    emitter,
    findGoogle: googleFinder(io, project),
    dialect,
    signal: io.signal,
    now: io.now,
  })
}

function parseLimit(text: string): number {
  const limit = Number(text)
  if (Number.isSafeInteger(limit) && limit >= 0) return limit
  throw new SqlflowError('bad-usage', `\`--limit\` takes a number of rows, not \`${text}\`.`)
}

function refuseTwoThings({ args: [name], options }: CommandInput): void {
  if (name === undefined || options['inline'] === undefined) return
  throw new SqlflowError('bad-usage', `Both \`${name}\` and a query by --inline are to be shown: name one of them.`)
}

function whatToShow(io: CliIo, input: CommandInput, opened: OpenedProject): Shown {
  const compiler = createCompiler({
    project: opened.project,
    linked: opened.linked,
    cache: opened.cache,
    dialect: opened.dialect,
    run: { id: 'show', started_at: io.now().toISOString() },
  })
  const inline = textOption(input.options, 'inline')
  const name = input.args[0]
  if (inline !== undefined) return inlineQuery(io, input, opened, compiler, inline)
  if (name === undefined) throw new SqlflowError('bad-usage', 'Name what to show: `sqlflow show turf_list`, or a query by --inline.')
  return namedNode(io, input, opened, compiler, name)
}

const inlineFile = '--inline'

function inlineQuery(io: CliIo, input: CommandInput, opened: OpenedProject, compiler: Compiler, text: string): Shown {
  const source = { file: inlineFile, text, segments: [{ text: 0, file: 0 }] }
  const readText = (file: string): string | undefined => (file === inlineFile ? text : opened.readText(file))
  const { uses, diagnostics } = linkQuery(opened.project, source, opened.cache)
  reportDiagnostics(io, input.options, diagnostics, readText)
  const result = compiler.compileQuery(source, uses)
  if (!result.ok) reportDiagnostics(io, input.options, result.diagnostics, readText)
  if (!result.ok) throw new SqlflowError('bad-usage', 'The query does not compile.')
  return {
    sql: result.node.sql(),
    rendered: result.node.rendered,
    reads: uses.reads,
    relations: throughEphemerals(opened.linked.graph, uses.reads),
  }
}

function namedNode(io: CliIo, input: CommandInput, opened: OpenedProject, compiler: Compiler, name: string): Shown {
  const { nodes } = opened.linked.graph
  const node = (['model', 'seed', 'source', 'export', 'test'] as const)
    .map((kind) => nodes.get(nodeId(kind, name)))
    .find((one) => one !== undefined)
  if (!node) {
    throw new SqlflowError('unknown-node', `There is no model, seed, source, export or test named \`${name}\`.`, {
      hint: didYouMean(name, [...nodes.keys()].map(nodeNameOf)),
    })
  }
  if (sqlSourceOf(node)) {
    const result = compiler.compile(node.id)
    if (!result.ok) reportDiagnostics(io, input.options, result.diagnostics, opened.readText)
    if (!result.ok) throw new SqlflowError('bad-usage', `\`${name}\` does not compile.`)
    return { sql: result.node.sql(), rendered: result.node.rendered, reads: [node.id], relations: readsOf(opened.linked.graph, node.id) }
  }
  if (node.kind === 'seed')
    return { sql: `select * from ${opened.dialect.relation(node.seed.relation)}`, reads: [node.id], relations: [node] }
  if (node.kind === 'source')
    return { sql: `select * from ${opened.dialect.relation(node.source.relation)}`, reads: [node.id], relations: [node] }
  if (node.kind === 'export' && 'from' in node.export.read) return namedNode(io, input, opened, compiler, node.export.read.from)
  throw new SqlflowError('bad-usage', `\`${name}\` is a generic test: it has no rows of its own.`, {
    hint: `Run it by \`sqlflow test ${name}\`.`,
  })
}

function renderRows(
  io: CliIo,
  input: CommandInput,
  { linked }: OpenedProject,
  reads: readonly NodeId[],
  { fields, rows }: QueryResult,
): string {
  const sensitive = new Set(reads.flatMap((id) => [...sensitiveColumnsOf(linked.graph, id)]))
  const sample = maskSample({ fields, rows, sensitive })
  const format = input.options['json'] === true ? 'json' : textOption(input.options, 'format')
  if (format === 'json')
    return sample.rows
      .map((row) => `${JSON.stringify(Object.fromEntries(row.map((value, at) => [sample.columns[at]!, value])))}\n`)
      .join('')
  if (format === 'csv') return [sample.columns, ...sample.rows].map((row) => `${row.map(csvField).join(',')}\n`).join('')
  if (rows.length === 0) return `${sample.columns.join('  ')}\n(no rows)\n`
  const right = new Set(fields.flatMap((field, at) => (/int|numeric|double|real/.test(field.type) ? [at] : [])))
  const style = commandStyle(io, input.options).out
  const fit = columnsOf(io.stdout)
  return `${renderTextTable({ columns: sample.columns, rows: sample.rows, right, fit, head: (text) => style('bold', text) })}\n`
}

function csvField(value: string | null): string {
  if (value === null) return ''
  return value === '' || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}
