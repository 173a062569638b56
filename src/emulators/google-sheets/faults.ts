/** Faults of the world, planted for a call: before it is applied, or after, when only the answer is lost. */

export type FaultKind =
  | '429'
  | '429-retry-after'
  | '401'
  | '500-before'
  | '503-before'
  | '500-after-commit'
  | '503-after-commit'
  | 'reset-before'
  | 'reset-after-commit'
  | 'html-502'
  | 'truncated'
  | 'slow'

export interface Fault {
  /** Tried on `METHOD path`. */
  readonly match: RegExp
  /** Of the calls that match, from 1; the next one when absent. */
  readonly nth?: number
  readonly kind: FaultKind
  /** slow: milliseconds until the answer. */
  readonly delay?: number
}

export interface Faults {
  add(fault: Fault): void
  clear(): void
  /** The fault of a call, if it has one: each happens once. */
  take(call: string): Fault | undefined
}

export function createFaults(): Faults {
  let planted: { readonly fault: Fault; seen: number }[] = []
  return {
    add: (fault) => {
      planted.push({ fault, seen: 0 })
    },
    clear: () => {
      planted = []
    },
    take: (call) => {
      for (const one of planted) {
        if (!one.fault.match.test(call)) continue
        one.seen++
        if (one.seen < (one.fault.nth ?? 1)) continue
        planted = planted.filter((other) => other !== one)
        return one.fault
      }
      return undefined
    },
  }
}
