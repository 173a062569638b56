/** Stretches of numbers that follow one another. Pure. */

export interface Run {
  readonly from: number
  /** Exclusive. */
  readonly to: number
}

/** Of ascending numbers, those that follow one another. */
export function runsOf(numbers: readonly number[]): readonly Run[] {
  const runs: { from: number; to: number }[] = []
  for (const one of numbers) {
    const last = runs.at(-1)
    if (last?.to === one) last.to++
    else runs.push({ from: one, to: one + 1 })
  }
  return runs
}
