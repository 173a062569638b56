/** The target of a command: chosen, interpolated, completed by defaults. Nothing connects here. */
import { readFileSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { didYouMean } from '../core/nearest-name.ts'
import type { ConnectionOptions, Target } from '../core/project.ts'
import { compact, listOf } from './compact.ts'
import { keySpan, valueSpan, writtenKeys, type Document } from './document.ts'
import type { Environment } from './environment.ts'
import { resolveGoogle } from './google-settings.ts'
import { resolveIam } from './iam-settings.ts'
import type { ProjectConfig, TargetConfig } from './schemas/project.ts'
import { resolveTunnel } from './tunnel-settings.ts'

/** The embedded target, there in every project that declares none of this name. */
const implicitTarget = 'local'

export interface ChosenTarget {
  readonly name: string
  readonly diagnostics: readonly Diagnostic[]
}

/** Those declared, also where the declaration was refused, and the implicit one. */
export function targetNames(document: Document<ProjectConfig>): readonly string[] {
  return [...new Set([...writtenKeys(document, ['targets']), ...Object.keys(document.value.targets ?? {}), implicitTarget])]
}

/** `asked`: by flag or `SQLFLOW_TARGET`. Always names a target that exists. */
export function chooseTarget(document: Document<ProjectConfig>, asked: string | undefined): ChosenTarget {
  const { default_target: byDefault, targets = {} } = document.value
  const names = targetNames(document)
  const diagnostics: Diagnostic[] = []
  if (byDefault !== undefined && !names.includes(byDefault)) {
    diagnostics.push(unknownTarget(byDefault, names, { at: valueSpan(document, ['default_target']) }))
  } else if (byDefault !== undefined && Object.hasOwn(targets, byDefault) && targets[byDefault]!.protected) {
    diagnostics.push(protectedDefault(document, byDefault))
  }
  if (asked !== undefined && !names.includes(asked)) {
    return { name: implicitTarget, diagnostics: [...diagnostics, unknownTarget(asked, names, {})] }
  }
  const name = asked ?? byDefault ?? implicitTarget
  return { name: names.includes(name) ? name : implicitTarget, diagnostics }
}

function unknownTarget(name: string, names: readonly string[], details: { at?: Diagnostic['at'] }): Diagnostic {
  const hint = didYouMean(name, names) ?? `Targets are ${names.join(', ')}.`
  return errorDiagnostic('unknown-target', `There is no target \`${name}\`.`, { ...details, hint })
}

function protectedDefault(document: Document<ProjectConfig>, name: string): Diagnostic {
  return errorDiagnostic(
    'protected-default',
    `The default target \`${name}\` is protected; a protected target is only used when it is named.`,
    {
      at: valueSpan(document, ['default_target']),
      hint: 'Remove the line, or name another target.',
      related: [{ message: 'It is protected here.', at: keySpan(document, ['targets', name, 'protected']) }],
    },
  )
}

export interface ResolvedTarget {
  readonly target: Target
  readonly diagnostics: readonly Diagnostic[]
}

/** What a target is resolved against. */
export interface TargetSurroundings {
  readonly root: string
  /** Of the process: where the agent and the files of ssh are. */
  readonly environment: Environment
}

/** `document` is interpolated. Mistakes never hold the value that an environment variable gave. */
export function resolveTarget(document: Document<ProjectConfig>, name: string, { root, environment }: TargetSurroundings): ResolvedTarget {
  const targets = document.value.targets ?? {}
  const declared = Object.hasOwn(targets, name) ? targets[name] : undefined
  const config: TargetConfig = declared ?? { type: 'pglite' }
  const reader = new TargetReader(document, name)
  const isEmbedded = config.type === 'pglite'
  const target = compact<Target>({
    name,
    type: config.type,
    connection: isEmbedded ? embeddedConnection(config, name, root) : serverConnection(config, reader, { root, environment }),
    schema: reader.schema(config),
    schemaPattern: reader.schemaPattern(config),
    protected: config.protected ?? false,
    exports: config.exports ?? 'preview',
    threads: reader.number('threads', config.threads) ?? (isEmbedded ? 1 : 4),
    google: resolveGoogle(config.google),
    at: declared && keySpan(document, ['targets', name]),
  })
  if (declared) reader.checkKeys(config)
  return { target, diagnostics: reader.diagnostics }
}

function embeddedConnection(config: TargetConfig, name: string, root: string): ConnectionOptions {
  const path = config.path ?? join('.sqlflow', 'pglite', name)
  return { path: isAbsolute(path) ? path : resolve(root, path) }
}

function serverConnection(config: TargetConfig, reader: TargetReader, { root, environment }: TargetSurroundings): ConnectionOptions {
  return compact<ConnectionOptions>({
    url: config.url,
    host: config.host,
    port: reader.number('port', config.port),
    database: config.database,
    user: config.user,
    password: config.password,
    ssl: reader.ssl(config, root),
    searchPath: config.search_path === undefined ? undefined : listOf(config.search_path),
    statementTimeout: reader.duration('statement_timeout', config.statement_timeout),
    connectTimeout: reader.duration('connect_timeout', config.connect_timeout),
    role: config.role,
    queryGroup: config.query_group,
    tunnel: resolveTunnel(config.tunnel, { root, environment, report: reader.reportTunnel }),
    iam: resolveIam(config.iam),
  })
}

const serverKeys = [
  'url',
  'host',
  'port',
  'database',
  'user',
  'password',
  'ssl',
  'search_path',
  'connect_timeout',
  'role',
  'query_group',
  'tunnel',
  'iam',
] as const
const postgresUrl = { protocols: /^(?:postgres|postgresql|socket):|^\//, example: 'postgres://user@host:5432/database' }
const redshiftUrl = { protocols: /^(?:redshift|postgres|postgresql):/, example: 'redshift://user@host:5439/database' }
const urlParts = ['host', 'port', 'database', 'user', 'password'] as const
const milliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 }

/** Reads the values of one target, and keeps what is wrong with them. */
class TargetReader {
  readonly diagnostics: Diagnostic[] = []
  private readonly document: Document<ProjectConfig>
  private readonly name: string

  constructor(document: Document<ProjectConfig>, name: string) {
    this.document = document
    this.name = name
  }

  checkKeys(config: TargetConfig): void {
    if (config.type === 'pglite') this.refuse(config, serverKeys, 'an embedded target connects to no server')
    else this.checkServer(config)
  }

  private checkServer(config: TargetConfig): void {
    this.refuse(config, ['path'], 'only an embedded target has a folder')
    if (config.type === 'redshift') this.checkRedshift(config)
    else this.refuse(config, ['query_group', 'iam'], 'only Redshift has it')
    if (config.url !== undefined) this.checkUrl(config, config.url)
    else if (config.iam !== undefined) this.checkIamParts(config)
    else if (config.host === undefined && config.database === undefined) this.reportNoServer()
    if (config.tunnel !== undefined && config.host?.startsWith('/')) this.report('tunnel', 'leads to a server, and `host` is a folder')
  }

  private checkRedshift(config: TargetConfig): void {
    this.refuse(config, ['role'], 'Redshift has no `set role`', 'Remove the line, and log in as the user who owns the relations.')
    const { iam } = config
    if (iam === undefined) return
    if ((iam.cluster === undefined) === (iam.workgroup === undefined)) this.report('iam', 'must name either `cluster` or `workgroup`')
    if (iam.workgroup !== undefined) {
      const keys = (['user', 'database_groups'] as const).filter((key) => iam[key] !== undefined)
      for (const key of keys) this.refuseKey(['iam', key], 'the user of a workgroup is the one of the IAM identity')
    } else if (iam.database_groups !== undefined && iam.user === undefined) {
      this.refuseKey(['iam', 'database_groups'], 'without `user`, AWS gives no groups')
    }
    if (config.url === undefined) this.refuse(config, ['user', 'password'], 'user and password come from AWS by `iam`')
  }

  private checkIamParts(config: TargetConfig): void {
    if (config.database === undefined) this.report('iam', 'needs `database` beside it')
  }

  /** Nothing of it is told: it may hold a password. */
  private checkUrl(config: TargetConfig, url: string): void {
    this.refuse(config, urlParts, 'the `url` of this target says it')
    const { protocols, example } = config.type === 'redshift' ? redshiftUrl : postgresUrl
    if (!protocols.test(url)) this.report('url', `must be one such as \`${example}\``)
    const login = URL.parse(url)
    if (config.iam !== undefined && (login?.username || login?.password)) this.report('url', 'holds a login, and `iam` has AWS give it')
  }

  /** As a callback: what is wrong with `tunnel`. */
  readonly reportTunnel = (what: string): void => this.report('tunnel', what)

  schema(config: TargetConfig): string {
    if (config.schema === '') this.report('schema', 'is empty')
    return config.schema || 'public'
  }

  schemaPattern(config: TargetConfig): string {
    const pattern = config.schema_pattern ?? '{schema}'
    if (!pattern.includes('{schema}')) {
      this.report('schema_pattern', 'must hold `{schema}`, which stands for the schema that a node names')
      return '{schema}'
    }
    return pattern
  }

  number(key: 'port' | 'threads', value: number | string | undefined): number | undefined {
    if (value === undefined || typeof value === 'number') return value
    const limit = key === 'port' ? 65535 : 64
    const number = Number(value)
    if (/^\s*\d+\s*$/.test(value) && number >= 1 && number <= limit) return number
    this.report(key, `must be a whole number from 1 to ${limit}; what the environment gives is none`)
    return undefined
  }

  duration(key: 'statement_timeout' | 'connect_timeout', value: number | string | undefined): number | undefined {
    if (value === undefined || typeof value === 'number') return value
    const found = /^\s*(\d+)\s*(ms|s|min|h)?\s*$/.exec(value)
    if (found) return Number(found[1]) * milliseconds[found[2] ?? 'ms']!
    this.report(key, 'must be milliseconds, or a duration such as `30s`; what the environment gives is none')
    return undefined
  }

  ssl(config: TargetConfig, root: string): ConnectionOptions['ssl'] {
    const { ssl } = config
    if (ssl === undefined || typeof ssl === 'boolean') return ssl
    if (typeof ssl === 'string') {
      if (ssl === 'true' || ssl === 'false') return ssl === 'true'
      this.report('ssl', 'must be `true` or `false`; what the environment gives is neither')
      return undefined
    }
    return compact<Exclude<ConnectionOptions['ssl'], boolean | undefined>>({
      rejectUnauthorized: ssl.reject_unauthorized ?? true,
      ca: ssl.ca === undefined ? undefined : this.certificate(ssl.ca, root),
    })
  }

  private certificate(ca: string, root: string): string | undefined {
    if (ca.includes('-----BEGIN')) return ca
    try {
      return readFileSync(resolve(root, ca), 'utf8')
    } catch {
      this.report('ssl', 'names a certificate that cannot be read')
      return undefined
    }
  }

  private refuse(config: TargetConfig, keys: readonly (keyof TargetConfig)[], reason: string, hint?: string): void {
    for (const key of keys) {
      if (config[key] !== undefined) this.refuseKey([key], reason, hint)
    }
  }

  private refuseKey(path: readonly string[], reason: string, hint = 'Remove the line.'): void {
    const at = keySpan(this.document, ['targets', this.name, ...path])
    this.diagnostics.push(errorDiagnostic('useless-key', `\`${path.at(-1)}\` means nothing here: ${reason}.`, { at, hint }))
  }

  private report(key: string, what: string): void {
    const at = valueSpan(this.document, ['targets', this.name, key])
    this.diagnostics.push(errorDiagnostic('bad-target', `\`${key}\` of target \`${this.name}\` ${what}.`, { at }))
  }

  private reportNoServer(): void {
    this.diagnostics.push(
      errorDiagnostic('bad-target', `Target \`${this.name}\` says neither \`url\` nor \`host\` and \`database\`.`, {
        at: keySpan(this.document, ['targets', this.name]),
        hint: 'Write `url: ${DATABASE_URL}`, and declare the name under `env:` with `secret: true`.',
      }),
    )
  }
}
