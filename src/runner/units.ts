/**
 * From a selection to units that the scheduler can run. Tests of one relation that can share a scan are one unit.
 * A test whose parents all lie above a node stands between them: nothing is built on, or exported from, what has not passed.
 * Sources and ephemeral models do nothing themselves; order passes through them, and through nodes that are not selected.
 */
import { genericTests } from '../data-tests/generic/index.ts'
import type { ExportNode, Graph, GraphNode, TestNode } from '../graph/graph.ts'
import type { NodeId } from '../core/node.ts'
import type { RelationName } from '../core/relation.ts'
import type { Unit } from './schedule.ts'

export interface NodeUnit extends Unit {
  readonly kind: 'node'
  readonly node: Exclude<GraphNode, TestNode>
}

export interface TestsUnit extends Unit {
  readonly kind: 'tests'
  readonly tests: readonly TestNode[]
}

/** Exports that are one commit: they run when the parents of all of them are done, and one that cannot run holds the others. */
export interface ExportsUnit extends Unit {
  readonly kind: 'exports'
  readonly exports: readonly ExportNode[]
  /** Ids of units, by member. */
  readonly parentsOf: ReadonlyMap<NodeId, readonly string[]>
}

export type RunUnit = NodeUnit | TestsUnit | ExportsUnit

export function nodesOf(unit: RunUnit): readonly GraphNode[] {
  switch (unit.kind) {
    case 'tests':
      return unit.tests
    case 'exports':
      return unit.exports
    case 'node':
      return [unit.node]
    default:
      return unit satisfies never
  }
}

/** What the units build. */
export function relationsOf(units: readonly RunUnit[]): readonly RelationName[] {
  return units.flatMap((unit) => {
    if (unit.kind !== 'node') return []
    if (unit.node.kind === 'model') return [unit.node.model.relation]
    return unit.node.kind === 'seed' ? [unit.node.seed.relation] : []
  })
}

export interface PlanUnitsOptions {
  readonly graph: Graph
  readonly selected: ReadonlySet<NodeId>
  /** Kinds of nodes that the command runs. */
  readonly kinds: ReadonlySet<GraphNode['kind']>
  /** Expected milliseconds of a node. */
  readonly weight: (id: NodeId) => number
  /** Exports with one key are one commit; undefined for one by itself. */
  readonly commitKey: (node: ExportNode) => string | undefined
}

/** Units in graph order. */
export function planUnits({ graph, selected, kinds, weight, commitKey }: PlanUnitsOptions): readonly RunUnit[] {
  const active = graph.order.filter((id) => selected.has(id) && kinds.has(graph.nodes.get(id)!.kind) && doesSomething(graph.nodes.get(id)!))
  const unitOf = new Map<NodeId, string>()
  const groups = new Map<string, TestNode[]>()
  for (const id of active) {
    const node = graph.nodes.get(id)!
    const unit = unitIdOf(node)
    unitOf.set(id, unit)
    if (node.kind === 'test') groups.set(unit, [...(groups.get(unit) ?? []), node])
  }
  const above = unitsAbove(graph, unitOf, testGates(graph, groups))
  const parentsOf = (nodes: readonly GraphNode[], own: string): string[] => {
    const parents = new Set(nodes.flatMap((node) => [...(above.get(node.id) ?? [])]))
    parents.delete(own)
    return [...parents]
  }
  const units: RunUnit[] = []
  const commits: ExportNode[] = []
  for (const id of active) {
    const node = graph.nodes.get(id)!
    if (node.kind === 'export' && commitKey(node) !== undefined) commits.push(node)
    else if (node.kind !== 'test') units.push({ kind: 'node', id, node, parents: parentsOf([node], id), weight: weight(id) })
  }
  for (const [id, tests] of groups) {
    units.push({ kind: 'tests', id, tests, parents: parentsOf(tests, id), weight: tests.reduce((sum, test) => sum + weight(test.id), 0) })
  }
  for (const [key, exports] of Map.groupBy(commits, (node) => commitKey(node)!)) {
    const parentsByMember = new Map(exports.map((node) => [node.id, parentsOf([node], node.id)]))
    units.push({
      kind: 'exports',
      id: key,
      exports,
      parents: [...new Set([...parentsByMember.values()].flat())],
      parentsOf: parentsByMember,
      weight: exports.reduce((sum, node) => sum + weight(node.id), 0),
    })
  }
  return units
}

function doesSomething(node: GraphNode): boolean {
  return node.kind !== 'source' && !(node.kind === 'model' && node.model.materialized === 'ephemeral')
}

function unitIdOf(node: GraphNode): string {
  return node.kind === 'test' && node.test === 'generic' && sharesScan(node) ? `tests:${node.on}` : node.id
}

/** A test that needs a scan of its own is a unit of its own: it runs beside the others. */
function sharesScan({ use, on, parents }: Extract<TestNode, { test: 'generic' }>): boolean {
  const shape = genericTests.get(use.test)?.shape
  return (shape === 'row' || shape === 'summary') && parents.every((parent) => parent === on)
}

/** For each node the units right above it: through everything that is no unit, and the tests that stand between. */
function unitsAbove(
  graph: Graph,
  unitOf: ReadonlyMap<NodeId, string>,
  gates: ReadonlyMap<NodeId, readonly string[]>,
): ReadonlyMap<NodeId, ReadonlySet<string>> {
  const above = new Map<NodeId, ReadonlySet<string>>()
  for (const id of graph.order) {
    const units = new Set(gates.get(id))
    for (const parent of graph.nodes.get(id)!.parents) {
      const unit = unitOf.get(parent)
      if (unit !== undefined) units.add(unit)
      else for (const further of above.get(parent) ?? []) units.add(further)
    }
    above.set(id, units)
  }
  return above
}

/** For each node the units of tests that stand between it and its ancestors. */
function testGates(graph: Graph, groups: ReadonlyMap<string, readonly TestNode[]>): ReadonlyMap<NodeId, readonly string[]> {
  const gates = new Map<NodeId, string[]>()
  const exports = [...graph.nodes.values()].filter((node) => node.kind === 'export')
  for (const [unit, tests] of groups) {
    const ids = new Set(tests.map(({ id }) => id))
    const requiring = exports.filter(({ requiredTests }) => requiredTests.some((test) => ids.has(test))).map(({ id }) => id)
    for (const id of new Set([...gatedBy(graph, tests[0]!), ...requiring])) {
      const list = gates.get(id)
      if (list) list.push(unit)
      else gates.set(id, [unit])
    }
  }
  return gates
}

/** The first nodes that stand below every parent of a test; what is below those is gated through them. */
function gatedBy(graph: Graph, test: TestNode): readonly NodeId[] {
  const isGated = (id: NodeId): boolean => graph.nodes.get(id)!.kind !== 'test'
  const [first, ...others] = [...new Set(test.parents)]
  if (first === undefined) return []
  if (others.length === 0) return (graph.children.get(first) ?? []).filter(isGated)
  const below = others.reduce((common, parent) => intersect(common, descendants(graph, parent)), descendants(graph, first))
  return [...below].filter((id) => isGated(id) && !graph.nodes.get(id)!.parents.every((parent) => below.has(parent)))
}

function intersect(a: ReadonlySet<NodeId>, b: ReadonlySet<NodeId>): ReadonlySet<NodeId> {
  return new Set([...a].filter((id) => b.has(id)))
}

function descendants(graph: Graph, from: NodeId): ReadonlySet<NodeId> {
  const found = new Set<NodeId>()
  const stack = [...(graph.children.get(from) ?? [])]
  while (stack.length > 0) {
    const id = stack.pop()!
    if (found.has(id)) continue
    found.add(id)
    stack.push(...(graph.children.get(id) ?? []))
  }
  return found
}
