/** What each name of a project stands for, in maps, so that linking looks names up and never searches. */
import { nodeId, type NodeId } from '../core/node.ts'
import type { DisabledNode, Macro, Project } from '../core/project.ts'
import type { Dialect } from '../dialects/dialect.ts'

export interface ProjectNames {
  /** What `ref` resolves: models and seeds. */
  readonly refs: ReadonlyMap<string, NodeId>
  /** By `source.table`. */
  readonly sources: ReadonlyMap<string, NodeId>
  /** Tables of each source, by the source's name. */
  readonly tablesOf: ReadonlyMap<string, readonly string[]>
  readonly tests: ReadonlySet<string>
  readonly exports: ReadonlySet<string>
  /** The variant for the target's dialect where there is one. */
  readonly macros: ReadonlyMap<string, Macro>
  readonly ephemeral: ReadonlySet<string>
  readonly disabled: ReadonlyMap<string, DisabledNode>
}

export function indexNames(project: Project): ProjectNames {
  const refs = new Map<string, NodeId>()
  for (const model of project.models) refs.set(model.name, nodeId('model', model.name))
  for (const seed of project.seeds) refs.set(seed.name, nodeId('seed', seed.name))
  const tablesOf = new Map<string, string[]>()
  for (const { source, table } of project.sources) tablesOf.set(source, [...(tablesOf.get(source) ?? []), table])
  return {
    refs,
    sources: new Map(project.sources.map(({ name }) => [name, nodeId('source', name)])),
    tablesOf,
    tests: new Set(testNames(project)),
    exports: new Set(project.exports.map(({ name }) => name)),
    macros: chooseMacros(project.macros, dialectOf[project.target.type]),
    ephemeral: new Set(project.models.filter((model) => model.materialized === 'ephemeral').map(({ name }) => name)),
    disabled: new Map(project.disabled.map((one) => [one.name, one])),
  }
}

const dialectOf = { pglite: 'postgres', postgres: 'postgres' } as const satisfies Record<Project['target']['type'], Dialect['name']>

/** One macro for each name: the variant for `dialect`, else the one for all. */
export function chooseMacros(macros: readonly Macro[], dialect: Dialect['name']): ReadonlyMap<string, Macro> {
  const chosen = new Map<string, Macro>()
  for (const macro of macros) {
    const fits = macro.dialect === dialect || (macro.dialect === undefined && !chosen.has(macro.name))
    if (fits) chosen.set(macro.name, macro)
  }
  return chosen
}

function testNames(project: Project): readonly string[] {
  const onNodes = [...project.sources, ...project.seeds, ...project.models].flatMap((node) => node.tests.map(({ name }) => name))
  return [...onNodes, ...project.singularTests.map(({ name }) => name)]
}
