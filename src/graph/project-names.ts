/** What each name of a project stands for, in maps, so that linking looks names up and never searches. */
import { nodeId, type NodeId } from '../core/node.ts'
import type { DisabledNode, Macro, Project } from '../core/project.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { dialectOf } from '../dialects/dialect-of.ts'

export interface ProjectNames {
  /** What `ref` resolves: models and seeds. */
  readonly refs: ReadonlyMap<string, NodeId>
  /** By `source.table`. */
  readonly sources: ReadonlyMap<string, NodeId>
  /** Tables of each source, by the source's name. */
  readonly tablesOf: ReadonlyMap<string, readonly string[]>
  /** Looks through all of them: asked for mistakes alone. */
  readonly isTest: (name: string) => boolean
  readonly exports: ReadonlySet<string>
  /** The variant for the target's dialect where there is one. */
  readonly macros: ReadonlyMap<string, Macro>
  readonly disabled: ReadonlyMap<string, DisabledNode>
}

export function indexNames(project: Project): ProjectNames {
  const refs = new Map<string, NodeId>()
  for (const model of project.models) refs.set(model.name, nodeId('model', model.name))
  for (const seed of project.seeds) refs.set(seed.name, nodeId('seed', seed.name))
  const tablesOf = new Map<string, string[]>()
  for (const { source, table } of project.sources) push(tablesOf, source, table)
  return {
    refs,
    sources: new Map(project.sources.map(({ name }) => [name, nodeId('source', name)])),
    tablesOf,
    isTest: (name) => hasTest(project, name),
    exports: new Set(project.exports.map(({ name }) => name)),
    macros: chooseMacros(project.macros, dialectOf(project.target).name),
    disabled: new Map(project.disabled.map((one) => [one.name, one])),
  }
}

function push(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}

/** One macro for each name: the variant for `dialect`, else the one for all. */
function chooseMacros(macros: readonly Macro[], dialect: Dialect['name']): ReadonlyMap<string, Macro> {
  const chosen = new Map<string, Macro>()
  for (const macro of macros) {
    const fits = macro.dialect === dialect || (macro.dialect === undefined && !chosen.has(macro.name))
    if (fits) chosen.set(macro.name, macro)
  }
  return chosen
}

function hasTest({ sources, seeds, models, singularTests }: Project, name: string): boolean {
  const isOnNode = [sources, seeds, models].some((nodes) => nodes.some((node) => node.tests.some((one) => one.name === name)))
  return isOnNode || singularTests.some((one) => one.name === name)
}
