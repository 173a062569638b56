/**
 * `refs_from`: the target that stands in for what this one lacks. Only how it names schemas is read, so that nobody needs its credentials; that
 * it is the same database is checked as far as the environment allows.
 */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { didYouMean } from '../core/nearest-name.ts'
import type { Target, TargetSchemas } from '../core/project.ts'
import { valueSpan, type Document } from './document.ts'
import { checkEnvUses, interpolateDocument, type ResolvedEnvironment } from './environment.ts'
import { databaseOf } from './database-identity.ts'
import { resolveIfSet } from './meeting-targets.ts'
import type { ProjectConfig } from './schemas/project.ts'
import { resolveTarget, targetNames } from './target.ts'

export interface RefsFrom {
  readonly refsFrom?: TargetSchemas
  readonly diagnostics: readonly Diagnostic[]
}

/** `document` is as written: of the other target, the environment is read here. */
export function resolveRefsFrom(
  document: Document<ProjectConfig>,
  environment: ResolvedEnvironment,
  target: Target,
  root: string,
): RefsFrom {
  const name = document.value.targets?.[target.name]?.refs_from
  if (name === undefined) return { diagnostics: [] }
  const at = valueSpan(document, ['targets', target.name, 'refs_from'])
  const names = targetNames(document).filter((one) => one !== target.name)
  if (!names.includes(name)) {
    const hint = didYouMean(name, names) ?? (names.length === 0 ? undefined : `Other targets are ${names.join(', ')}.`)
    const message = name === target.name ? `The target \`${name}\` cannot stand in for itself.` : `There is no target \`${name}\`.`
    return { diagnostics: [errorDiagnostic('unknown-target', message, { at, hint })] }
  }
  const other = resolveIfSet(document, environment, name, root)
  if (other && databaseOf(other) !== databaseOf(target)) return { diagnostics: [otherDatabase(target.name, name, at)] }
  const uses = document.envUses.filter(
    ({ path }) => path[0] === 'targets' && path[1] === name && (path[2] === 'schema' || path[2] === 'schema_pattern'),
  )
  const { type, schema, schemaPattern } = resolveTarget(interpolateDocument(document, uses, environment), name, {
    root,
    environment: {},
  }).target
  return { refsFrom: { name, type, schema, schemaPattern }, diagnostics: checkEnvUses(environment, document, uses, () => true) }
}

function otherDatabase(target: string, name: string, at: Diagnostic['at']): Diagnostic {
  return errorDiagnostic(
    'refs-from-elsewhere',
    `The targets \`${target}\` and \`${name}\` are different databases, and a query reads one.`,
    {
      at,
      hint: 'Remove `refs_from`, or name a target of the same database.',
    },
  )
}
