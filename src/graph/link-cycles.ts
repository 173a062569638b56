/** Finds the cycles of models and of macros, and reports them. */
import { nodeNameOf, type NodeId } from '../core/node.ts'
import type { Macro, Model } from '../core/project.ts'
import { findCycles } from './find-cycles.ts'
import type { GraphNode } from './graph.ts'
import { describeCycle, type CycleWording, type EdgePlace } from './report-cycles.ts'
import { spanOf, visitInOrder, type Linking } from './resolve-template.ts'

const modelWording: CycleWording = {
  code: 'cycle',
  noun: 'model',
  verb: 'reads',
  hint: (alone) =>
    alone
      ? 'Its rows as they were before the run are {{self}}, inside {{#incremental}}.'
      : 'Take one of these reads out, or move what both sides need into a model of its own.',
}

const macroWording: CycleWording = {
  code: 'macro-cycle',
  noun: 'macro',
  verb: 'calls',
  hint: () => 'A macro cannot call itself, directly or through others: take one of these calls out.',
}

/** The parents that each model must not have for the graph to be acyclic. */
export function breakModelCycles(linking: Linking, nodes: readonly GraphNode[]): ReadonlyMap<NodeId, ReadonlySet<NodeId>> {
  const models = new Map(nodes.flatMap((node) => (node.kind === 'model' ? [[node.id, node] as const] : [])))
  const dropped = new Map<NodeId, Set<NodeId>>()
  for (const cycle of findCycles(models.keys(), (id) => models.get(id)?.parents ?? [])) {
    const from = cycle.at(-1)!
    dropped.set(from, (dropped.get(from) ?? new Set()).add(cycle[0]!))
    const byName = new Map(cycle.map((id) => [nodeNameOf(id), id]))
    const place = (child: string, parent: string): EdgePlace | undefined =>
      findRead(linking, models.get(byName.get(child)!)!.model, byName.get(parent)!)
    linking.diagnostics.push(describeCycle([...byName.keys()], modelWording, place))
  }
  return dropped
}

export function reportMacroCycles(linking: Linking): void {
  const { names, reader, diagnostics } = linking
  const calls = (name: string): readonly string[] =>
    reader
      .facts(names.macros.get(name)!.sql)
      .names.map((use) => use.name)
      .filter((called) => names.macros.has(called) && !isArgument(names.macros.get(name)!, called))
  for (const cycle of findCycles(names.macros.keys(), calls)) {
    const place = (from: string, to: string): EdgePlace | undefined => findCall(linking, names.macros.get(from)!, to)
    diagnostics.push(describeCycle(cycle, macroWording, place))
  }
}

/** Where the model first reads `parent`. */
function findRead({ reader, names, macroUses }: Linking, model: Model, parent: NodeId): EdgePlace | undefined {
  let found: EdgePlace | undefined
  visitInOrder(reader.facts(model.sql), (use, as) => {
    const isRead = as === 'ref' && names.refs.get(use.name) === parent
    const isThrough = as === 'name' && macroUses.get(use.name)?.reads.includes(parent)
    if (isRead) found ??= { at: spanOf(model.sql, use) }
    else if (isThrough) found ??= { at: spanOf(model.sql, use), through: use.name }
  })
  return found
}

function findCall({ reader }: Linking, macro: Macro, called: string): EdgePlace | undefined {
  const use = reader.facts(macro.sql).names.find(({ name }) => name === called)
  return use && { at: spanOf(macro.sql, use) }
}

function isArgument(macro: Macro, name: string): boolean {
  return macro.args.some((arg) => arg.name === name)
}
