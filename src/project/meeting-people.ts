/**
 * A target whose `schema` reads the environment gives each person (or pull request) a schema of their own. Schemas that nodes name must then differ as
 * well, or all would build in one `staging`. Seen from what is written alone, whoever asks.
 */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { keySpan, valueSpan, type Document } from './document.ts'
import { schemaOf, type Built } from './meeting-targets.ts'
import type { ProjectConfig } from './schemas/project.ts'

/** `document` is as written; `built` are the nodes that become relations. */
export function findMeetingPeople(document: Document<ProjectConfig>, built: readonly Built[]): readonly Diagnostic[] {
  const named = [...new Set(built.flatMap((one) => (one.materialized === 'ephemeral' ? [] : (schemaOf(one) ?? []))))].sort()
  if (named.length === 0) return []
  return Object.entries(document.value.targets ?? {}).flatMap(([name, config]): readonly Diagnostic[] => {
    const readsEnvironment = (key: string): boolean =>
      document.envUses.some(({ path }) => path[0] === 'targets' && path[1] === name && path[2] === key)
    if (config.shared === true || !readsEnvironment('schema') || readsEnvironment('schema_pattern')) return []
    const at =
      config.schema_pattern === undefined ? keySpan(document, ['targets', name]) : valueSpan(document, ['targets', name, 'schema_pattern'])
    const schemas = named.map((schema) => `\`${(config.schema_pattern ?? '{schema}').replaceAll('{schema}', schema)}\``).join(', ')
    return [
      errorDiagnostic(
        'meeting-people',
        `The target \`${name}\` has the schema \`${config.schema}\`, each person's own, but everybody would build in ${schemas}.`,
        {
          at,
          hint: `Add \`schema_pattern: "${config.schema}_{schema}"\`; or say \`shared: true\`, where it is meant so.`,
        },
      ),
    ]
  })
}
