/** Named selectors of sqlflow.yml. What they mean is the graph's to say. */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { NamedSelector, SelectorDefinition } from '../core/project.ts'
import { compact } from './compact.ts'
import { keySpan, type Document } from './document.ts'
import type { ProjectConfig, SelectorConfig } from './schemas/project.ts'

export function resolveSelectors(document: Document<ProjectConfig>, diagnostics: Diagnostic[]): readonly NamedSelector[] {
  const selectors = Object.entries(document.value.selectors ?? {}).map(([name, config]) => {
    const isPlain = typeof config === 'string' || Array.isArray(config)
    return compact<NamedSelector>({
      name,
      definition: define(config),
      default: !isPlain && (config.default ?? false),
      description: isPlain ? undefined : config.description,
      at: keySpan(document, ['selectors', name]),
    })
  })
  const [first, second] = selectors.filter((one) => one.default)
  if (first && second) diagnostics.push(twoDefaults(document, first, second))
  return selectors
}

/** A list is a union. */
function define(config: SelectorConfig): SelectorDefinition {
  if (typeof config === 'string') return config
  if (isList(config)) return { union: config.map(define) }
  const { union, intersection, exclude } = config
  return compact<Exclude<SelectorDefinition, string>>({
    union: union?.map(define),
    intersection: intersection?.map(define),
    exclude: exclude?.map(define),
  })
}

function isList(config: SelectorConfig): config is readonly SelectorConfig[] {
  return Array.isArray(config)
}

function twoDefaults(document: Document<ProjectConfig>, first: NamedSelector, second: NamedSelector): Diagnostic {
  return errorDiagnostic('two-defaults', `The selectors \`${first.name}\` and \`${second.name}\` are both the default.`, {
    at: keySpan(document, ['selectors', second.name, 'default']),
    hint: 'Leave `default: true` to one of them.',
    related: [{ message: 'The first one is here.', at: keySpan(document, ['selectors', first.name, 'default']) }],
  })
}
