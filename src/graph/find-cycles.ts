/**
 * Cycles of a directed graph. Dropping the closing edge of each one found leaves a graph without cycles, so that
 * what follows may rely on that even where the project is wrong.
 */

/** Nodes in order; each leads to the next, and the last, by the closing edge, to the first. */
export type Cycle<T> = readonly T[]

/** Linear when there is no cycle; then one breadth-first search more for each, so that the shortest one is shown. */
export function findCycles<T extends string>(starts: Iterable<T>, next: (node: T) => readonly T[]): readonly Cycle<T>[] {
  const cycles: Cycle<T>[] = []
  for (const [from, to] of findBackEdges(starts, next)) cycles.push(shortestPath(to, from, next))
  return cycles
}

function findBackEdges<T extends string>(starts: Iterable<T>, next: (node: T) => readonly T[]): [T, T][] {
  const edges: [T, T][] = []
  const state = new Map<T, 'open' | 'done'>()
  const stack: { node: T; targets: readonly T[]; at: number }[] = []
  const enter = (node: T): void => {
    state.set(node, 'open')
    stack.push({ node, targets: next(node), at: 0 })
  }
  for (const start of starts) {
    if (!state.has(start)) enter(start)
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const target = top.targets[top.at++]
      if (target === undefined) {
        state.set(top.node, 'done')
        stack.pop()
      } else if (!state.has(target)) enter(target)
      else if (state.get(target) === 'open') edges.push([top.node, target])
    }
  }
  return edges
}

/** `to` is known to be reachable from `from`. */
function shortestPath<T extends string>(from: T, to: T, next: (node: T) => readonly T[]): readonly T[] {
  const cameFrom = new Map<T, T | undefined>([[from, undefined]])
  const queue = [from]
  for (const node of queue) {
    if (node === to) break
    for (const target of next(node)) {
      if (cameFrom.has(target)) continue
      cameFrom.set(target, node)
      queue.push(target)
    }
  }
  const path: T[] = []
  for (let node: T | undefined = to; node !== undefined; node = cameFrom.get(node)) path.push(node)
  return path.reverse()
}
