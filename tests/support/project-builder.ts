/**
 * A project built by hand, for tests of what comes after loading: say what matters, and the rest has ordinary values. Places point
 * into files that hold the SQL alone, so that offsets are those of the text.
 */
import type {
  EnvVariable,
  Export,
  GenericTest,
  JsonValue,
  Macro,
  Materialization,
  Model,
  NamedSelector,
  Project,
  Seed,
  SelectorDefinition,
  SingularTest,
  SourceTable,
  TestOptions,
  TestUse,
} from '../../src/core/project.ts'
import type { Span, SqlSource } from '../../src/core/span.ts'

export function buildProject(parts: Partial<Project> = {}): Project {
  return {
    root: '/field',
    name: 'field',
    targetNames: ['dev'],
    target: {
      name: 'dev',
      type: 'pglite',
      connection: {},
      schema: 'analytics',
      schemaPattern: '{schema}',
      protected: false,
      exports: 'preview',
      threads: 1,
    },
    vars: {},
    varsAt: {},
    env: {},
    models: [],
    seeds: [],
    sources: [],
    macros: [],
    genericTests: [],
    singularTests: [],
    exports: [],
    selectors: [],
    disabled: [],
    ...parts,
  }
}

export function place(file: string, start = 0, end = start): Span {
  return { file, start, end }
}

function sqlIn(file: string, text: string): SqlSource {
  return { file, text, segments: [{ text: 0, file: 0 }] }
}

interface NodeParts {
  readonly folder?: string
  readonly tags?: readonly string[]
  readonly meta?: Readonly<Record<string, JsonValue>>
  readonly describedIn?: string
  readonly owner?: string
}

interface BuildableParts extends NodeParts {
  readonly config?: Readonly<Record<string, JsonValue>>
  readonly tests?: readonly TestUse[]
}

function describe({ tags = [], meta = {}, describedIn, owner }: NodeParts) {
  return { tags, meta, ...(describedIn !== undefined && { describedIn }), ...(owner !== undefined && { owner }) }
}

function buildable(name: string, { tests = [], config = {} }: BuildableParts) {
  const relation = { schema: 'analytics', name }
  return {
    relation,
    columns: [],
    grants: {},
    indexes: [],
    primaryKey: [],
    swap: 'rename' as const,
    design: {},
    renamedFrom: [],
    tests,
    config,
  }
}

export function buildModel(name: string, sql: string, parts: BuildableParts & { readonly materialized?: Materialization } = {}): Model {
  const { folder = 'models', materialized = 'view' } = parts
  const file = `${folder}/${name}.sql`
  const config = { materialized, tags: parts.tags ?? [], ...parts.config }
  return {
    kind: 'model',
    name,
    file,
    at: place(file),
    materialized,
    sql: sqlIn(file, sql),
    ...describe(parts),
    ...buildable(name, { ...parts, config }),
  }
}

export function buildSeed(name: string, parts: BuildableParts = {}): Seed {
  const file = `${parts.folder ?? 'seeds'}/${name}.csv`
  return {
    kind: 'seed',
    name,
    file,
    at: place(file),
    keyColumns: [],
    delimiter: ',',
    nullValues: [],
    ...describe(parts),
    ...buildable(name, parts),
  }
}

export function buildSource(name: string, parts: NodeParts & { readonly tests?: readonly TestUse[] } = {}): SourceTable {
  const [source, table] = name.split('.') as [string, string]
  const file = `${parts.folder ?? 'models'}/sources.yml`
  const relation = { schema: source, name: table }
  return { kind: 'source', name, source, table, file, at: place(file), relation, columns: [], tests: parts.tests ?? [], ...describe(parts) }
}

const ordinaryOptions: TestOptions = { severity: 'error', storeFailures: false, enabled: true }

interface TestParts extends NodeParts {
  readonly options?: Partial<TestOptions>
}

/** A use of a generic test; string arguments are templates, as in a project. */
export function buildTestUse(
  test: string,
  name: string,
  parts: TestParts & { readonly file?: string; readonly column?: string; readonly args?: Readonly<Record<string, JsonValue>> } = {},
): TestUse {
  const { file = 'models/schema.yml', column, args = {}, options } = parts
  const strings = Object.entries(args).filter((pair): pair is [string, string] => typeof pair[1] === 'string')
  return {
    test,
    name,
    ...(column !== undefined && { column }),
    args,
    argSources: Object.fromEntries(strings.map(([key, text]) => [key, sqlIn(file, text)])),
    options: { ...ordinaryOptions, ...options },
    ...describe(parts),
    at: place(file),
  }
}

export function buildSingularTest(name: string, sql: string, parts: TestParts = {}): SingularTest {
  const file = `${parts.folder ?? 'tests'}/${name}.sql`
  return {
    kind: 'singular-test',
    name,
    file,
    at: place(file),
    sql: sqlIn(file, sql),
    options: { ...ordinaryOptions, ...parts.options },
    columns: [],
    ...describe(parts),
  }
}

export function buildGenericTest(name: string, sql: string, args: readonly string[] = []): GenericTest {
  const file = `tests/generic/${name}.sql`
  return { name, file, at: place(file), sql: sqlIn(file, sql), args: args.map(buildArgument) }
}

export function buildMacro(name: string, sql: string, args: readonly string[] = [], dialect?: string): Macro {
  const file = dialect === undefined ? `macros/${name}.sql` : `macros/${name}.${dialect}.sql`
  return {
    name,
    file,
    at: place(file),
    sql: sqlIn(file, sql),
    args: args.map(buildArgument),
    examples: [],
    ...(dialect !== undefined && { dialect }),
  }
}

function buildArgument(name: string): Macro['args'][number] {
  return { name, type: 'any', required: true, variadic: false }
}

/** `read` is a node's name, or a query when it holds a space. */
export function buildExport(name: string, read: string, parts: NodeParts = {}): Export {
  const file = `${parts.folder ?? 'exports'}/${name}.yml`
  const reads: Export['read'] = read.includes(' ') ? { query: sqlIn(file, read) } : { from: read, at: place(file, 6, 6 + read.length) }
  return {
    kind: 'export',
    name,
    file,
    at: place(file),
    read: reads,
    orderBy: [],
    columns: [],
    destination: {
      type: 'csv',
      path: `${name}.csv`,
      at: place(file),
      neutralizeFormulas: false,
      delimiter: ',',
      header: true,
      nullText: '',
      bom: false,
    },
    guards: {},
    enabled: true,
    ...describe(parts),
  }
}

export function buildSelector(name: string, definition: SelectorDefinition, isDefault = false): NamedSelector {
  return { name, definition, default: isDefault, at: place('sqlflow.yml', 0, name.length) }
}

export function buildEnv(name: string, parts: Partial<EnvVariable> = {}): EnvVariable {
  return { name, secret: false, at: place('sqlflow.yml'), ...parts }
}
