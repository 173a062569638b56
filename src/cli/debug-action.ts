/**
 * `sqlflow debug`: from the files to the warehouse, one check after the other. The first that fails ends it, in the same words and with the same
 * exit code as it would end any command.
 */
import { countOf } from '../core/count-of.ts'
import { DiagnosticsError, SqlflowError } from '../core/errors.ts'
import type { Project } from '../core/project.ts'
import { listEnvVariables } from '../project/environment.ts'
import { applicationName } from '../runner/application-name.ts'
import { checkSources } from '../runner/check-sources.ts'
import { createRunId } from '../runner/run-id.ts'
import type { WithSession } from '../runner/run-sessions.ts'
import { flagOption, type CommandInput } from './command.ts'
import { connectByStages, stageTeller, type Connection, type Stage } from './connect-by-stages.ts'
import type { CliIo, ExitCode } from './io.ts'
import { openProject, type OpenedProject } from './open-project.ts'
import { version } from './version.ts'

export async function debugProject(io: CliIo, input: CommandInput): Promise<ExitCode> {
  const tell = stageTeller(io, input)
  const pass = (stage: string, found: string): void => tell({ stage, ok: true, found })
  pass('sqlflow', `${version} on Node ${process.versions.node}`)
  const opened = await openProject(io, input)
  const { project, linked, root } = opened
  pass('project', `${project.name} in ${root}`)
  pass('nodes', countKinds([...linked.graph.nodes.values()].map((node) => node.kind)))
  pass('environment', tellEnvironment(project))
  pass('target', tellTarget(project))
  await using connection = await connectByStages(project.target, applicationName(project.name, createRunId(io.now())), tell)
  await checkSchemas(connection, opened, tell)
  await debugSources(connection, opened, tell)
  if (flagOption(input.options, 'exports')) {
    const { debugExports } = await import('./debug-exports.ts')
    await debugExports({ io, input, opened, session: connection.session, tell })
  }
  return 0
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

/** All that the project builds in are told; those that the login may not build in end it, with what mends it. */
async function checkSchemas(
  { session, user, mayCreate }: Connection,
  { project, dialect }: Pick<OpenedProject, 'project' | 'dialect'>,
  tell: (stage: Stage) => void,
): Promise<void> {
  const schemas = [...new Set([...project.models, ...project.seeds].map((node) => node.relation.schema))].sort()
  const grants: string[] = []
  const role = dialect.quoteIdentifier(user)
  for (const { name: schema, standing } of await session.catalog.buildSchemas(schemas)) {
    const name = dialect.quoteIdentifier(schema)
    if (standing?.mayBuild === true) tell({ stage: 'schema', ok: true, found: `${schema}: exists, and this login may build in it` })
    else if (standing) {
      tell({ stage: 'schema', ok: false, found: `${schema}: exists, and this login may not build in it` })
      grants.push(`As ${standing.owner} or a superuser: grant usage, create on schema ${name} to ${role};`)
    } else if (mayCreate) tell({ stage: 'schema', ok: true, found: `${schema}: will be created` })
    else {
      tell({ stage: 'schema', ok: false, found: `${schema}: does not exist, and this login may not create it` })
      grants.push(`As a superuser: create schema ${name} authorization ${role};`)
    }
  }
  if (grants.length === 0) return
  throw new SqlflowError('schema-not-created', `The login ${user} may not build in every schema of this target.`, {
    hint: grants.join('\n  '),
  })
}

/** Whether each source is there and may be read, with what mends it. */
async function debugSources(
  { session }: Connection,
  { project, dialect, readText }: Pick<OpenedProject, 'project' | 'dialect' | 'readText'>,
  tell: (stage: Stage) => void,
): Promise<void> {
  const { sources } = project
  if (sources.length === 0) return
  const emitter = { emit: () => {} } // columns are not compared, so nothing is warned of
  const withSession: WithSession = (work) => work(session)
  try {
    const options = { sources, project, dialect, withSession, readText, emitter }
    const { samples, sheets } = await checkSources({ ...options, columns: 'ignored', sheets: 'loaded' })
    const told = [
      `${countOf(sources.length - sheets.length, 'table')} may be read`,
      ...(samples.length === 0 ? [] : [`${countOf(samples.length, 'sample')} standing in`]),
      ...(sheets.length === 0 ? [] : [`${countOf(sheets.length, 'table')} loaded from Google Sheets`]),
    ]
    tell({ stage: 'sources', ok: true, found: told.join(', ') })
  } catch (error) {
    if (error instanceof DiagnosticsError) tell({ stage: 'sources', ok: false, found: 'failed' })
    throw error
  }
}
