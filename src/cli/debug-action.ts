/**
 * `sqlflow debug`: from the files to the warehouse, one check after the other. The first that fails ends it, in the same words and with the same
 * exit code as it would end any command.
 */
import { countOf } from '../core/count-of.ts'
import type { Project } from '../core/project.ts'
import { postgresDialect } from '../dialects/postgres.ts'
import { listEnvVariables } from '../project/environment.ts'
import { applicationName } from '../runner/application-name.ts'
import { createRunId } from '../runner/run-id.ts'
import { openWarehouse } from '../warehouses/open-warehouse.ts'
import type { Session } from '../warehouses/warehouse.ts'
import { flagOption, type CommandInput } from './command.ts'
import type { CliIo, ExitCode } from './io.ts'
import { commandStyle, openProject } from './open-project.ts'
import { version } from './version.ts'
import { duration } from './wording.ts'

interface Check {
  readonly check: string
  readonly found: string
}

export async function debugProject(io: CliIo, input: CommandInput): Promise<ExitCode> {
  const tell = teller(io, input)
  tell({ check: 'sqlflow', found: `${version} on Node ${process.versions.node}` })
  const { project, linked, root } = await openProject(io, input)
  tell({ check: 'project', found: `${project.name} in ${root}` })
  tell({ check: 'nodes', found: countKinds([...linked.graph.nodes.values()].map((node) => node.kind)) })
  tell({ check: 'environment', found: tellEnvironment(project) })
  tell({ check: 'target', found: tellTarget(project) })

  const started = performance.now()
  await using warehouse = await openWarehouse(project.target, { applicationName: applicationName(project.name, createRunId(io.now())) })
  await using session = await warehouse.acquire()
  tell({ check: 'connection', found: `${warehouse.label} in ${duration(performance.now() - started)}` })
  const [user, database, canCreate] = await identify(session)
  tell({ check: 'login', found: `${user} in database ${database}${canCreate ? ', which may create schemas' : ''}` })
  const schemas = [...new Set([...project.models, ...project.seeds].map((node) => node.relation.schema))].sort()
  for (const schema of schemas) tell({ check: 'schema', found: `${schema}: ${await tellSchema(session, schema, canCreate)}` })
  return 0
}

function teller(io: CliIo, input: CommandInput): (check: Check) => void {
  const style = commandStyle(io, input.options).out
  if (flagOption(input.options, 'json')) return (check) => io.stdout.write(`${JSON.stringify(check)}\n`)
  return ({ check, found }) => io.stdout.write(`${style('green', '✓')} ${style('dim', check.padEnd(12))} ${found}\n`)
}

function countKinds(kinds: readonly string[]): string {
  const counts = Map.groupBy(kinds, (kind) => kind)
  return [...counts].map(([kind, all]) => countOf(all.length, kind)).join(', ')
}

function tellEnvironment(project: Project): string {
  const variables = listEnvVariables(project)
  if (variables.length === 0) return 'no variables declared'
  return `${variables.filter((one) => one.isSet).length} of ${countOf(variables.length, 'variable')} set; \`sqlflow env\` lists them`
}

function tellTarget({ target, refsFrom }: Project): string {
  const elsewhere = refsFrom === undefined ? '' : `, refs from ${refsFrom.name}`
  const guarded = target.protected ? ', protected' : ''
  return `${target.name}: ${target.type}, schema ${target.schema}, ${countOf(target.threads, 'thread')}, exports ${target.exports}${elsewhere}${guarded}`
}

async function identify(session: Session): Promise<readonly [string, string, boolean]> {
  const { rows } = await session.query(`select current_user, current_database(), has_database_privilege(current_database(), 'create')`)
  const [user, database, canCreate] = rows[0] ?? []
  return [user ?? '', database ?? '', canCreate === 't']
}

async function tellSchema(session: Session, schema: string, canCreate: boolean): Promise<string> {
  const { rows } = await session.query('select has_schema_privilege(oid, $1) from pg_namespace where nspname = $2', ['create', schema])
  const held = rows[0]?.[0]
  if (held === 't') return 'exists, and this login may build in it'
  const role = postgresDialect.quoteIdentifier(schema)
  if (held === 'f') return `exists, but this login may not build in it: grant usage, create on schema ${role} to it`
  return canCreate ? 'will be created' : `does not exist, and this login may not create it: create schema ${role} for it`
}
