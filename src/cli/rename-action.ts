/** `sqlflow rename`: plans the edits, writes them all or none, and proves by loading the project again that it means what it meant. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { countOf } from '../core/count-of.ts'
import { hasErrors } from '../core/diagnostic.ts'
import { DiagnosticsError, SqlflowError } from '../core/errors.ts'
import { didYouMean } from '../core/nearest-name.ts'
import { nodeId, type NodeId } from '../core/node.ts'
import type { Project } from '../core/project.ts'
import { linkProject, type LinkedProject } from '../graph/link-project.ts'
import { planRename, type RenamePlan } from '../graph/plan-rename.ts'
import type { RenamedKind, RenameTarget } from '../graph/rename-target.ts'
import { selectNodes } from '../graph/select.ts'
import { builtinTests } from '../project/builtin-tests.ts'
import { changeFiles, type FileChange } from '../project/replace-files.ts'
import { readWrittenFiles, type WrittenFile } from '../project/written-files.ts'
import { builtInWords } from '../template/built-in-words.ts'
import { flagOption, textOption, type CommandInput } from './command.ts'
import type { CliIo, ExitCode } from './io.ts'
import { commandStyle, loadOnly, openProject, reportDiagnostics, type OpenedProject } from './open-project.ts'
import { renderChanges } from './render-changes.ts'

export async function renameNode(io: CliIo, input: CommandInput): Promise<ExitCode> {
  const [written = '', to = ''] = input.args
  const until = untilOf(io, input)
  const opened = await openProject(io, input)
  const { root, project, cache } = opened
  const target = findTarget(project, written, to)
  const files = readWrittenFiles(root)
  const exists = (file: string): boolean => existsSync(join(root, file))
  const plan = planRename({ project, files, target, until, cache, exists })
  reportDiagnostics(io, input.options, plan.diagnostics, opened.readText)
  refuseOccupied(plan.changes, exists)
  const dryRun = flagOption(input.options, 'dryRun')
  const notes = [...notesOf(project, target, plan, until), ...(dryRun ? [] : await apply(io, input, opened, { target, plan }))]
  print(io, input, { target, plan, files, until, dryRun, notes })
  return 0
}

function untilOf(io: CliIo, { options }: CommandInput): string {
  const given = textOption(options, 'until')
  const today = io.now()
  if (given === undefined) return new Date(today.getTime() + 30 * 86_400_000).toISOString().slice(0, 10)
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(given) && new Date(`${given}T00:00:00Z`).toISOString().startsWith(given)
  if (isDate && given >= today.toISOString().slice(0, 10)) return given
  throw new SqlflowError('bad-usage', `\`--until\` takes a day from today on, such as ${today.getUTCFullYear()}-12-31, not \`${given}\`.`)
}

const kinds = ['model', 'seed', 'source', 'macro', 'singular-test', 'generic-test', 'export'] as const
const nouns: Readonly<Record<RenamedKind, string>> = {
  model: 'model',
  seed: 'seed',
  source: 'source table',
  macro: 'macro',
  'singular-test': 'test',
  'generic-test': 'generic test',
  export: 'export',
}

function namesOf(project: Project, kind: RenamedKind): readonly string[] {
  const all = {
    model: project.models,
    seed: project.seeds,
    source: project.sources,
    macro: project.macros,
    'singular-test': project.singularTests,
    'generic-test': project.genericTests,
    export: project.exports,
  }
  return all[kind].map(({ name }) => name)
}

/** `macro:pct`, `test:orphans`, or a name that one thing alone has. */
function findTarget(project: Project, written: string, to: string): RenameTarget {
  const [, prefix, from] = /^(?:([a-z-]+):)?(.+)$/s.exec(written) ?? []
  const asked = kinds.filter((kind) => prefix === undefined || kind === prefix || (prefix === 'test' && kind.endsWith('-test')))
  if (asked.length === 0) {
    throw new SqlflowError('bad-usage', `\`${prefix}\` is no kind of what can be renamed.`, { hint: `There are ${kinds.join(', ')}.` })
  }
  const [kind, other] = asked.filter((one) => namesOf(project, one).includes(from ?? ''))
  if (from === undefined || kind === undefined) throw unknown(project, from ?? written, asked)
  if (other !== undefined) {
    throw new SqlflowError('bad-usage', `\`${from}\` is a ${nouns[kind]} and a ${nouns[other]}.`, {
      hint: `Say which: \`${kind}:${from}\` or \`${other}:${from}\`.`,
    })
  }
  const target = { kind, from, to: kind === 'source' ? sourceName(from, to) : to }
  checkNewName(project, target)
  return target
}

function unknown(project: Project, name: string, asked: readonly RenamedKind[]): SqlflowError {
  const disabled = project.disabled.find((one) => one.name === name)
  if (disabled) {
    return new SqlflowError('unknown-node', `The ${disabled.kind} \`${name}\` is disabled, so nothing of it is known but its file.`, {
      hint: 'Enable it, rename it, and disable it again.',
    })
  }
  if (project.sources.some(({ source }) => source === name)) {
    return new SqlflowError('unknown-node', `\`${name}\` is a source with all its tables, which is not renamed as a whole.`, {
      hint: `Rename one of its tables: \`${project.sources.find(({ source }) => source === name)?.name}\`.`,
    })
  }
  return new SqlflowError(
    'unknown-node',
    `There is no ${asked.length === kinds.length ? 'model, seed, source table, macro, test or export' : asked.map((kind) => nouns[kind]).join(' or ')} named \`${name}\`.`,
    {
      hint:
        didYouMean(
          name,
          asked.flatMap((kind) => namesOf(project, kind)),
        ) ?? 'Variables, columns, selectors and targets are not renamed by this command.',
    },
  )
}

/** `van.people`, or `people` alone: a table stays in its source. */
function sourceName(from: string, to: string): string {
  const source = from.slice(0, from.indexOf('.'))
  const dot = to.indexOf('.')
  if (dot === -1) return `${source}.${to}`
  if (to.slice(0, dot) === source) return to
  throw new SqlflowError('bad-usage', `\`${from}\` stays in its source: write \`${source}.${to.slice(dot + 1)}\`.`)
}

/** What a file, a template, YAML and a relation can all say without quotes. */
const plainName = /^[\p{L}_][\p{L}\p{N}_]*$/u
const yamlWords = /^(?:true|false|null)$/i

function checkNewName(project: Project, { kind, from, to }: RenameTarget): void {
  const name = kind === 'source' ? to.slice(to.indexOf('.') + 1) : to
  if (!plainName.test(name) || yamlWords.test(name)) {
    throw new SqlflowError('bad-usage', `\`${name}\` cannot be a name: it takes letters, digits and \`_\`, and begins with no digit.`)
  }
  if (to === from) throw new SqlflowError('bad-usage', `\`${from}\` is what it is called.`)
  const shared: readonly RenamedKind[] = kind === 'model' || kind === 'seed' ? ['model', 'seed'] : [kind]
  const taken = shared.find((one) => namesOf(project, one).includes(to))
  const disabled = project.disabled.find(
    (one) => one.name === to && shared.some((known) => known.startsWith(one.kind) || known.endsWith(`-${one.kind}`)),
  )
  const isWord = kind === 'macro' && builtInWords.has(to)
  const isBuiltin = kind === 'generic-test' && Object.hasOwn(builtinTests, to)
  const what = taken
    ? `a ${nouns[taken]}`
    : disabled
      ? `a ${disabled.kind} that is disabled`
      : isWord
        ? 'a built-in word'
        : isBuiltin
          ? 'a built-in test'
          : undefined
  if (what !== undefined) throw new SqlflowError('name-taken', `There is ${what} named \`${to}\`.`, { hint: 'Choose another name.' })
}

function refuseOccupied(changes: readonly FileChange[], exists: (file: string) => boolean): void {
  const occupied = changes.find(({ file, to }) => to !== undefined && to.toLowerCase() !== file.toLowerCase() && exists(to))
  if (occupied)
    throw new SqlflowError('name-taken', `There is a file ${occupied.to} already.`, { hint: 'Move it away, or choose another name.' })
}

function notesOf(project: Project, { kind, from, to }: RenameTarget, plan: RenamePlan, until: string): readonly string[] {
  const notes: string[] = []
  if (plan.movesRelation)
    notes.push(`The next build renames the relation, with its privileges; a view under the old name stays until ${until}.`)
  const node = kind === 'model' ? project.models.find(({ name }) => name === from) : undefined
  if (node && node.materialized !== 'ephemeral' && !plan.movesRelation)
    notes.push(`The relation keeps its name, ${node.relation.name}: \`alias\` says it.`)
  const own = kind === 'export' ? project.exports.find(({ name }) => name === from) : undefined
  if (own && own.destination.type !== 'google_sheets' && own.destination.path === `${from}.${own.destination.type}`)
    notes.push(`It writes ${to}.${own.destination.type}, because its destination names no path.`)
  if (own?.destination.type === 'google_sheets')
    notes.push(`Its tabs remember the old name: the next live export takes them over with \`--adopt ${to}\`.`)
  if (plan.tests.size > 0)
    notes.push(`${countOf(plan.tests.size, 'test')} named after it ${plan.tests.size === 1 ? 'is' : 'are'} renamed as well.`)
  return notes
}

interface Planned {
  readonly target: RenameTarget
  readonly plan: RenamePlan
}

/** Throws DiagnosticsError or SqlflowError `rename-undone`, with every file as it was. Returns what to tell. */
async function apply(io: CliIo, input: CommandInput, opened: OpenedProject, { target, plan }: Planned): Promise<readonly string[]> {
  const undo = changeFiles(opened.root, plan.changes)
  try {
    const { loaded, cache, readText } = await loadOnly(io, input)
    const linked = loaded.project && linkProject(loaded.project, cache)
    const found = [...loaded.diagnostics, ...(linked?.diagnostics ?? [])]
    if (hasErrors(found))
      reportDiagnostics(
        io,
        input.options,
        found,
        snapshot(
          readText,
          found.flatMap(({ at }) => at?.file ?? []),
        ),
      )
    if (!loaded.project || !linked) throw new SqlflowError('no-project', 'The project could not be loaded.')
    const differing = findDifference(opened.linked, linked, { target, plan })
    if (differing !== undefined) {
      throw new SqlflowError('rename-undone', `Afterwards \`${differing}\` would not read what it reads, so every file is as it was.`, {
        hint: 'Another name may stand for something else there: an argument, or the name of an item.',
      })
    }
    return changedSelectors(opened, { project: loaded.project, linked }, target)
  } catch (error) {
    undo()
    if (error instanceof DiagnosticsError && !flagOption(input.options, 'json'))
      io.stderr.write('The project would have these mistakes under the new name; every file is as it was.\n')
    throw error
  }
}

/** The texts that diagnostics point into, before they are put back. */
function snapshot(readText: OpenedProject['readText'], files: readonly string[]): OpenedProject['readText'] {
  for (const file of files) readText(file) // which keeps what it has read
  return readText
}

/** The first node that reads other nodes or macros than before, under their new names. */
function findDifference(before: LinkedProject, after: LinkedProject, { target, plan }: Planned): string | undefined {
  const renamed = renamedIds(target, plan)
  const is = (id: NodeId): NodeId => renamed.get(id) ?? id
  const macro = (name: string): string => (target.kind === 'macro' && name === target.from ? target.to : name)
  const spell = (names: Iterable<string>): string => [...names].sort().join('\n')
  for (const [id, node] of before.graph.nodes) {
    const other = after.graph.nodes.get(is(id))
    if (!other || spell(node.parents.map(is)) !== spell(other.parents)) return node.name
    if (spell((before.uses.get(id)?.macros ?? []).map(macro)) !== spell(after.uses.get(is(id))?.macros ?? [])) return node.name
  }
  return before.graph.nodes.size === after.graph.nodes.size ? undefined : target.to
}

function renamedIds({ kind, from, to }: RenameTarget, { tests }: RenamePlan): ReadonlyMap<NodeId, NodeId> {
  const ids = new Map([...tests].map(([was, is]) => [nodeId('test', was), nodeId('test', is)]))
  if (kind !== 'macro' && kind !== 'generic-test') {
    const own = kind === 'singular-test' ? 'test' : kind
    ids.set(nodeId(own, from), nodeId(own, to))
  }
  return ids
}

/** A wildcard that selected the old name may not select the new one, or the other way round. */
function changedSelectors(
  before: Pick<OpenedProject, 'project' | 'linked'>,
  after: Pick<OpenedProject, 'project' | 'linked'>,
  { kind, from, to }: RenameTarget,
): readonly string[] {
  if (kind === 'macro' || kind === 'generic-test') return []
  const own = kind === 'singular-test' ? 'test' : kind
  const selects = ({ project, linked }: Pick<OpenedProject, 'project' | 'linked'>, selector: string, name: string): boolean =>
    selectNodes(linked.graph, project, { select: [`selector:${selector}`], exclude: [], indirect: 'empty' }).selected.has(nodeId(own, name))
  return before.project.selectors.flatMap(({ name }) => {
    const [was, is] = [selects(before, name, from), selects(after, name, to)]
    return was === is
      ? []
      : [
          `The selector ${name} ${was ? 'selected it, and does so no more' : 'did not select it, and does so now'}: see what it says in sqlflow.yml.`,
        ]
  })
}

interface Outcome extends Planned {
  readonly files: readonly WrittenFile[]
  readonly until: string
  readonly dryRun: boolean
  readonly notes: readonly string[]
}

function print(io: CliIo, { options }: CommandInput, { target, plan, files, until, dryRun, notes }: Outcome): void {
  const { kind, from, to } = target
  if (flagOption(options, 'json')) {
    const changed = plan.changes.map((change) => ({
      file: change.file,
      ...(change.to !== undefined && { to: change.to }),
      places: change.edits.length,
    }))
    io.stdout.write(`${JSON.stringify({ kind, from, to, ...(plan.movesRelation && { until }), dryRun, files: changed, notes })}\n`)
    return
  }
  if (dryRun)
    io.stdout.write(renderChanges(plan.changes, new Map(files.map(({ file, text }) => [file, text])), commandStyle(io, options).out))
  else for (const change of plan.changes) io.stdout.write(`${change.file}${change.to === undefined ? '' : ` -> ${change.to}`}\n`)
  if (flagOption(options, 'quiet')) return
  const done = `${dryRun ? 'Would rename' : 'Renamed'} the ${nouns[kind]} ${from} to ${to}: ${countOf(plan.changes.length, 'file')}.`
  io.stderr.write(`${[done, ...notes].join('\n')}\n`)
}
