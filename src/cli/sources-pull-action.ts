/** `sqlflow sources pull`: the file of a source brought up to what its schema holds; what people wrote into it stays. */
import { readFileSync } from 'node:fs'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { countOf } from '../core/count-of.ts'
import { DiagnosticsError, SqlflowError } from '../core/errors.ts'
import { didYouMean } from '../core/nearest-name.ts'
import { nodeId } from '../core/node.ts'
import type { Project } from '../core/project.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { dialectOf } from '../dialects/dialect-of.ts'
import { hasWildcard, matchName } from '../graph/glob.ts'
import { readStamp } from '../materializations/aside-names.ts'
import { whyNotWritten, writeAside } from '../project/write-aside.ts'
import type { PulledTable, SourceChange } from '../project/update-sources.ts'
import { applicationName } from '../runner/application-name.ts'
import { createRunId } from '../runner/run-id.ts'
import { trackSessions } from '../runner/run-sessions.ts'
import type { SchemaContents, SchemaTable } from '../warehouses/catalog-reader.ts'
import { openWarehouse } from '../warehouses/open-warehouse.ts'
import { lockTableName } from '../warehouses/redshift/lock-table-name.ts'
import { flagOption, listOption, textOption, type CommandInput } from './command.ts'
import type { CliIo, ExitCode } from './io.ts'
import { commandStyle, loadOnly, type CommandStyle } from './open-project.ts'

export async function pullSources(io: CliIo, input: CommandInput): Promise<ExitCode> {
  const { root, loaded, readText } = await loadOnly(io, input)
  const { project } = loaded
  if (!project) throw new DiagnosticsError(loaded.diagnostics, readText)
  const [schema] = input.args
  if (schema === undefined) throw new SqlflowError('bad-usage', 'Name the schema to pull: `sqlflow sources pull tmc_van`.')
  const source = sourceName(input, schema)
  refuseOtherSchema(project, source, schema)
  const file = chooseFile(io, input, root, { project, source, schema })
  const broken = loaded.diagnostics.filter((one) => one.severity === 'error' && isPropertyFile(one.at?.file ?? ''))
  if (broken.length > 0) throw new DiagnosticsError(broken, readText)

  const dialect = dialectOf(project.target)
  const contents = await readContents(io, project, { schema, dialect })
  const pulled = whatToPull({ project, source, schema, file, contents, globs: listOption(input.options, 'table') })
  const { updateSources } = await import('../project/update-sources.ts')
  const before = readIfThere(join(root, file))
  const text = before?.replaceAll('\r\n', '\n')
  const updated = updateSources(text, { source, schema, dialect, ...pulled })
  const check = flagOption(input.options, 'check')
  const written = !check && updated.text !== (text ?? '')
  if (written) write(join(root, file), before?.includes('\r\n') === true ? updated.text.replaceAll('\n', '\r\n') : updated.text)

  const { changes } = updated
  if (flagOption(input.options, 'json')) {
    const unreadable = pulled.unreadable.map(({ name }) => name)
    io.stdout.write(`${JSON.stringify({ file, source, schema, written, changes, unreadable })}\n`)
  } else tell(io, input, { file, schema, check, changes, unreadable: pulled.unreadable, user: contents.user, dialect })
  return check && changes.length > 0 ? 1 : 0
}

/** A mistake in one of these may hide what is declared already; mistakes elsewhere are no reason not to pull. */
function isPropertyFile(file: string): boolean {
  return /^models\/.*\.ya?ml$/i.test(file)
}

/** A name that selectors and templates take as it is. */
function sourceName({ options }: CommandInput, schema: string): string {
  const name = textOption(options, 'name')
  if (name === undefined) return schema.replaceAll(/\W+/g, '_')
  if (/^\w+$/.test(name)) return name
  throw new SqlflowError('bad-usage', `\`--name\` takes letters, digits and underscores, not \`${name}\`.`)
}

function refuseOtherSchema({ sources }: Project, source: string, schema: string): void {
  const other = sources.find((one) => one.source === source && one.relation.schema !== schema)
  if (!other) return
  throw new SqlflowError('bad-usage', `The source \`${source}\` stands for the schema ${other.relation.schema}, not ${schema}.`, {
    hint: 'Give this schema a source of its own: --name.',
  })
}

interface Where {
  readonly project: Project
  readonly source: string
  readonly schema: string
}

/** Relative to the root, forward slashes. */
function chooseFile(io: CliIo, { options }: CommandInput, root: string, { project, source, schema }: Where): string {
  const given = textOption(options, 'file')
  if (given !== undefined) return checkFile(relative(root, resolve(io.cwd, given)).replaceAll('\\', '/'), given)
  const known = filesOf(project, source)
  const usual = `models/sources/${schema.replaceAll(/[^\w.-]+/g, '_').replace(/^\.+/, '_')}.yml`
  const [first, ...others] = known
  if (first === undefined || known.includes(usual)) return usual
  if (others.length === 0) return first
  throw new SqlflowError('bad-usage', `The source \`${source}\` is declared in several files: ${known.join(', ')}.`, {
    hint: 'Say by --file which one is to be updated; tables of the others are left to them.',
  })
}

function checkFile(file: string, given: string): string {
  const isInModels = !isAbsolute(file) && file.startsWith('models/') && !file.split('/').includes('..')
  if (isInModels && /\.ya?ml$/i.test(file)) return file
  throw new SqlflowError('bad-usage', `\`--file\` takes a YAML file in models/, where a project keeps its sources, not \`${given}\`.`)
}

/** Also of tables that are disabled. */
function filesOf({ sources, disabled }: Project, source: string): readonly string[] {
  const enabled = sources.filter((one) => one.source === source).map((one) => one.file)
  const others = disabled.filter((one) => one.kind === 'source' && one.name.startsWith(`${source}.`)).map((one) => one.at.file)
  return [...new Set([...enabled, ...others])].sort()
}

interface SchemaIn {
  readonly schema: string
  readonly dialect: Dialect
}

async function readContents(io: CliIo, project: Project, { schema, dialect }: SchemaIn): Promise<SchemaContents> {
  await using warehouse = await openWarehouse(project.target, { applicationName: applicationName(project.name, createRunId(io.now())) })
  const found = await trackSessions(warehouse, io.signal)((session) => session.catalog.schema(schema))
  const contents = { ...found, tables: found.tables.filter(({ name }) => name !== lockTableName) }
  if (!contents.exists) {
    throw new SqlflowError('missing-schema', `Target \`${project.target.name}\` has no schema ${schema}.`, {
      hint: didYouMean(schema, contents.schemas) ?? `It has ${contents.schemas.join(', ')}.`,
    })
  }
  const isClosed = !contents.mayUse || (contents.tables.length > 0 && contents.tables.every(({ mayRead }) => !mayRead))
  if (isClosed) {
    throw new SqlflowError('schema-not-readable', `The ${dialect.principal} ${contents.user} may not read the schema ${schema}.`, {
      hint: `Its owner can allow it: ${grantsFor(contents, { schema, dialect })}`,
    })
  }
  return contents
}

/** USAGE where it is missing; SELECT on the tables only where the role may read none. */
function grantsFor({ mayUse, tables, user }: SchemaContents, { schema, dialect }: SchemaIn): string {
  const [role, name] = [dialect.grantee(user), dialect.quoteIdentifier(schema)]
  const readsNone = tables.every(({ mayRead }) => !mayRead)
  return [
    ...(mayUse ? [] : [`grant usage on schema ${name} to ${role};`]),
    ...(readsNone ? [`grant select on all tables in schema ${name} to ${role};`] : []),
  ].join(' ')
}

interface Pulled {
  readonly tables: readonly PulledTable[]
  readonly concerns: (relation: string) => boolean
  /** New ones that are therefore not added. */
  readonly unreadable: readonly SchemaTable[]
}

interface WhatToPull extends Where {
  readonly file: string
  readonly contents: SchemaContents
  readonly globs: readonly string[]
}

/** Left out: what this project builds itself, samples and sheets too, and tables that another file declares. */
function whatToPull({ project, source, schema, file, contents, globs }: WhatToPull): Pulled {
  const declared = project.sources.filter((one) => one.source === source)
  const left = new Set(declared.filter((one) => one.file !== file || one.googleSheet).map((one) => one.relation.name))
  const isOwn = (table: SchemaTable): boolean => readStamp(table.comment)?.project === project.name
  for (const table of contents.tables) if (isOwn(table)) left.add(table.name)
  const wanted = globs.map(matchName)
  const isWanted = (name: string): boolean => globs.length === 0 || wanted.some((match) => match(name))
  const tables = contents.tables.filter(({ name }) => isWanted(name) && !left.has(name))
  const known = new Set(declared.map((one) => one.relation.name))
  if (tables.length === 0 && ![...known].some(isWanted)) throw nothingToPull({ schema, contents, globs, project })
  return {
    tables: tables.map(toPulled),
    concerns: (name) => isWanted(name) && !left.has(name),
    unreadable: tables.filter(({ name, mayRead }) => !mayRead && !known.has(name)),
  }
}

function nothingToPull({ schema, contents, globs, project }: Pick<WhatToPull, 'schema' | 'contents' | 'globs' | 'project'>): SqlflowError {
  const names = contents.tables.map(({ name }) => name)
  const [glob] = globs
  const matches = globs.length > 0 && !names.some((name) => globs.some((one) => matchName(one)(name)))
  if (names.length === 0) return new SqlflowError('nothing-to-pull', `The schema ${schema} holds no tables.`)
  if (matches && glob !== undefined) {
    return new SqlflowError('nothing-to-pull', `No table of ${schema} matches ${globs.map((one) => `\`${one}\``).join(' or ')}.`, {
      hint: hasWildcard(glob) ? undefined : didYouMean(glob, names),
    })
  }
  const sample = contents.tables.some((table) => readStamp(table.comment)?.node.startsWith(nodeId('source', '')) === true)
  return new SqlflowError(
    'nothing-to-pull',
    `Target \`${project.target.name}\` holds nothing in ${schema} but what this project put there.`,
    {
      hint: sample
        ? 'Those are samples of sources. Pull from the target that has the tables: --target.'
        : 'Sources are tables of somebody else.',
    },
  )
}

function toPulled({ name, comment, mayRead, columns }: SchemaTable): PulledTable {
  return {
    name,
    mayRead,
    ...describedBy(comment),
    columns: columns.map((column) => ({ name: column.name, type: column.type, ...describedBy(column.comment) })),
  }
}

/** A comment without the stamp of another project. */
function describedBy(comment: string | undefined): { readonly description?: string } {
  const description = comment?.replace(/(?:^|\n)sqlflow: [^\n]*$/, '').trim() ?? ''
  return description === '' ? {} : { description }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new SqlflowError('unreadable-file', `${path} cannot be read.`, { cause: error, hint: 'Check its permissions.' })
  }
}

function write(path: string, text: string): void {
  try {
    writeAside(path, text)
  } catch (error) {
    throw new SqlflowError('sources-not-written', `${path} was not written, and is as it was: ${whyNotWritten(error)}.`, { cause: error })
  }
}

interface Told extends SchemaIn {
  readonly file: string
  readonly check: boolean
  readonly changes: readonly SourceChange[]
  readonly unreadable: readonly SchemaTable[]
  readonly user: string
}

function tell(io: CliIo, input: CommandInput, told: Told): void {
  const { file, schema, check, changes } = told
  const style = commandStyle(io, input.options)
  for (const change of changes) io.stdout.write(`${describeChange(change, style)}\n`)
  if (told.unreadable.length > 0) io.stderr.write(tellUnreadable(told))
  if (changes.length === 0) io.stdout.write(`Nothing has changed: ${file} is as the schema ${schema} is.\n`)
  else io.stdout.write(`${summarize(changes)} ${check ? `${file} was not written, because of --check.` : `Written to ${file}.`}\n`)
}

function describeChange(change: SourceChange, { out }: CommandStyle): string {
  const line = (mark: string, color: Parameters<CommandStyle['out']>[0], name: string, told: string): string =>
    `${out(color, mark)} ${name.padEnd(40)} ${out('dim', told)}`
  switch (change.change) {
    case 'table-added':
      return line('+', 'green', change.table, countOf(change.columns, 'column'))
    case 'column-added':
      return line('+', 'green', `${change.table}.${change.column}`, change.type)
    case 'column-retyped':
      return line('~', 'yellow', `${change.table}.${change.column}`, `${change.was ?? 'no type'} → ${change.type}`)
    case 'table-gone':
      return line('-', 'red', change.table, goneBecause(change.kept))
    case 'column-gone':
      return line('-', 'red', `${change.table}.${change.column}`, goneBecause(change.kept))
  }
}

function goneBecause(kept: boolean): string {
  return kept ? 'gone; kept in the file, with what people wrote of it: move that, or remove it' : 'gone'
}

function summarize(changes: readonly SourceChange[]): string {
  const count = (...kinds: readonly SourceChange['change'][]): number => changes.filter(({ change }) => kinds.includes(change)).length
  const parts = [
    [count('table-added'), 'table', 'added'],
    [count('column-added'), 'column', 'added'],
    [count('column-retyped'), 'column', 'retyped'],
    [count('table-gone'), 'table', 'gone'],
    [count('column-gone'), 'column', 'gone'],
  ] as const
  const told = parts.filter(([number]) => number > 0).map(([number, noun, became]) => `${countOf(number, noun)} ${became}`)
  return `${told.join(', ')}.`
}

const mostGrants = 10

function tellUnreadable({ unreadable: tables, schema, user, dialect }: Told): string {
  const role = dialect.quoteIdentifier(user)
  const grants = tables.slice(0, mostGrants).map(({ name }) => `  grant select on ${dialect.relation({ schema, name })} to ${role};\n`)
  const more = tables.length > mostGrants ? `  and so for ${tables.length - mostGrants} more\n` : ''
  return `Left out: ${countOf(tables.length, 'table')} that the role ${user} may not read.\n${grants.join('')}${more}`
}
