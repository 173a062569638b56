/**
 * Runs units over a graph: a unit starts as soon as its parents are done, the longest remaining path first, at most
 * `threads` at once. A unit that blocks (failed) makes everything below it skipped, with the culprit's name; the others go on.
 * Knows nothing of warehouses.
 */

export interface Unit {
  readonly id: string
  /** Ids of units that must be done before. */
  readonly parents: readonly string[]
  /** Expected duration in any one measure; 1 when unknown. */
  readonly weight: number
}

/** What a unit leaves behind: nothing, or the name of what stops the units below it. */
export interface UnitResult {
  readonly blockedBy?: string
}

export interface ScheduleOptions<U extends Unit> {
  readonly units: readonly U[]
  readonly threads: number
  /** No unit starts after the first that blocks. */
  readonly failFast: boolean
  /** No unit starts once aborted. */
  readonly signal: AbortSignal
  readonly execute: (unit: U) => Promise<UnitResult>
  /** Told once for each unit that never starts. `culprit` is what stopped it; absent when the run was aborted. */
  readonly skip: (unit: U, culprit: string | undefined) => void
}

/** Resolves when every unit is done or skipped. Rejects when `execute` does, after the running ones have ended. */
export async function schedule<U extends Unit>(options: ScheduleOptions<U>): Promise<void> {
  const { units, threads, execute, skip, signal } = options
  const children = childrenOf(units)
  const remaining = remainingPaths(units, children)
  const waitingFor = new Map(units.map((unit) => [unit.id, unit.parents.length]))
  const blocked = new Map<string, string>()
  const ready = units.filter((unit) => unit.parents.length === 0)
  let stopper: string | undefined
  let crash: { readonly error: unknown } | undefined
  const place = new Map(units.map((unit, index) => [unit.id, index]))
  /** The next one last; of equals the one that stands first. */
  const sortReady = (): void => {
    ready.sort((a, b) => remaining.get(a.id)! - remaining.get(b.id)! || place.get(b.id)! - place.get(a.id)!)
  }
  sortReady()

  const finish = (unit: U, culprit: string | undefined): void => {
    const before = ready.length
    for (const child of children.get(unit.id) ?? []) {
      if (culprit !== undefined && !blocked.has(child.id)) blocked.set(child.id, culprit)
      const left = waitingFor.get(child.id)! - 1
      waitingFor.set(child.id, left)
      if (left === 0) ready.push(child)
    }
    if (ready.length > before) sortReady()
  }
  const settle = (unit: U): boolean => {
    const culprit = blocked.get(unit.id) ?? stopper
    if (culprit === undefined && !signal.aborted && !crash) return false
    skip(unit, culprit)
    finish(unit, culprit)
    return true
  }
  const runOne = async (unit: U): Promise<void> => {
    try {
      const { blockedBy } = await execute(unit)
      if (blockedBy !== undefined && options.failFast) stopper ??= blockedBy
      finish(unit, blockedBy)
    } catch (error) {
      crash ??= { error }
      finish(unit, unit.id)
    }
  }
  const running = new Set<Promise<void>>()
  while (ready.length > 0 || running.size > 0) {
    while (ready.length > 0 && running.size < threads) {
      const unit = ready.pop()!
      if (settle(unit)) continue
      const work: Promise<void> = runOne(unit).finally(() => running.delete(work))
      running.add(work)
    }
    if (running.size > 0) await Promise.race(running)
  }
  if (crash) throw crash.error
}

function childrenOf<U extends Unit>(units: readonly U[]): Map<string, U[]> {
  const children = new Map<string, U[]>()
  for (const unit of units) {
    for (const parent of unit.parents) {
      const list = children.get(parent)
      if (list) list.push(unit)
      else children.set(parent, [unit])
    }
  }
  return children
}

/** For each unit the weight of the heaviest path that begins with it. */
function remainingPaths<U extends Unit>(units: readonly U[], children: ReadonlyMap<string, readonly U[]>): Map<string, number> {
  const remaining = new Map<string, number>()
  const stack = units.map((unit) => ({ unit, entered: false }))
  while (stack.length > 0) {
    const { unit, entered } = stack.pop()!
    if (remaining.has(unit.id)) continue
    const below = children.get(unit.id) ?? []
    if (entered) {
      const longest = below.reduce((most, child) => Math.max(most, remaining.get(child.id) ?? 0), 0)
      remaining.set(unit.id, unit.weight + longest)
      continue
    }
    stack.push({ unit, entered: true })
    for (const child of below) if (!remaining.has(child.id)) stack.push({ unit: child, entered: false })
  }
  return remaining
}
