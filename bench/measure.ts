/** One row, or a few that are measured together, of the table of figures. Each compares within itself: nothing is taken from an earlier run. */
export interface Measure {
  /** As the command line names it. */
  readonly name: string
  readonly run: () => Promise<readonly Figure[]>
}

export interface Figure {
  readonly measure: string
  /** What was measured, with its unit; medians, with the spread where it matters. */
  readonly figure: string
  readonly bar: string
  readonly met: boolean
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** One after the other, never at once. */
export async function repeat<T>(times: number, work: (round: number) => Promise<T>): Promise<readonly T[]> {
  const results: T[] = []
  for (let round = 0; round < times; round++) results.push(await work(round))
  return results
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}

export function megabytes(count: number): string {
  return `${Math.round(count)} MB`
}

export function times(ratio: number): string {
  return `${ratio.toFixed(2)} times`
}
