/** Facts of a template as the cache keeps them: short, because there are some for every template of a project. Pure. */
import type { TemplateFacts, Use } from './template.ts'

/** `name, start, end`, and `true` after those that may be nothing. One list for many uses is read much faster than an object for each. */
type PackedUses = readonly (string | number | true)[]

const lists = ['refs', 'sources', 'vars', 'envs', 'names', 'stateUses'] as const
const flags = ['usesSelf', 'usesIncremental', 'usesRun', 'usesTarget'] as const

/** What a template does not use is absent. */
export type PackedFacts = Partial<Record<(typeof lists)[number], PackedUses> & Record<(typeof flags)[number], true>>

export function packFacts(facts: TemplateFacts): PackedFacts {
  const packed: PackedFacts = {}
  for (const list of lists) if (facts[list].length > 0) packed[list] = packUses(facts[list])
  for (const flag of flags) if (facts[flag]) packed[flag] = true
  return packed
}

export function unpackFacts(packed: PackedFacts): TemplateFacts {
  return {
    refs: unpackUses(packed.refs),
    sources: unpackUses(packed.sources),
    vars: unpackUses(packed.vars),
    envs: unpackUses(packed.envs),
    names: unpackUses(packed.names),
    stateUses: unpackUses(packed.stateUses),
    usesSelf: packed.usesSelf ?? false,
    usesIncremental: packed.usesIncremental ?? false,
    usesRun: packed.usesRun ?? false,
    usesTarget: packed.usesTarget ?? false,
  }
}

function packUses(uses: readonly Use[]): PackedUses {
  return uses.flatMap(({ name, start, end, maybe }) => (maybe === true ? [name, start, end, true] : [name, start, end]))
}

const none: readonly Use[] = []

function unpackUses(packed: PackedUses | undefined): readonly Use[] {
  if (packed === undefined) return none
  const uses: Use[] = []
  for (let at = 0; at < packed.length; at += 3) {
    const name = packed[at] as string
    const start = packed[at + 1] as number
    const end = packed[at + 2] as number
    if (packed[at + 3] === true) {
      uses.push({ name, start, end, maybe: true })
      at++
    } else uses.push({ name, start, end })
  }
  return uses
}
