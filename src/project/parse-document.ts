/** YAML text to a validated document. The only way to js-yaml and zod: imported where a file is new to the cache. */
import type { z } from 'zod'
import type { JsonValue } from '../core/project.ts'
import { findEndlessAliases } from './yaml-aliases.ts'
import type { Document, EnvUse, Path } from './document.ts'
import type { DocumentKind, DocumentValues } from './document-kinds.ts'
import { exportSchema } from './schemas/exports.ts'
import { genericTestSchema, macroSchema } from './schemas/macros.ts'
import { modelSchema } from './schemas/nodes.ts'
import { projectSchema } from './schemas/project.ts'
import { propertiesSchema } from './schemas/properties.ts'
import { singularTestSchema } from './schemas/tests.ts'
import { validate } from './validate.ts'
import { parseYaml } from './yaml.ts'

export const documentSchemas: { readonly [K in DocumentKind]: z.ZodType<DocumentValues[K]> } = {
  project: projectSchema,
  model: modelSchema,
  macro: macroSchema,
  'singular-test': singularTestSchema,
  'generic-test': genericTestSchema,
  export: exportSchema,
  properties: propertiesSchema,
}

/** `start` is the offset of `text` in the file. */
export function parseDocument<K extends DocumentKind>(kind: K, file: string, text: string, start: number): Document<DocumentValues[K]> {
  const parsed = parseYaml(file, text, start)
  const document: Document<JsonValue> = { ...parsed, file, value: parsed.value ?? {}, place: () => parsed.place }
  const endless = findEndlessAliases(document, text, start)
  if (endless) return { ...document, value: empty(kind), envUses: [], diagnostics: [...parsed.diagnostics, endless] }
  const isBroken = parsed.value === null && parsed.diagnostics.length > 0
  if (isBroken) return { ...document, value: empty(kind) }
  const { value, diagnostics } = validate(documentSchemas[kind], document, empty(kind))
  return {
    ...document,
    value,
    envUses: parsed.envUses.filter((use) => !isSql(use)),
    diagnostics: [...parsed.diagnostics, ...diagnostics],
  }
}

/** SQL reads the environment by `{{env}}`; `${` there is SQL's own. */
function isSql(use: EnvUse): boolean {
  return use.path.some((step, index) => isSqlKey(step, use.path, index))
}

const sqlKeys = new Set(['query', 'for_each', 'where', 'expression', 'tests', 'examples'])

function isSqlKey(step: string | number, path: Path, index: number): boolean {
  return typeof step === 'string' && sqlKeys.has(step) && !(step === 'tests' && index === 0 && typeof path[1] === 'string')
}

/** The least that a document of a kind can say. */
function empty<K extends DocumentKind>(kind: K): DocumentValues[K] {
  const least: Partial<DocumentValues> = { project: { name: 'project' } }
  return (least[kind] ?? {}) as DocumentValues[K]
}
