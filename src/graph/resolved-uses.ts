/**
 * What a node's templates use, with the macros that they call followed to the end: what its compiled SQL depends on
 * beside its own text.
 */
import type { NodeId } from '../core/node.ts'

export interface ResolvedUses {
  /** Nodes read, of every kind, in the order of their first use. */
  readonly reads: readonly NodeId[]
  /** Of `reads`: models and seeds. */
  readonly refs: readonly NodeId[]
  /** Of `reads`: sources. */
  readonly sources: readonly NodeId[]
  readonly vars: readonly string[]
  readonly envs: readonly string[]
  /** Called, directly or through another macro. */
  readonly macros: readonly string[]
  readonly usesSelf: boolean
  readonly usesIncremental: boolean
  readonly usesRun: boolean
  readonly usesTarget: boolean
}

export const noUses: ResolvedUses = {
  reads: [],
  refs: [],
  sources: [],
  vars: [],
  envs: [],
  macros: [],
  usesSelf: false,
  usesIncremental: false,
  usesRun: false,
  usesTarget: false,
}

/** All of them together, each name once, in the order of the first. */
export function mergeUses(all: readonly ResolvedUses[]): ResolvedUses {
  const used = all.filter((one) => one !== noUses)
  if (used.length < 2) return used[0] ?? noUses
  return {
    reads: union(used, (one) => one.reads),
    refs: union(used, (one) => one.refs),
    sources: union(used, (one) => one.sources),
    vars: union(used, (one) => one.vars),
    envs: union(used, (one) => one.envs),
    macros: union(used, (one) => one.macros),
    usesSelf: used.some((one) => one.usesSelf),
    usesIncremental: used.some((one) => one.usesIncremental),
    usesRun: used.some((one) => one.usesRun),
    usesTarget: used.some((one) => one.usesTarget),
  }
}

/** The uses of something that reads one node and nothing else. */
export function usesOfNode(id: NodeId): ResolvedUses {
  const isSource = id.startsWith('source:')
  return { ...noUses, reads: [id], refs: isSource ? [] : [id], sources: isSource ? [id] : [] }
}

function union<T>(all: readonly ResolvedUses[], list: (one: ResolvedUses) => readonly T[]): readonly T[] {
  const lists = all.map(list).filter((one) => one.length > 0)
  return lists.length < 2 ? (lists[0] ?? []) : [...new Set(lists.flat())]
}
