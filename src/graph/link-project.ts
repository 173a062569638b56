/**
 * Project → Graph: reads every template, follows its names, and reports each one that leads nowhere. Nothing is rendered,
 * and nothing but the content of files decides. Facts of unchanged templates come from the cache, so this runs in every
 * command; each step is linear in the size of the project.
 *
 * The graph is acyclic even where the project is not: the closing edge of each cycle is reported, and left out.
 */
import type { ContentCache } from '../core/content-cache.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import { nodeId, type NodeId } from '../core/node.ts'
import type { Macro, Project } from '../core/project.ts'
import type { SqlSource } from '../core/span.ts'
import type { Template } from '../template/program.ts'
import { checkMacroNames } from './check-macro-names.ts'
import { checkNamedSelectors } from './named-selectors.ts'
import type { Graph, GraphNode } from './graph.ts'
import { linkExports, linkTests, type LinkedNode } from './link-leaves.ts'
import { reportMacroCycles, breakModelCycles } from './link-cycles.ts'
import { childrenOf, topologicalOrder } from './order.ts'
import { indexNames } from './project-names.ts'
import { noUses, type ResolvedUses } from './resolved-uses.ts'
import { checkVariant, resolveMacroUses, resolveTemplate, type Linking } from './resolve-template.ts'
import { suggestFirst } from './suggest.ts'
import { templateReader } from './template-reader.ts'

export interface LinkedProject {
  readonly graph: Graph
  /** What each node's templates use; an entry for every node. */
  readonly uses: ReadonlyMap<NodeId, ResolvedUses>
  /** The macros that count for the target's dialect. */
  readonly macros: ReadonlyMap<string, Macro>
  /** Templates that had to be parsed to link; those whose facts came from the cache are not among them. */
  readonly templates: ReadonlyMap<SqlSource, Template>
  readonly diagnostics: readonly Diagnostic[]
}

export function linkProject(project: Project, cache: ContentCache): LinkedProject {
  const diagnostics: Diagnostic[] = []
  const linking: Linking = {
    project,
    names: indexNames(project),
    reader: templateReader(cache, diagnostics),
    suggest: suggestFirst(200),
    diagnostics,
    macroUses: new Map(),
  }
  for (const macro of project.macros) {
    if (linking.names.macros.get(macro.name) === macro) resolveMacroUses(linking, macro)
    else checkVariant(linking, macro)
  }
  reportMacroCycles(linking)
  const models = linkModels(linking)
  const tests = linkTests(linking)
  const exports = linkExports(linking, new Set(tests.map(({ node }) => node.name)))
  const linked = [...linkTables(project), ...models, ...tests, ...exports]
  const graph = toAcyclicGraph(linking, linked)
  diagnostics.push(...checkMacroNames(project.macros), ...checkNamedSelectors(project))
  return {
    graph,
    uses: new Map(linked.map(({ node, uses }) => [node.id, uses])),
    macros: linking.names.macros,
    templates: linking.reader.parsed,
    diagnostics,
  }
}

function linkTables({ sources, seeds }: Project): readonly LinkedNode[] {
  const parents: readonly NodeId[] = []
  return [
    ...sources.map((source): GraphNode => ({ kind: 'source', id: nodeId('source', source.name), name: source.name, parents, source })),
    ...seeds.map((seed): GraphNode => ({ kind: 'seed', id: nodeId('seed', seed.name), name: seed.name, parents, seed })),
  ].map((node) => ({ node, uses: noUses }))
}

function linkModels(linking: Linking): readonly LinkedNode[] {
  return linking.project.models.map((model) => {
    const kind = model.materialized === 'ephemeral' ? 'ephemeral' : 'model'
    const uses = resolveTemplate(linking, model.sql, { kind, name: model.name })
    return { node: { kind: 'model', id: nodeId('model', model.name), name: model.name, parents: uses.reads, model }, uses }
  })
}

/** A cycle has no place in an order: where the order holds every node, there is none to look for. */
function toAcyclicGraph(linking: Linking, linked: readonly LinkedNode[]): Graph {
  const nodes = linked.map(({ node }) => node)
  const graph = toGraph(nodes)
  if (graph.order.length === graph.nodes.size) return graph
  const dropped = breakModelCycles(linking, nodes)
  return toGraph(nodes.map((node) => withoutParents(node, dropped.get(node.id))))
}

function withoutParents(node: GraphNode, dropped: ReadonlySet<NodeId> | undefined): GraphNode {
  return dropped ? { ...node, parents: node.parents.filter((parent) => !dropped.has(parent)) } : node
}

function toGraph(all: readonly GraphNode[]): Graph {
  const nodes = new Map(all.map((node) => [node.id, node]))
  const children = childrenOf(nodes)
  return { nodes, children, order: topologicalOrder(nodes, children) }
}
