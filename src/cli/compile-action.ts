/** `sqlflow compile`: the SQL of one model on stdout, or of many as files. Connects to nothing. */
import { countOf } from '../core/count-of.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import { nodeNameOf, type NodeId } from '../core/node.ts'
import { compiledFilesOf } from '../compile/compiled-files.ts'
import type { CompiledNode } from '../compile/compiled-node.ts'
import { sqlSourceOf } from '../compile/compilable.ts'
import { createCompiler } from '../compile/compiler.ts'
import { createRunId } from '../runner/run-id.ts'
import { flagOption, listOption, type CommandInput } from './command.ts'
import { highlightSql } from './highlight-sql.ts'
import type { CliIo, ExitCode } from './io.ts'
import { commandStyle, openProject, reportDiagnostics, selectFrom, type OpenedProject } from './open-project.ts'
import { duration } from './wording.ts'

export async function compileNodes(io: CliIo, input: CommandInput): Promise<ExitCode> {
  const started = performance.now()
  const opened = await openProject(io, input)
  const selected = selectFrom(io, input, opened)
  const compiler = createCompiler({
    project: opened.project,
    linked: opened.linked,
    cache: opened.cache,
    dialect: opened.dialect,
    run: { id: createRunId(io.now()), started_at: io.now().toISOString() },
  })
  const only = onlyNode(input, opened, selected)
  if (only !== undefined) return printOne(io, input, opened, compiler.compile(only))

  const diagnostics: Diagnostic[] = []
  const files = compiledFilesOf(opened.root, opened.project.target.name, opened.cache)
  let count = 0
  for (const id of opened.linked.graph.order) {
    const node = opened.linked.graph.nodes.get(id)!
    if (!selected.has(id) || !sqlSourceOf(node)) continue
    const result = compiler.compile(id)
    if (!result.ok) {
      diagnostics.push(...result.diagnostics)
      continue
    }
    files.writeLater(node, result.node)
    count++
  }
  await files.finish()
  reportDiagnostics(io, input.options, diagnostics, opened.readText)
  if (selected.size === opened.linked.graph.nodes.size) files.removeOthers()
  opened.cache.save()
  report(io, input, { folder: files.folder, count, ms: performance.now() - started })
  return 0
}

/** A single word that names a single node with SQL. */
function onlyNode(input: CommandInput, { linked }: OpenedProject, selected: ReadonlySet<NodeId>): NodeId | undefined {
  const words = [...input.args, ...listOption(input.options, 'select')]
  const found = [...selected].filter((id) => nodeNameOf(id) === words[0] && sqlSourceOf(linked.graph.nodes.get(id)!))
  return words.length === 1 && found.length === 1 ? found[0] : undefined
}

async function printOne(
  io: CliIo,
  input: CommandInput,
  opened: OpenedProject,
  result: { readonly ok: true; readonly node: CompiledNode } | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] },
): Promise<ExitCode> {
  if (!result.ok) {
    reportDiagnostics(io, input.options, result.diagnostics, opened.readText)
    return 2
  }
  const { node } = result
  const sql = flagOption(input.options, 'format') ? await (await import('./format-sql.ts')).formatSql(node.sql()) : node.sql()
  if (flagOption(input.options, 'json')) io.stdout.write(`${JSON.stringify({ node: node.id, hash: node.hash, sql })}\n`)
  else io.stdout.write(`${highlightSql(sql, commandStyle(io, input.options).out)}\n`)
  return 0
}

interface Compiled {
  readonly folder: string
  readonly count: number
  readonly ms: number
}

function report(io: CliIo, input: CommandInput, { folder, count, ms }: Compiled): void {
  if (flagOption(input.options, 'json')) io.stdout.write(`${JSON.stringify({ compiled: count, folder, ms: Math.round(ms) })}\n`)
  else if (count === 0) io.stderr.write('Nothing was compiled: nothing that is selected has SQL of its own.\n')
  else if (!flagOption(input.options, 'quiet')) io.stdout.write(`Compiled ${countOf(count, 'node')} into ${folder}/ in ${duration(ms)}.\n`)
}
