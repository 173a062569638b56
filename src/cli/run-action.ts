/** `build`, `run`, `test`, `seed` and `export`: one action over different kinds of nodes. */
import { resolve } from 'node:path'
import { SqlflowError } from '../core/errors.ts'
import { nodeKindOf, nodeNameOf, type NodeId, type NodeKind } from '../core/node.ts'
import { compiledFilesOf } from '../compile/compiled-files.ts'
import { createCompiler } from '../compile/compiler.ts'
import type { Graph } from '../graph/graph.ts'
import { termFor } from '../graph/parse-selector.ts'
import { createArtifactReporter } from '../runner/artifacts.ts'
import type { Reporter } from '../runner/emitter.ts'
import { readTimings } from '../runner/read-timings.ts'
import { createRunId } from '../runner/run-id.ts'
import { runProject } from '../runner/run-project.ts'
import { adoptedNodes } from './adopted-nodes.ts'
import { flagOption, listOption, textOption, type CommandInput } from './command.ts'
import { chooseDeliveryId } from './delivery-id.ts'
import { adoptedExports, exportSettings, refuseOtherNames } from './export-settings.ts'
import { googleFinder } from './find-google.ts'
import { reportExampleMistakes } from './macro-examples.ts'
import type { CliIo, ExitCode } from './io.ts'
import { commandStyle, openProject, redirectProject, selectFrom, type OpenedProject } from './open-project.ts'
import { refuseProtectedTarget } from './protected-target.ts'
import { describeNode } from './render-node-list.ts'
import { createGithubReporter } from './reporters/github-reporter.ts'
import { createJsonReporter } from './reporters/json-reporter.ts'
import { createJunitReporter } from './reporters/junit-reporter.ts'
import type { StoryTeller } from './reporters/run-story.ts'
import type { Advice } from './reporters/summary.ts'
import { createTextReporter } from './reporters/text-reporter.ts'
import { tellOutside } from './tell-outside.ts'
import { reportTemplateMistakes } from './template-mistakes.ts'
import { version } from './version.ts'

export async function runNodes(io: CliIo, input: CommandInput, kinds: readonly NodeKind[]): Promise<ExitCode> {
  return tellOutside(io, input, async (follow) => {
    const opened = await openProject(io, input)
    return runSelection(io, input, { opened, selected: selectFrom(io, input, opened), kinds, follow })
  })
}

/** `export`: the selected exports, after the tests of what they read. */
export async function runExports(io: CliIo, input: CommandInput): Promise<ExitCode> {
  return tellOutside(io, input, async (follow) => {
    const opened = await openProject(io, input)
    return runSelection(io, input, { opened, selected: exportsAndTests(io, input, opened), kinds: ['test', 'export'], follow })
  })
}

function exportsAndTests(io: CliIo, input: CommandInput, opened: OpenedProject): ReadonlySet<NodeId> {
  const { graph } = opened.linked
  const exports = new Set([...selectFrom(io, input, opened)].filter((id) => nodeKindOf(id) === 'export'))
  const read = new Set([...exports].flatMap((id) => graph.nodes.get(id)!.parents))
  const tests = [...graph.nodes.values()].filter(
    (node) => node.kind === 'test' && node.parents.length > 0 && node.parents.every((parent) => read.has(parent)),
  )
  const required = [...exports].flatMap((id) => requiredTestsOf(graph, id))
  return new Set([...exports, ...required, ...(input.options['tests'] === false ? [] : tests.map((test) => test.id))])
}

function requiredTestsOf(graph: Graph, id: NodeId): readonly NodeId[] {
  const node = graph.nodes.get(id)
  return node?.kind === 'export' ? node.requiredTests : []
}

interface Selection {
  readonly opened: OpenedProject
  readonly selected: ReadonlySet<NodeId>
  readonly kinds: readonly NodeKind[]
  readonly follow: StoryTeller['follow']
}

async function runSelection(io: CliIo, input: CommandInput, { opened, selected, kinds, follow }: Selection): Promise<ExitCode> {
  const { root, project, linked, dialect, cache, readText } = opened
  const { options } = input
  const runId = createRunId(io.now())
  const story = follow(opened, new Set([...selected].filter((id) => kinds.includes(nodeKindOf(id)))))
  const deliveryId = chooseDeliveryId(io, options, runId)
  const run = { id: runId, started_at: io.now().toISOString() }
  const compiler = createCompiler({ project, linked, cache, dialect, run })
  if (input.command === 'test' || input.command === 'build') reportExampleMistakes(io, input, opened, compiler)
  reportTemplateMistakes(io, input, opened, { compiler, selected, kinds })
  const target = project.target.name
  const adopt = adoptedExports(listOption(options, 'adopt'), opened, selected)
  if (input.command === 'export') refuseOtherNames(adopt.others, opened)
  const written = new Set(kinds.includes('export') ? selected : [])
  const exports = await exportSettings(io, input, opened, { selected: written, adoptExports: adopt.exports })
  const reporters = [
    ...(await printers(io, input, opened)),
    createArtifactReporter({ root, project, linked, runId, version, args: input.args, mask: (text) => io.mask(text) }),
    story,
  ]
  const { status } = await runProject({
    command: input.command,
    version,
    runId,
    deliveryId,
    root,
    project,
    graph: linked.graph,
    compiler,
    redirect: (relations) => {
      const { project: elsewhere, linked: relinked } = redirectProject(opened, relations)
      const options = { project: elsewhere, linked: relinked, cache, dialect, run }
      return { project: elsewhere, graph: relinked.graph, compiler: createCompiler(options) }
    },
    files: compiledFilesOf(root, target, cache),
    dialect,
    selected,
    kinds,
    weight: readTimings(root, target),
    threads: threadCount(io, input, project.target.threads),
    failFast: flagOption(options, 'failFast'),
    dropDependents: [...new Set(listOption(options, 'dropDependents'))],
    fullRefresh: flagOption(options, 'fullRefresh'),
    wait: options['wait'] !== false,
    findGoogle: googleFinder(io, project),
    beforeWriting: () =>
      refuseProtectedTarget({ target: project.target, root, env: io.env, allowed: flagOption(options, 'allowProtected') }),
    exports,
    adopt: adoptedNodes(adopt.others, linked.graph, (id) => selected.has(id) && kinds.includes(nodeKindOf(id))),
    signal: io.signal,
    now: io.now,
    readText,
    reporters,
  })
  cache.save()
  return status === 'success' ? 0 : status === 'failed' ? 1 : 130
}

async function printers(io: CliIo, input: CommandInput, { linked, readText }: OpenedProject): Promise<readonly Reporter[]> {
  const { options } = input
  const junit = textOption(options, 'junit')
  const json = flagOption(options, 'json')
  const text = (): Promise<Reporter> =>
    createTextReporter({
      io,
      style: commandStyle(io, options),
      quiet: flagOption(options, 'quiet'),
      advice: adviceOf(input, linked.graph),
      readText,
    })
  return [
    json ? createJsonReporter(io) : await text(),
    ...(junit === undefined ? [] : [createJunitReporter(resolve(io.cwd, junit), (xml) => io.mask(xml))]),
    ...(io.env['GITHUB_ACTIONS'] === 'true' && !json ? [createGithubReporter(io, ({ node }) => fileOf(linked.graph, node))] : []),
  ]
}

function fileOf(graph: Graph, node: NodeId): string {
  return describeNode(graph.nodes.get(node)!).file
}

/** A test builds nothing: what is built again is what it stands on, or all that it reads. */
function adviceOf({ options }: CommandInput, graph: Graph): Advice {
  const target = textOption(options, 'target')
  return {
    selectorsToMend: (failed) => {
      const node = graph.nodes.get(failed)!
      const mended = node.kind !== 'test' ? [failed] : node.test === 'generic' ? [node.on] : node.parents
      return mended.map((id) => `${nodeKindOf(id) === 'source' ? 'source:' : ''}${termFor(nodeNameOf(id))}+`)
    },
    modelToShow: (built) => {
      const inOrder = graph.order.filter((id) => built.has(id))
      return inOrder.find((id) => graph.children.get(id)?.some((child) => nodeKindOf(child) === 'export')) ?? inOrder.at(-1)
    },
    fileOf: (node) => fileOf(graph, node),
    targetFlag: target === undefined ? undefined : `-t ${target}`,
  }
}

function threadCount(io: CliIo, input: CommandInput, ofTarget: number): number {
  const given = textOption(input.options, 'threads') ?? io.env['SQLFLOW_THREADS']
  if (given === undefined) return ofTarget
  const threads = Number(given)
  if (Number.isSafeInteger(threads) && threads >= 1 && threads <= 64) return threads
  throw new SqlflowError('bad-usage', `\`--threads\` takes a number from 1 to 64, not \`${given}\`.`)
}
