/** What YAML files say of models, seeds, sources and tests, by name, whatever file says it. */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { didYouMean } from '../core/nearest-name.ts'
import type { Span } from '../core/span.ts'
import { keySpan, subDocument, type Document } from './document.ts'
import type { ModelConfig, SeedConfig, SourceConfig } from './schemas/nodes.ts'
import type { PropertiesConfig } from './schemas/properties.ts'
import type { SingularTestConfig } from './schemas/tests.ts'

export interface PropertyEntry<T> {
  readonly document: Document<T>
  /** The key: the name of what is described. */
  readonly at: Span
}

export type SourceParts = readonly [PropertyEntry<SourceConfig>, ...PropertyEntry<SourceConfig>[]]

export interface PropertyEntries {
  readonly models: ReadonlyMap<string, PropertyEntry<ModelConfig>>
  readonly seeds: ReadonlyMap<string, PropertyEntry<SeedConfig>>
  /** The tables of one source may be spread over several files. */
  readonly sources: ReadonlyMap<string, SourceParts>
  readonly tests: ReadonlyMap<string, PropertyEntry<SingularTestConfig>>
}

export function gatherProperties(documents: readonly Document<PropertiesConfig>[], diagnostics: Diagnostic[]): PropertyEntries {
  const gather = <T>(
    kind: Exclude<keyof PropertyEntries, 'sources'>,
    entriesOf: (value: PropertiesConfig) => Readonly<Record<string, T>> | undefined,
  ) => {
    const entries = new Map<string, PropertyEntry<T>>()
    for (const document of documents) {
      for (const [name, value] of Object.entries(entriesOf(document.value) ?? {})) {
        const at = keySpan(document, [kind, name])
        const first = entries.get(name)
        if (first) diagnostics.push(describedTwice(kind, name, at, first.at))
        else entries.set(name, { document: subDocument(document, [kind, name], value), at })
      }
    }
    return entries
  }
  return {
    models: gather('models', (value) => value.models),
    seeds: gather('seeds', (value) => value.seeds),
    sources: gatherSources(documents),
    tests: gather('tests', (value) => value.tests),
  }
}

function gatherSources(documents: readonly Document<PropertiesConfig>[]): ReadonlyMap<string, SourceParts> {
  const sources = new Map<string, SourceParts>()
  for (const document of documents) {
    for (const [name, value] of Object.entries(document.value.sources ?? {})) {
      const part = { document: subDocument(document, ['sources', name], value), at: keySpan(document, ['sources', name]) }
      const known = sources.get(name)
      sources.set(name, known ? [...known, part] : [part])
    }
  }
  return sources
}

function describedTwice(kind: string, name: string, at: Span, first: Span): Diagnostic {
  return errorDiagnostic('said-twice', `\`${name}\` stands under \`${kind}\` a second time.`, {
    at,
    hint: 'Join the two.',
    related: [{ message: 'The first one is here.', at: first }],
  })
}

/** Entries for things that do not exist. */
export function findUnknownEntries(
  entries: PropertyEntries,
  names: Readonly<Record<'models' | 'seeds' | 'tests', ReadonlySet<string>>>,
): readonly Diagnostic[] {
  const kinds = ['models', 'seeds', 'tests'] as const
  return kinds.flatMap((kind) =>
    [...entries[kind]].filter(([name]) => !names[kind].has(name)).map(([name, entry]) => unknownEntry(kind, name, entry.at, names)),
  )
}

const files = { models: 'models/**/*.sql', seeds: 'seeds/**/*.csv', tests: 'tests/**/*.sql' } as const
const singular = { models: 'model', seeds: 'seed', tests: 'data test' } as const

function unknownEntry(
  kind: keyof typeof files,
  name: string,
  at: Span,
  names: Readonly<Record<keyof typeof files, ReadonlySet<string>>>,
): Diagnostic {
  const other = (['models', 'seeds', 'tests'] as const).find((one) => names[one].has(name))
  const hint = other ? `There is a ${singular[other]} of this name: describe it under \`${other}:\`.` : didYouMean(name, names[kind])
  return errorDiagnostic(`unknown-${singular[kind].replace(' ', '-')}`, `No file of \`${files[kind]}\` is named \`${name}\`.`, {
    at,
    hint: hint ?? 'Correct the name, or remove what is said of it.',
  })
}
