/** `manifest.json` and `run_results.json` under `target/<target>/`: written aside and renamed, secrets masked, no rows. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { NodeOutcome, RunEvent } from '../core/event.ts'
import type { Column, JsonValue, Project } from '../core/project.ts'
import { relationLabel } from '../core/relation.ts'
import { compiledName } from '../compile/compiled-files.ts'
import type { GraphNode } from '../graph/graph.ts'
import { readGitState } from '../project/git.ts'
import type { LinkedProject } from '../graph/link-project.ts'
import type { Manifest, RunResults } from './artifact-schemas.ts'
import type { Reporter } from './emitter.ts'
import { writeReport } from './write-report.ts'

export interface ArtifactOptions {
  readonly root: string
  readonly project: Project
  readonly linked: LinkedProject
  readonly runId: string
  readonly version: string
  /** Selectors, as typed. */
  readonly args: readonly string[]
  readonly mask: (text: string) => string
}

export function createArtifactReporter(options: ArtifactOptions): Reporter {
  const outcomes: NodeOutcome[] = []
  let started: Extract<RunEvent, { type: 'run-started' }> | undefined
  let finished: Extract<RunEvent, { type: 'run-finished' }> | undefined
  return {
    onEvent: (event) => {
      if (event.type === 'node-finished') outcomes.push(event)
      else if (event.type === 'run-started') started = event
      else if (event.type === 'run-finished') finished = event
    },
    end: () => {
      if (!started || !finished) return
      const folder = join(options.root, 'target', options.project.target.name)
      writeJson(join(folder, 'manifest.json'), createManifest(options), options.mask)
      writeJson(join(folder, 'run_results.json'), createRunResults(options, started, outcomes, finished), options.mask)
    },
  }
}

function writeJson(path: string, content: Manifest | RunResults, mask: (text: string) => string): void {
  writeReport(path, mask(`${JSON.stringify(content, null, 1)}\n`))
}

function createManifest({ root, project, linked, version }: ArtifactOptions): Manifest {
  return {
    version: 1,
    sqlflow: version,
    project: project.name,
    target: project.target.name,
    nodes: linked.graph.order.map((id) => manifestNode(root, project, linked.graph.nodes.get(id)!)),
  }
}

function manifestNode(root: string, project: Project, node: GraphNode): Manifest['nodes'][number] {
  const about = aboutNode(node)
  const compiled = compiledFileOf(root, project, node)
  return {
    id: node.id,
    kind: node.kind,
    name: node.name,
    what: about.what,
    file: about.file,
    ...(about.relation !== undefined && { relation: about.relation }),
    ...(about.sample !== undefined && { sample: about.sample }),
    ...(about.description !== undefined && { description: about.description }),
    ...(about.owner !== undefined && { owner: about.owner }),
    tags: [...about.tags],
    meta: { ...about.meta },
    columns: about.columns.map(({ name, description, type, sensitive }) => ({
      name,
      sensitive,
      ...(description !== undefined && { description }),
      ...(type !== undefined && { type }),
    })),
    parents: [...node.parents],
    ...(compiled !== undefined && { compiled }),
  }
}

/** Undefined for a node without SQL, or one that has not been compiled. */
function compiledFileOf(root: string, { target }: Project, node: GraphNode): string | undefined {
  if (node.kind === 'seed' || node.kind === 'source') return undefined
  const file = `target/${target.name}/compiled/${compiledName(node)}`
  return existsSync(join(root, file)) ? file : undefined
}

interface About {
  readonly what: string
  readonly file: string
  readonly relation?: string
  readonly sample?: string
  readonly description?: string | undefined
  readonly owner?: string | undefined
  readonly tags: readonly string[]
  readonly meta: Readonly<Record<string, JsonValue>>
  readonly columns: readonly Column[]
}

function aboutNode(node: GraphNode): About {
  switch (node.kind) {
    case 'model':
      return { ...node.model, what: node.model.materialized, relation: relationLabel(node.model.relation) }
    case 'seed':
      return { ...node.seed, what: 'seed', relation: relationLabel(node.seed.relation) }
    case 'source':
      return { ...node.source, what: 'source', relation: relationLabel(node.source.relation) }
    case 'export':
      return { ...node.export, what: node.export.destination.type, columns: [] }
    case 'test':
      return node.test === 'generic'
        ? { ...node.use, what: node.use.test, file: node.use.at.file, columns: [] }
        : { ...node.definition, what: 'singular' }
  }
}

function createRunResults(
  { root, project, runId, version, args }: ArtifactOptions,
  started: Extract<RunEvent, { type: 'run-started' }>,
  outcomes: readonly NodeOutcome[],
  finished: Extract<RunEvent, { type: 'run-finished' }>,
): RunResults {
  return {
    version: 1,
    sqlflow: version,
    run: runId,
    delivery: started.delivery,
    command: started.command,
    selectors: [...args],
    project: project.name,
    target: project.target.name,
    started_at: started.at,
    ms: finished.ms,
    status: finished.status,
    ...readGitState(root),
    results: outcomes.map(resultOf),
  }
}

function resultOf(outcome: NodeOutcome): RunResults['results'][number] {
  const { node, status, rows, what, where, link, reason, notes, storedIn, compiledHash, failure } = outcome
  return {
    node,
    status,
    ms: Math.round(outcome.ms * 10) / 10,
    ...(rows !== undefined && { rows }),
    ...(what !== undefined && { what }),
    ...(where !== undefined && { where }),
    ...(link !== undefined && { link }),
    ...(reason !== undefined && { reason }),
    ...(notes && notes.length > 0 && { notes: [...notes] }),
    ...(storedIn !== undefined && { stored_in: storedIn }),
    ...(compiledHash !== undefined && { compiled_hash: compiledHash }),
    ...(failure && { failure: failureOf(failure) }),
  }
}

function failureOf({
  code,
  message,
  hint,
  sqlState,
  place,
}: NonNullable<NodeOutcome['failure']>): NonNullable<RunResults['results'][number]['failure']> {
  return {
    code,
    message,
    ...(hint !== undefined && { hint }),
    ...(sqlState !== undefined && { sql_state: sqlState }),
    ...(place && { file: place.file, line: place.line, column: place.column }),
  }
}
