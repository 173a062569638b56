/**
 * The environment that a project sees: the process's, then `.env`, then the defaults of `env:`. Only declared names are
 * visible, and secret values never leave `EnvVariable.value`, except into connections.
 */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { SqlflowError } from '../core/errors.ts'
import { didYouMean } from '../core/nearest-name.ts'
import type { EnvVariable, JsonValue, Project } from '../core/project.ts'
import { compact, listOf } from './compact.ts'
import { keySpan, valueAt, type Document, type EnvUse, type Path } from './document.ts'
import { secretsOfGoogle } from './google-settings.ts'
import { replaceEnvUses } from './env-uses.ts'
import type { ProjectConfig } from './schemas/project.ts'
import { secretsOfTunnel } from './tunnel-settings.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export interface ResolvedEnvironment {
  readonly variables: Readonly<Record<string, EnvVariable>>
  readonly target: string
}

/** The variables of `.env` beside sqlflow.yml; none without the file. A folder of that name is Python's, and holds none. */
export function readEnvFile(root: string): Environment {
  const path = join(root, '.env')
  if (!(statSync(path, { throwIfNoEntry: false })?.isFile() ?? false)) return {}
  const text = readEnvText(path)
  return parseEnv(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)
}

function readEnvText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const hint = 'Check that you may read it, or take it away.'
    throw new SqlflowError('unreadable-file', `The file ${path} cannot be read.`, { hint, cause })
  }
}

export interface EnvironmentSources {
  readonly process: Environment
  readonly file: Environment
}

export function resolveEnvironment(document: Document<ProjectConfig>, target: string, sources: EnvironmentSources): ResolvedEnvironment {
  const variables: Record<string, EnvVariable> = {}
  for (const [name, config] of Object.entries(document.value.env ?? {})) {
    variables[name] = compact<EnvVariable>({
      name,
      secret: config?.secret ?? false,
      targets: config?.targets === undefined ? undefined : listOf(config.targets),
      description: config?.description,
      ...findValue(name, sources, config?.default),
      at: keySpan(document, ['env', name]),
    })
  }
  return { variables, target }
}

/** A variable that is set to the empty text counts as set, as in a shell. */
function findValue(name: string, sources: EnvironmentSources, fallback: string | undefined): Pick<EnvVariable, 'value' | 'from'> {
  const ofProcess = valueOf(sources.process, name)
  if (ofProcess !== undefined) return { value: ofProcess, from: 'environment' }
  const ofFile = valueOf(sources.file, name)
  if (ofFile !== undefined) return { value: ofFile, from: '.env' }
  return fallback === undefined ? {} : { value: fallback, from: 'default' }
}

function valueOf(environment: Environment, name: string): string | undefined {
  return Object.hasOwn(environment, name) ? environment[name] : undefined
}

/** Whether a target needs a variable. */
function isNeededBy(variable: EnvVariable, target: string): boolean {
  return variable.targets === undefined || variable.targets.includes(target)
}

/** Declared variables that the target needs and that nothing sets. A name that is only read with a default (`optional`) is not needed. */
export function findMissingVariables(environment: ResolvedEnvironment, optional: ReadonlySet<string>): readonly Diagnostic[] {
  return Object.values(environment.variables)
    .filter((one) => one.value === undefined && isNeededBy(one, environment.target) && !optional.has(one.name))
    .map((one) =>
      errorDiagnostic(
        'missing-env',
        `The environment variable \`${one.name}\` is not set, and target \`${environment.target}\` needs it.`,
        {
          at: one.at,
          hint: `Set it in the environment or in \`.env\`${one.description === undefined ? '.' : `: ${one.description}`}`,
        },
      ),
    )
}

/** Undeclared names, unset ones, and secrets where they may not go. */
export function checkEnvUses(
  environment: ResolvedEnvironment,
  document: Document<unknown>,
  uses: readonly EnvUse[],
  allowsSecrets: (use: EnvUse) => boolean,
): readonly Diagnostic[] {
  return uses.flatMap((use) => {
    if (use.name === '') return []
    const at = { file: document.file, start: use.start, end: use.end }
    const variable = findVariable(environment, use.name)
    if (!variable) return [undeclared(environment, use.name, at)]
    if (variable.secret && !allowsSecrets(use)) return [misplacedSecret(use.name, at)]
    const isMissing = variable.value === undefined && !use.hasDefault
    return isMissing && !isNeededBy(variable, environment.target) ? [unset(variable, environment.target, at)] : []
  })
}

/** Names that no `env:` declares: a mistake also where the target that reads them is not the one in use. */
export function findUndeclared(
  environment: ResolvedEnvironment,
  document: Document<unknown>,
  uses: readonly EnvUse[],
): readonly Diagnostic[] {
  return uses
    .filter((use) => use.name !== '' && !findVariable(environment, use.name))
    .map((use) => undeclared(environment, use.name, { file: document.file, start: use.start, end: use.end }))
}

/** Whether each use has a value, or says what stands in for it. */
export function hasValues(environment: ResolvedEnvironment, uses: readonly EnvUse[]): boolean {
  return uses.every((use) => use.name === '' || use.hasDefault || findVariable(environment, use.name)?.value !== undefined)
}

function findVariable(environment: ResolvedEnvironment, name: string): EnvVariable | undefined {
  return Object.hasOwn(environment.variables, name) ? environment.variables[name] : undefined
}

function undeclared(environment: ResolvedEnvironment, name: string, at: Diagnostic['at']): Diagnostic {
  const hint = didYouMean(name, Object.keys(environment.variables)) ?? `Declare it in sqlflow.yml: \`env: { ${name}: {} }\`.`
  return errorDiagnostic('undeclared-env', `The environment variable \`${name}\` is not declared under \`env:\` of sqlflow.yml.`, {
    at,
    hint,
  })
}

function misplacedSecret(name: string, at: Diagnostic['at']): Diagnostic {
  return errorDiagnostic('misplaced-secret', `\`${name}\` is a secret, and secrets are read by targets and destinations alone.`, {
    at,
    hint: `Use another variable here, or remove \`secret: true\` from \`${name}\` where it is none.`,
  })
}

function unset(variable: EnvVariable, target: string, at: Diagnostic['at']): Diagnostic {
  return errorDiagnostic('missing-env', `The environment variable \`${variable.name}\` is not set.`, {
    at,
    hint: `It is read for target \`${target}\`, which its declaration does not name. Set it, or write a default: \`\${${variable.name}:-...}\`.`,
    related: [{ message: 'It is declared here.', at: variable.at }],
  })
}

/** The document with every one of `uses` replaced by its value; SQL is not among them. */
export function interpolateDocument<T>(document: Document<T>, uses: readonly EnvUse[], environment: ResolvedEnvironment): Document<T> {
  if (uses.length === 0) return document
  const value = structuredClone(document.value)
  const lookUp = (name: string): string | undefined => findVariable(environment, name)?.value
  for (const path of new Set(uses.map((use) => use.path))) replaceAt(value, path, lookUp)
  return { ...document, value }
}

function replaceAt(root: unknown, path: Path, lookUp: (name: string) => string | undefined): void {
  const parent = valueAt(root as JsonValue, path.slice(0, -1)) as Record<string | number, JsonValue> | undefined
  const last = path.at(-1)
  if (parent === undefined || last === undefined) return
  const text = parent[last]
  if (typeof text === 'string') parent[last] = replaceEnvUses(text, lookUp)
}

/** One line of `sqlflow env`: never a value. */
export interface EnvVariableState {
  readonly name: string
  readonly secret: boolean
  readonly targets?: readonly string[]
  readonly description?: string
  readonly declaredAt: EnvVariable['at']
  readonly isSet: boolean
  readonly from?: 'environment' | '.env' | 'default'
  /** Whether the project's target needs it. */
  readonly needed: boolean
}

export function listEnvVariables(project: Project): readonly EnvVariableState[] {
  return Object.values(project.env).map((one) =>
    compact<EnvVariableState>({
      name: one.name,
      secret: one.secret,
      targets: one.targets,
      description: one.description,
      declaredAt: one.at,
      isSet: one.value !== undefined,
      from: one.from,
      needed: isNeededBy(one, project.target.name),
    }),
  )
}

/** What must be masked wherever text leaves the program: secrets of the environment, passwords of the connection, and keys for Google. */
export function secretValues(project: Project): readonly string[] {
  const secrets = Object.values(project.env).flatMap((one) => (one.secret && one.value !== undefined ? [one.value] : []))
  const { password, url, tunnel } = project.target.connection
  const ofGoogle = [project.google, project.target.google].flatMap(secretsOfGoogle)
  const found = new Set([
    ...secrets,
    ...listOf(password),
    ...passwordsOf(url),
    ...secretsOfTunnel(tunnel),
    ...secrets.flatMap(passwordsOf),
    ...ofGoogle,
  ])
  return [...found].filter((secret) => secret !== '')
}

/** The password in a URL, as it stands there and decoded; also in one that is not written rightly. */
function passwordsOf(url: string | undefined): readonly string[] {
  if (url === undefined) return []
  const password = URL.canParse(url) ? new URL(url).password : (/\/\/[^/:@]*:(.*)@/.exec(url)?.[1] ?? '')
  return [password, decoded(password)]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
