/** Cycles as diagnostics: every edge, each at the place where the author wrote it. Runs for mistakes alone. */
import { errorDiagnostic, type Diagnostic, type RelatedPlace } from '../core/diagnostic.ts'
import type { Span } from '../core/span.ts'
import type { Cycle } from './find-cycles.ts'

/** Where `from` reads (or calls) `to`, and the macro that it goes through, if any. */
export interface EdgePlace {
  readonly at: Span
  readonly through?: string
}

export interface CycleWording {
  readonly code: string
  /** `model`, `macro`. */
  readonly noun: string
  /** `reads`, `calls`. */
  readonly verb: string
  readonly hint: (alone: boolean) => string
}

export function describeCycle<T extends string>(
  cycle: Cycle<T>,
  { code, noun, verb, hint }: CycleWording,
  place: (from: T, to: T) => EdgePlace | undefined,
): Diagnostic {
  const nodes = startAtLeast(cycle)
  const related = nodes.flatMap((from, at): RelatedPlace[] => {
    const to = nodes[(at + 1) % nodes.length]!
    const edge = place(from, to)
    if (!edge) return []
    const through = edge.through === undefined ? '' : `, through the macro \`${edge.through}\``
    return [{ message: `\`${from}\` ${verb} \`${to}\` here${through}.`, at: edge.at }]
  })
  const message =
    nodes.length === 1
      ? `The ${noun} \`${nodes[0]}\` ${verb} itself.`
      : `These ${noun}s form a cycle: ${[...nodes, nodes[0]].map((name) => `\`${name}\``).join(' → ')}.`
  return errorDiagnostic(code, message, { at: related[0]?.at, hint: hint(nodes.length === 1), related })
}

/** Begins with the least name, so that one cycle is always told the same way. */
function startAtLeast<T extends string>(cycle: Cycle<T>): readonly T[] {
  let least = 0
  for (let at = 1; at < cycle.length; at++) if (cycle[at]! < cycle[least]!) least = at
  return [...cycle.slice(least), ...cycle.slice(0, least)]
}
