/** sqlflow.yml. */
import { z } from 'zod'
import type { JsonValue } from '../../core/project.ts'
import { enabled, flag, grants, json, nodeKeys, orEnvironment, text, textOrList, wholeNumber } from './common.ts'
import { designKeys } from './design.ts'
import { materialized, swap } from './nodes.ts'
import { severity } from './tests.ts'

const envVariable = z
  .union([
    z.null(),
    z.strictObject({
      secret: flag('Never shown, and only to be used in targets and destinations.').exactOptional(),
      targets: textOrList('Targets that need it; all of them when absent.', ['dev', 'prod']).exactOptional(),
      default: text('Value where it is not set.', 'localhost').exactOptional(),
      description: text('What it is, and where to get it.', 'From the wiki page on credentials.').exactOptional(),
    }),
  ])
  .meta({ id: 'EnvVariable', description: 'A variable of the environment.' })

const varType = z
  .enum(['integer', 'number', 'string', 'boolean', 'list', 'any'])
  .meta({ description: 'Type of the value; `any` when absent.', examples: ['integer'] })

const scalar = z.union([z.string(), z.number(), z.boolean()])

const variable = z
  .union([
    scalar,
    z.array(json),
    z.strictObject({
      type: varType.exactOptional(),
      default: json.meta({ description: 'Value where none is given with `--var`.', examples: [2026] }).exactOptional(),
      description: text('What it decides.', 'The election cycle.').exactOptional(),
    }),
  ])
  .meta({ id: 'Variable', description: 'A variable; a plain value is its default.' })

const duration = z.union([
  wholeNumber(0),
  z.string().regex(/^\s*\d+\s*(?:ms|s|min|h)\s*$|\$\{/, 'must be milliseconds, or a duration such as `30s` or `5min`'),
])

const google = z
  .strictObject({
    credentials: text(
      'Credentials of the account: the path of their file, their JSON, or base64 of that. From a secret of `env:`, never written here.',
      '${SHEETS_KEY}',
    ).exactOptional(),
    impersonate: text('A service account to act as.', 'exports@field-1234.iam.gserviceaccount.com').exactOptional(),
    subject: text('A person to act for, by domain-wide delegation.', 'ana@example.org').exactOptional(),
  })
  .meta({ description: 'Which account exports to Google Sheets run as.', examples: [{ credentials: '${SHEETS_KEY}' }] })
export type GoogleConfig = z.infer<typeof google>

const tunnel = z
  .union([
    z.string(),
    z.strictObject({
      url: text('Where the ssh server is, and who logs in there.', 'ssh://ana@bastion.example.org:22'),
      key: text('Private key: its file, or its text from a secret of `env:`; the keys of the agent when absent.', '~/.ssh/id_ed25519').exactOptional(),
      passphrase: text('What the key is locked with: from a secret of `env:`, never written here.', '${BASTION_PASSPHRASE}').exactOptional(),
      known_hosts: text('File of the host keys that are trusted; `~/.ssh/known_hosts` when absent.', 'known_hosts').exactOptional(),
    }),
  ])
  .meta({ description: 'Connects through an ssh server that reaches the warehouse.', examples: ['ssh://ana@bastion.example.org:22'] })
export type TunnelConfig = z.infer<typeof tunnel>

const iam = z
  .strictObject({
    cluster: text('redshift: identifier of the cluster; or else `workgroup`.', 'field-prod').exactOptional(),
    workgroup: text('redshift Serverless: name of the workgroup.', 'field').exactOptional(),
    region: text('Region of AWS; what the environment or the profile says when absent.', 'us-east-1').exactOptional(),
    profile: text('Profile of `~/.aws`; what AWS finds by itself when absent.', 'field').exactOptional(),
    user: text('User of the cluster to log in as; the one that belongs to the IAM identity when absent.', 'transformer').exactOptional(),
    database_groups: textOrList('Groups of the cluster to join for the session.', ['transformers']).exactOptional(),
  })
  .meta({ description: 'Logs in by temporary credentials from AWS.', examples: [{ cluster: 'field-prod', region: 'us-east-1' }] })
export type IamConfig = z.infer<typeof iam>

const target = z
  .strictObject({
    type: z
      .enum(['pglite', 'postgres', 'redshift'])
      .meta({ description: 'Kind of the warehouse: `pglite` is the embedded one.', examples: ['postgres'] }),
    path: text('pglite: folder of the data; `.sqlflow/pglite/<target>` when absent.', '.sqlflow/pglite/local').exactOptional(),
    url: text('Connection as a URL, instead of its parts.', '${DATABASE_URL}').exactOptional(),
    host: text('Host of the server.', 'localhost').exactOptional(),
    port: orEnvironment(wholeNumber(1, 65535), 'a whole number from 1 to 65535', 'Port of the server; 5432, and 5439 on redshift, when absent.', 5432).exactOptional(),
    database: text('Name of the database.', 'field').exactOptional(),
    user: text('Login.', '${PGUSER}').exactOptional(),
    password: text('Password: from a secret of `env:`, never written here.', '${PGPASSWORD}').exactOptional(),
    ssl: orEnvironment(
      z.union([
        z.boolean(),
        z.strictObject({
          reject_unauthorized: flag('Whether the certificate is checked; `true` when absent.').exactOptional(),
          ca: text('Certificate of the authority: PEM, or a file of the project.', 'certs/ca.pem').exactOptional(),
        }),
      ]),
      '`true` or `false`',
      'Whether the connection is encrypted; `true` on redshift when absent.',
      true,
    ).exactOptional(),
    search_path: textOrList('Schemas that unqualified names are looked up in.', ['public']).exactOptional(),
    statement_timeout: duration.meta({ description: 'Longest time of a statement: milliseconds, or with a unit.', examples: ['30min'] }).exactOptional(),
    connect_timeout: duration.meta({ description: 'Longest time to connect; 10 s when absent.', examples: ['10s'] }).exactOptional(),
    role: text('Role to take on after connecting; not on redshift.', 'transformer').exactOptional(),
    query_group: text('redshift: query group of the session, by which a WLM queue takes it.', 'sqlflow').exactOptional(),
    tunnel: tunnel.exactOptional(),
    iam: iam.exactOptional(),
    schema: text('Schema for nodes that name none; `public` when absent.', 'dev_${USER}').exactOptional(),
    schema_pattern: text('What a schema that a node names becomes; `{schema}` when absent: as written.', 'dev_${USER}_{schema}').exactOptional(),
    threads: orEnvironment(wholeNumber(1, 64), 'a whole number from 1 to 64', 'Nodes at one time; 4, and 1 on pglite, when absent.', 8).exactOptional(),
    refs_from: text('Target whose relation a ref reads where this one has none, of the same database.', 'prod').exactOptional(),
    protected: flag('Written to only from CI or from a clean commit of the default branch.').exactOptional(),
    shared: flag('That another target builds in the same schemas of the same database is meant so.').exactOptional(),
    exports: z
      .enum(['live', 'preview', 'off'])
      .meta({ description: 'Whether exports reach their destinations; `preview` when absent.', examples: ['live'] })
      .exactOptional(),
    google: google.exactOptional(),
  })
  .meta({ id: 'Target', description: 'A named connection and schema.', examples: [{ type: 'postgres', url: '${DATABASE_URL}', schema: 'analytics' }] })
export type TargetConfig = z.infer<typeof target>

const folder = z
  .strictObject({
    owner: nodeKeys.owner,
    tags: nodeKeys.tags,
    meta: nodeKeys.meta,
    materialized: materialized.exactOptional(),
    schema: text('Schema of the nodes in it.', 'staging').exactOptional(),
    enabled: enabled.exactOptional(),
    grants: grants.exactOptional(),
    swap: swap.exactOptional(),
    ...designKeys,
    severity: severity.exactOptional(),
    store_failures: flag('Keep the failing rows of the tests in it.').exactOptional(),
  })
  .meta({ id: 'Folder', description: 'Defaults of all that is below a folder.' })
export type FolderConfig = z.infer<typeof folder>

export type SelectorConfig =
  | string
  | readonly SelectorConfig[]
  | { union?: SelectorConfig[]; intersection?: SelectorConfig[]; exclude?: SelectorConfig[] }

const selectorParts = {
  get union() {
    return z.array(selectorDefinition).meta({ description: 'What any of these selects.', examples: [['tag:nightly+']] }).exactOptional()
  },
  get intersection() {
    return z.array(selectorDefinition).meta({ description: 'What all of these select.', examples: [['tag:nightly', 'path:models/marts']] }).exactOptional()
  },
  get exclude() {
    return z.array(selectorDefinition).meta({ description: 'Taken away at the end.', examples: [['tag:slow']] }).exactOptional()
  },
}

const selectorDefinition: z.ZodType<SelectorConfig> = z
  .lazy(() => z.union([z.string(), z.array(selectorDefinition), z.strictObject(selectorParts)]))
  .meta({ id: 'SelectorDefinition', description: 'A selector as on the command line, or several and how they combine.' })

const selector = z
  .union([
    z.string(),
    z.array(selectorDefinition),
    z.strictObject({
      ...selectorParts,
      default: flag('Used where a command names no selector.').exactOptional(),
      description: text('What it is for.', 'Everything that the night run builds.').exactOptional(),
    }),
  ])
  .meta({ id: 'Selector', description: 'A named selector.' })

export const projectSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_-]*$/, 'must be letters, digits, `_` and `-`, and begin with a letter')
      .meta({ description: 'Name of the project; relations that it builds are stamped with it.', examples: ['field'] }),
    default_target: text('Target of commands that name none; the embedded one when absent. Never a protected one.', 'dev').exactOptional(),
    env: z
      .record(z.string(), envVariable)
      .meta({ description: 'Every variable of the environment that the project reads.', examples: [{ DATABASE_URL: { secret: true, targets: ['prod'] } }] })
      .exactOptional(),
    vars: z
      .record(z.string(), variable)
      .meta({ description: 'Variables of templates: `{{var \'cycle\'}}`.', examples: [{ cycle: { type: 'integer', default: 2026 } }] })
      .exactOptional(),
    targets: z
      .record(z.string(), target)
      .meta({ description: 'Targets by name. `local`, embedded, is there without being declared.', examples: [{ local: { type: 'pglite' } }] })
      .exactOptional(),
    google: google.exactOptional(),
    folders: z
      .record(z.string(), folder)
      .meta({ description: 'Defaults by folder; the nearest wins.', examples: [{ 'models/staging': { materialized: 'view', schema: 'staging' } }] })
      .exactOptional(),
    selectors: z
      .record(z.string(), selector)
      .meta({ description: 'Named selectors.', examples: [{ nightly: { union: ['tag:nightly+'], exclude: ['tag:slow'] } }] })
      .exactOptional(),
  })
  .meta({ title: 'sqlflow.yml', description: 'What a project is called, where it runs, and what holds for all of it.' })
export type ProjectConfig = z.infer<typeof projectSchema>

/** A variable as declared, whatever the spelling. */
export interface VariableConfig {
  readonly type: z.infer<typeof varType>
  readonly default?: JsonValue
}
