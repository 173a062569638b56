/**
 * Two targets on one database that build in the same schema overwrite each other's relations: nobody's `staging` takes the place of
 * production's unless one of the two says `shared: true`. Targets are compared as resolved, as far as the environment allows; what is told
 * of them is their names and the schema, never a connection.
 */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { JsonValue, Target } from '../core/project.ts'
import { databaseOf } from './database-identity.ts'
import { keySpan, type Document } from './document.ts'
import { hasValues, interpolateDocument, type ResolvedEnvironment } from './environment.ts'
import { resolveRelation } from './relation-names.ts'
import type { ProjectConfig } from './schemas/project.ts'
import { resolveTarget } from './target.ts'

export interface Built {
  readonly name: string
  readonly materialized?: string
  /** Holds the `schema` that the node or its folder names. */
  readonly config: Readonly<Record<string, JsonValue>>
}

interface Place {
  readonly name: string
  readonly database: string
  readonly schemas: ReadonlySet<string>
}

/** `document` is as written: of each target, the environment is read here. `built` are the nodes that become relations. */
export function findMeetingTargets(
  document: Document<ProjectConfig>,
  environment: ResolvedEnvironment,
  built: readonly Built[],
  root: string,
): readonly Diagnostic[] {
  const names = Object.entries(document.value.targets ?? {}).flatMap(([name, config]) => (config.shared === true ? [] : [name]))
  if (names.length < 2) return []
  const written = new Set(built.filter((one) => one.materialized !== 'ephemeral').map((one) => schemaOf(one)))
  const places = names.flatMap((name) => {
    const target = resolveIfSet(document, environment, name, root)
    const schemas = target && [...written].map((schema) => resolveRelation(target, { schema, name: '' }).schema)
    return target ? [{ name, database: databaseOf(target), schemas: new Set(schemas) }] : []
  })
  return places.flatMap((place, index) => places.slice(0, index).flatMap((first) => meeting(document, first, place)))
}

/** The schema that a node or its folder names. */
export function schemaOf({ config }: Built): string | undefined {
  const { schema } = config
  return typeof schema === 'string' ? schema : undefined
}

/** Undefined where the target reads a variable that nothing sets here. */
export function resolveIfSet(
  document: Document<ProjectConfig>,
  environment: ResolvedEnvironment,
  name: string,
  root: string,
): Target | undefined {
  const uses = document.envUses.filter((use) => use.path[0] === 'targets' && use.path[1] === name)
  if (!hasValues(environment, uses)) return undefined
  return resolveTarget(interpolateDocument(document, uses, environment), name, { root, environment: {} }).target
}

function meeting(document: Document<ProjectConfig>, first: Place, second: Place): readonly Diagnostic[] {
  if (first.database !== second.database) return []
  const [schema, ...others] = [...second.schemas].filter((one) => first.schemas.has(one)).sort()
  if (schema === undefined) return []
  const where =
    others.length === 0 ? `the schema \`${schema}\`` : `the schemas ${[schema, ...others].map((one) => `\`${one}\``).join(', ')}`
  return [
    errorDiagnostic(
      'meeting-targets',
      `The targets \`${first.name}\` and \`${second.name}\` are one database, and both build in ${where}.`,
      {
        at: keySpan(document, ['targets', second.name]),
        hint: `Give one of them another \`schema\` or \`schema_pattern\`, such as \`${second.name}_{schema}\`; or say \`shared: true\` in one, where it is meant so.`,
        related: [{ message: `The target \`${first.name}\` is here.`, at: keySpan(document, ['targets', first.name]) }],
      },
    ),
  ]
}
