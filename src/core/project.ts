/**
 * A project as loaded from its files: validated, every config resolved for one target, nothing rendered. All of it is
 * plain data. `at` and `...At` are where the author wrote the thing.
 */
import type { RelationName } from './relation.ts'
import type { Span, SqlSource } from './span.ts'

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }

export interface Project {
  /** Absolute path of the folder of sqlflow.yml. */
  readonly root: string
  readonly name: string
  readonly target: Target
  /** Every target that sqlflow.yml declares, for messages and completion. */
  readonly targetNames: readonly string[]
  /** Where refs to nodes that are neither selected nor there lead: `refs_from` of the target. */
  readonly refsFrom?: TargetSchemas
  readonly google?: GoogleSettings
  /** Every declared variable, flags applied, typed. */
  readonly vars: Readonly<Record<string, JsonValue>>
  /** Where each variable is declared. */
  readonly varsAt: Readonly<Record<string, Span>>
  /** Every variable of the environment that `env:` declares. */
  readonly env: Readonly<Record<string, EnvVariable>>
  readonly models: readonly Model[]
  readonly seeds: readonly Seed[]
  readonly sources: readonly SourceTable[]
  readonly macros: readonly Macro[]
  readonly genericTests: readonly GenericTest[]
  readonly singularTests: readonly SingularTest[]
  readonly exports: readonly Export[]
  readonly selectors: readonly NamedSelector[]
  /** Nodes with `enabled: false`: in none of the lists above, kept so that a ref to one can say so. */
  readonly disabled: readonly DisabledNode[]
}

export interface DisabledNode {
  readonly kind: 'model' | 'seed' | 'source' | 'test' | 'export'
  /** Of a source, `source.table`. */
  readonly name: string
  readonly at: Span
}

/** How a target names schemas: what decides the relation of a node. */
export type TargetSchemas = Pick<Target, 'name' | 'type' | 'schema' | 'schemaPattern'>

/** A named connection and schema, every `${NAME}` in it replaced. Its connection may hold secrets: never printed. */
export interface Target {
  readonly name: string
  readonly type: 'pglite' | 'postgres' | 'redshift'
  readonly connection: ConnectionOptions
  /** For nodes that name no schema. */
  readonly schema: string
  readonly schemaPattern: string
  readonly protected: boolean
  readonly exports: 'live' | 'preview' | 'off'
  readonly threads: number
  /** Over those of the project, key by key. */
  readonly google?: GoogleSettings
  readonly at?: Span
}

/** Which account exports to Google Sheets run as, every `${NAME}` replaced. `credentials` may hold a key: never printed. */
export interface GoogleSettings {
  /** The path of a file of credentials, its JSON, or base64 of that. */
  readonly credentials?: string
  /** A service account to act as. */
  readonly impersonate?: string
  /** A person to act for, by domain-wide delegation. */
  readonly subject?: string
}

export interface ConnectionOptions {
  /** pglite: the data directory, absolute. */
  readonly path?: string
  readonly url?: string
  readonly host?: string
  readonly port?: number
  readonly database?: string
  readonly user?: string
  readonly password?: string
  readonly ssl?: boolean | { readonly rejectUnauthorized: boolean; readonly ca?: string }
  readonly searchPath?: readonly string[]
  /** Milliseconds; none when absent. */
  readonly statementTimeout?: number
  /** Milliseconds. */
  readonly connectTimeout?: number
  readonly role?: string
  /** redshift: `query_group` of every session. */
  readonly queryGroup?: string
  readonly tunnel?: TunnelOptions
  readonly iam?: IamOptions
}

/** An ssh server through which the warehouse is reached. */
export interface TunnelOptions {
  readonly host: string
  readonly port: number
  readonly user: string
  /** A private key as text, or its file, absolute; the agent's when absent. */
  readonly key?: string
  readonly passphrase?: string
  /** Absolute. */
  readonly knownHosts: string
  /** Socket of the agent of ssh. */
  readonly agent?: string
}

/** Whose temporary credentials are asked of AWS. */
export type IamOptions = ClusterIam | WorkgroupIam

interface IamIdentity {
  readonly region?: string
  readonly profile?: string
}

export interface ClusterIam extends IamIdentity {
  readonly cluster: string
  /** Of the cluster; the one that belongs to the IAM identity when absent. */
  readonly user?: string
  readonly databaseGroups?: readonly string[]
}

export interface WorkgroupIam extends IamIdentity {
  readonly workgroup: string
}

export interface EnvVariable {
  readonly name: string
  readonly secret: boolean
  /** Targets that need it; all of them when absent. */
  readonly targets?: readonly string[]
  readonly description?: string
  /** Not present when unset. Never printed, cached or written when `secret`. */
  readonly value?: string
  /** Where the value came from. */
  readonly from?: 'environment' | '.env' | 'default'
  readonly at: Span
}

/** What every node of a project carries. */
interface NodeBase {
  readonly name: string
  /** Relative to the root, forward slashes. */
  readonly file: string
  /** The YAML file that also describes it, if any. */
  readonly describedIn?: string
  /** Where it is declared: the file's first byte, or its key in YAML. */
  readonly at: Span
  readonly description?: string
  readonly owner?: string
  readonly tags: readonly string[]
  readonly meta: Readonly<Record<string, JsonValue>>
}

export interface Column {
  readonly name: string
  readonly description?: string
  /** Postgres's `format_type` spelling. */
  readonly type?: string
  readonly sensitive: boolean
  /** Redshift's compression: `zstd`. */
  readonly encode?: string
}

/** A column of a CSV file: what does not fit it is told at the line that declares the column. */
export interface PlacedColumn extends Column {
  readonly at: Span
}

export interface PlacedName {
  readonly name: string
  readonly at: Span
}

export interface Index {
  readonly columns: readonly string[]
  readonly unique: boolean
  readonly method?: string
}

/** How Redshift keeps a relation; other warehouses have no such thing. */
export interface Design {
  readonly dist?: 'auto' | 'even' | 'all' | { readonly column: string }
  readonly sort?: 'auto' | { readonly columns: readonly string[]; readonly interleaved: boolean }
  /** Of a table: whether snapshots hold it. */
  readonly backup?: boolean
  /** Of a view: whether it is bound to what it reads. */
  readonly bind?: boolean
  readonly queryGroup?: string
  /** Of a materialized view: whether it follows what it reads by itself. */
  readonly autoRefresh?: boolean
  /** Of a table: whether its statistics are collected once it is built. */
  readonly analyze?: boolean
}

export interface FormerName {
  readonly name: string
  /** `2026-12-31`: the last day of the view under the old name. */
  readonly until: string
  readonly at: Span
}

interface Buildable extends NodeBase {
  readonly relation: RelationName
  readonly columns: readonly Column[]
  /** Privilege (lower case) to roles. */
  readonly grants: Readonly<Record<string, readonly string[]>>
  readonly indexes: readonly Index[]
  readonly primaryKey: readonly string[]
  /** Names that it had, the oldest first. */
  readonly renamedFrom: readonly FormerName[]
  readonly swap: Swap
  readonly design: Design
  readonly tests: readonly TestUse[]
  /** The configuration as it applies (defaults by folder merged in), for `config.x:` selectors and manifests. */
  readonly config: Readonly<Record<string, JsonValue>>
}

export type Materialization = 'view' | 'table' | 'materialized_view' | 'ephemeral'

/** How a table that is there gets its new rows: by renaming, or (`in_place`) by deleting and inserting, which older snapshots of readers survive. */
export type Swap = 'rename' | 'in_place'

export interface Model extends Buildable {
  readonly kind: 'model'
  readonly materialized: Materialization
  readonly sql: SqlSource
}

export interface Seed extends Buildable {
  readonly kind: 'seed'
  readonly columns: readonly PlacedColumn[]
  /** Columns that `dist` and `sort` name, where they name them. */
  readonly keyColumns: readonly PlacedName[]
  readonly delimiter: string
  /** Fields that read as NULL when unquoted; the empty unquoted field always does. */
  readonly nullValues: readonly string[]
}

export interface SourceTable extends NodeBase {
  readonly kind: 'source'
  /** `van`, of `van.contacts`. `name` is `van.contacts`. */
  readonly source: string
  readonly table: string
  readonly relation: RelationName
  /** A CSV, relative to the root, that stands in where the target has no such table. */
  readonly sample?: string
  /** What it is loaded from, instead of being somebody's table. */
  readonly googleSheet?: SheetSource
  readonly columns: readonly PlacedColumn[]
  readonly tests: readonly TestUse[]
}

/** A tab of a Google Sheet. */
export interface SheetSource {
  /** Id of the spreadsheet. */
  readonly spreadsheet: string
  /** Title or number; the first tab when absent. */
  readonly tab?: string | number
  /** From 1. */
  readonly headerRow: number
  /** The columns that are taken; all when absent. */
  readonly columns?: readonly SheetColumn[]
  readonly at: Span
}

export interface SheetColumn {
  /** In the warehouse. */
  readonly name: string
  readonly header: string
  readonly at: Span
}

export interface Macro {
  readonly name: string
  readonly file: string
  /** `postgres`, `redshift` of `name.redshift.sql`. */
  readonly dialect?: string
  readonly sql: SqlSource
  readonly description?: string
  readonly args: readonly MacroArg[]
  /** Template texts to be compiled by `sqlflow test`. */
  readonly examples: readonly SqlSource[]
  readonly at: Span
}

export interface MacroArg {
  readonly name: string
  readonly type: 'sql' | 'string' | 'integer' | 'number' | 'boolean' | 'list' | 'any'
  readonly description?: string
  readonly default?: JsonValue
  readonly required: boolean
  readonly variadic: boolean
}

/** Options that every data test takes. */
export interface TestOptions {
  readonly severity: 'error' | 'warn'
  /** A comparison of the count of failing rows: `> 10`. */
  readonly warnIf?: string
  readonly errorIf?: string
  /** A number of rows, or a share of the relation's rows (`1%` is `{ share: 0.01 }`). */
  readonly maxFailures?: number | { readonly share: number }
  readonly where?: SqlSource
  /** Bounds the rows that are shown or kept, never the count. */
  readonly limit?: number
  readonly storeFailures: boolean
  readonly enabled: boolean
}

/** A generic test used on a relation or on one of its columns. */
export interface TestUse {
  /** `unique`, or one that the project defines. */
  readonly test: string
  /** Unique in the project: `unique_supporters_supporter_id`; the author's `name:` where there is one. */
  readonly name: string
  readonly column?: string
  readonly args: Readonly<Record<string, JsonValue>>
  /** The string arguments as templates with their places; key as in `args`. */
  readonly argSources: Readonly<Record<string, SqlSource>>
  readonly options: TestOptions
  readonly description?: string
  readonly owner?: string
  readonly tags: readonly string[]
  readonly meta: Readonly<Record<string, JsonValue>>
  readonly at: Span
}

/** `tests/*.sql`: a SELECT of failing rows. */
export interface SingularTest extends NodeBase {
  readonly kind: 'singular-test'
  readonly sql: SqlSource
  readonly options: TestOptions
  readonly columns: readonly Column[]
}

/** `tests/generic/*.sql`: a SELECT of failing rows with arguments, beside the implied `relation` and `column`. */
export interface GenericTest {
  readonly name: string
  readonly file: string
  readonly sql: SqlSource
  readonly description?: string
  readonly args: readonly MacroArg[]
  readonly at: Span
}

export interface Export extends NodeBase {
  readonly kind: 'export'
  /** What is read: a node by name (or `source.table`), or a query. */
  readonly read: { readonly from: string; readonly at: Span } | { readonly query: SqlSource }
  readonly orderBy: readonly string[]
  /** Empty: all columns. `*` stands for those not listed. */
  readonly columns: readonly ExportColumn[]
  readonly destination: ExportDestination
  /** A SELECT, each row of which is one part of the export: its rows are those whose first column here has the same value. */
  readonly forEach?: SqlSource
  readonly guards: ExportGuards
  readonly enabled: boolean
}

export interface ExportGuards {
  readonly minRows?: number
  /** A share: 0.3 allows the loss of 30% of the rows. */
  readonly maxShrink?: number
  /** Names of data tests that must have passed in the same run. */
  readonly requiredTests?: readonly RequiredTest[]
}

export interface RequiredTest {
  readonly name: string
  readonly at: Span
}

/** An export that writes a file. */
export type FileExport = Export & { readonly destination: FileDestination }
/** An export that writes to Google Sheets. */
export type SheetExport = Export & { readonly destination: SheetDestination }

export interface ExportColumn {
  readonly name: string
  readonly title?: string
  /** `text`, or a number or date format as spreadsheets write them. */
  readonly format?: string
  /** Its texts are formulas, which the spreadsheet computes. */
  readonly formula?: boolean
  readonly at: Span
}

export type ExportDestination = FileDestination | SheetDestination

export interface FileDestination {
  /** `json` is one array; `jsonl` one object a line. */
  readonly type: 'csv' | 'json' | 'jsonl' | 'xlsx'
  readonly path: string
  /** Where the path is written, or the destination that goes without one. */
  readonly at: Span
  /** csv: prefix cells that a spreadsheet would read as a formula. */
  readonly neutralizeFormulas: boolean
  readonly delimiter: string
  readonly header: boolean
  readonly nullText: string
  /** csv: begin with a byte order mark, for Excel. */
  readonly bom: boolean
  /** xlsx: the name of the sheet. */
  readonly sheet?: string
}

/** A tab of a Google Sheets spreadsheet. `{name}` in `spreadsheet` and `tab` stands for a column of the part's row of `for_each`. */
export interface SheetDestination {
  readonly type: 'google_sheets'
  /** Id, or URL, of the spreadsheet. */
  readonly spreadsheet: string
  /** Title, or number (`gid` of the URL). */
  readonly tab: string | number
  /** The first cell, from 0. */
  readonly start: { readonly row: number; readonly column: number }
  readonly header: boolean
  readonly mode: SheetMode
  /** Columns of what is read that name a row. */
  readonly key: readonly string[]
  readonly onRemoved: 'keep' | 'clear' | 'delete_row' | { readonly mark: string }
  readonly onNewColumns: 'refuse' | 'insert'
  readonly nullText: string
  readonly bigNumbers: 'text' | 'number' | 'error'
  readonly longText: 'error' | 'truncate'
  /** Of timestamps with a zone; that of the spreadsheet when absent. */
  readonly timeZone?: string
  /** snapshot: how many tabs are kept. */
  readonly keep?: number
  readonly stamp?: SheetStamp
  readonly at: Span
}

export type SheetMode = 'replace' | 'append' | 'upsert' | 'snapshot'

/** Where readers see how old the data are. `checked`: also written when nothing changed. */
export interface SheetStamp {
  readonly cell: 'header_note' | { readonly row: number; readonly column: number }
  readonly time: 'changed' | 'checked'
}

export interface NamedSelector {
  readonly name: string
  readonly definition: SelectorDefinition
  readonly default: boolean
  readonly description?: string
  readonly at: Span
}

/** A string is a selector as typed on the command line. */
export type SelectorDefinition =
  | string
  | {
      readonly union?: readonly SelectorDefinition[]
      readonly intersection?: readonly SelectorDefinition[]
      readonly exclude?: readonly SelectorDefinition[]
    }
