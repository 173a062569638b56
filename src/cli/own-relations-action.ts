/** What of the target's warehouse is this project's: `list --orphans`, `clean --orphans`, `clean --schemas`. */
import { countOf } from '../core/count-of.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import { SqlflowError } from '../core/errors.ts'
import { relationLabel } from '../core/relation.ts'
import { applicationName } from '../runner/application-name.ts'
import { dropEmptySchemas, dropOwn, type DroppedOwn, type DroppedSchemas } from '../runner/drop-own.ts'
import { lockInvocation, type InvocationLock } from '../runner/invocation-lock.ts'
import { findOwn, type FindOwnOptions, type Own, type OwnRelation } from '../runner/own-relations.ts'
import { createRunId } from '../runner/run-id.ts'
import { trackSessions } from '../runner/run-sessions.ts'
import { openWarehouse } from '../warehouses/open-warehouse.ts'
import type { Session, Warehouse } from '../warehouses/warehouse.ts'
import { flagOption, type CommandInput } from './command.ts'
import { columnsOf, type CliIo, type ExitCode, type Output } from './io.ts'
import { commandStyle, openProject, type OpenedProject } from './open-project.ts'
import { refuseProtectedTarget } from './protected-target.ts'
import type { Style } from './style.ts'
import { renderTextTable } from './text-table.ts'

export async function listOrphans(io: CliIo, input: CommandInput): Promise<ExitCode> {
  refuseSelectors(input)
  const opened = await openProject(io, input)
  const runId = createRunId(io.now())
  await using warehouse = await open(io, opened, runId)
  return await unlessAborted(io, async () => {
    const own = await trackSessions(warehouse, io.signal)((session) => find(session, warehouse, opened, { runId }))
    const orphans = orphansOf(own)
    if (flagOption(input.options, 'json')) io.stdout.write(orphans.map((one) => `${JSON.stringify(asJson(one))}\n`).join(''))
    else if (orphans.length > 0) io.stdout.write(renderTable(orphans, commandStyle(io, input.options).out, io.stdout))
    else io.stderr.write('There are no orphans: each relation with the stamp of this project belongs to a node.\n')
    tellElsewhere(io, own)
    return 0
  })
}

/** `clean --orphans` and `clean --schemas`: asks, drops, and tells what stays and why. */
export async function cleanWarehouse(io: CliIo, input: CommandInput): Promise<ExitCode> {
  const schemas = flagOption(input.options, 'schemas')
  const opened = await openProject(io, input)
  const { target } = opened.project
  if (schemas && target.protected) {
    throw new SqlflowError('clean-protected', `The target \`${target.name}\` is protected: its schemas are not cleaned.`, {
      hint: 'Name another target by `--target`. What no node builds any more is dropped by `sqlflow clean --orphans`.',
    })
  }
  refuseProtectedTarget({ target, root: opened.root, env: io.env, allowed: flagOption(input.options, 'allowProtected') })
  const runId = createRunId(io.now())
  await using warehouse = await open(io, opened, runId)
  return await unlessAborted(io, async () => {
    const told = { onWait: waitingTeller(io), onDeadRun: deadRunTeller(io) }
    const lockOptions = { warehouse, command: input.command, runId, wait: true, ...told, signal: io.signal, now: io.now }
    await using lock = await lockInvocation(lockOptions)
    return await trackSessions(warehouse, io.signal)((session) => clean({ io, input, opened, warehouse, session, lock, runId, schemas }))
  })
}

interface Cleaning {
  readonly io: CliIo
  readonly input: CommandInput
  readonly opened: OpenedProject
  readonly warehouse: Warehouse
  readonly session: Session
  readonly lock: InvocationLock
  readonly runId: string
  /** All that this project built, and the schemas; otherwise orphans alone. */
  readonly schemas: boolean
}

async function clean({ io, input, opened, warehouse, session, lock, runId, schemas }: Cleaning): Promise<ExitCode> {
  const own = await find(session, warehouse, opened, { runId, endDeadRuns: { onDeadRun: deadRunTeller(io) } })
  const relations = schemas ? own.relations : orphansOf(own)
  const made = schemas ? own.schemas.filter((schema) => schema.made) : []
  if (relations.length + made.length > 0) {
    const answer = await mayDrop(
      io,
      input,
      relations,
      made.map(({ name }) => name),
    )
    if (answer !== true) return answer
  }
  const done = await dropOwn(relations, {
    session,
    lock,
    dialect: opened.dialect,
    onRetry: ({ reason }) => io.stderr.write(`retrying: ${reason}\n`),
    signal: io.signal,
  })
  const emptied = schemas
    ? await dropEmptySchemas(session, own.schemas, { dialect: opened.dialect, capabilities: warehouse.capabilities, runId })
    : { dropped: [], kept: [] }
  report(io, input, done, emptied)
  return done.kept.length > 0 ? 1 : 0
}

function waitingTeller(io: CliIo): (reason: string) => void {
  return (reason) => io.stderr.write(`waiting: ${reason}\n`)
}

function deadRunTeller(io: CliIo): (warning: Diagnostic) => void {
  return ({ message }) => io.stderr.write(`warning: ${message}\n`)
}

/** True, or the exit code of a command that drops nothing. */
async function mayDrop(
  io: CliIo,
  input: CommandInput,
  relations: readonly OwnRelation[],
  made: readonly string[],
): Promise<true | ExitCode> {
  if (flagOption(input.options, 'yes')) return true
  if (relations.length > 0) io.stderr.write(renderTable(relations, commandStyle(io, input.options).err, io.stderr))
  const what = [
    ...(relations.length > 0 ? [countOf(relations.length, 'relation')] : []),
    ...(made.length > 0 ? [`${made.length === 1 ? 'the schema' : 'the schemas'} ${made.join(', ')}`] : []),
  ].join(' and ')
  if (io.prompts === undefined) {
    throw new SqlflowError('not-confirmed', `Nothing was dropped: \`clean\` asks before it drops ${what}, and nobody can answer here.`, {
      hint: 'Look at the list, then pass `--yes`.',
    })
  }
  const answer = await io.prompts.confirm(`Drop ${what}?`)
  if (answer === true) return true
  io.stderr.write('Nothing was dropped.\n')
  return answer === undefined ? 130 : 1
}

function report(io: CliIo, input: CommandInput, { dropped, kept }: DroppedOwn, emptied: DroppedSchemas): void {
  if (flagOption(input.options, 'json')) {
    const told = {
      dropped: dropped.map(asJson),
      kept: kept.map(({ relation, because }) => ({ ...asJson(relation), because })),
      droppedSchemas: emptied.dropped,
      keptSchemas: emptied.kept,
    }
    io.stdout.write(`${JSON.stringify(told)}\n`)
    return
  }
  const lines = [
    ...dropped.map((relation) => `Dropped the ${relation.kind} ${relationLabel(relation)}.`),
    ...emptied.dropped.map((schema) => `Dropped the schema ${schema}.`),
  ]
  if (lines.length + kept.length === 0) lines.push('There was nothing to drop.')
  if (!flagOption(input.options, 'quiet')) io.stdout.write(lines.map((line) => `${line}\n`).join(''))
  for (const { relation, because } of kept) io.stderr.write(`Kept the ${relation.kind} ${relationLabel(relation)}: ${because}.\n`)
  for (const { schema, because } of emptied.kept) io.stderr.write(`Kept the schema ${schema}: ${because}.\n`)
}

function open(io: CliIo, { project }: OpenedProject, runId: string): Promise<Warehouse> {
  return openWarehouse(project.target, {
    applicationName: applicationName(project.name, runId),
    lockTimeout: Infinity,
    onWait: waitingTeller(io),
    signal: io.signal,
  })
}

function find(
  session: Session,
  { capabilities }: Warehouse,
  { project, linked, dialect }: OpenedProject,
  asking: Pick<FindOwnOptions, 'runId' | 'endDeadRuns'>,
): Promise<Own> {
  return findOwn({ session, capabilities, project, graph: linked.graph, dialect, ...asking })
}

function orphansOf({ relations }: Own): readonly OwnRelation[] {
  return relations.filter((relation) => !relation.belongs)
}

async function unlessAborted(io: CliIo, work: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await work()
  } catch (error) {
    if (io.signal.aborted) return 130
    throw error
  }
}

function refuseSelectors({ args, options }: CommandInput): void {
  const selecting = ['select', 'exclude', 'selector', 'resourceType'].some((name) => options[name] !== undefined)
  if (args.length === 0 && !selecting) return
  throw new SqlflowError('bad-usage', '`--orphans` takes no selectors: an orphan belongs to no node that could be selected.')
}

function asJson(relation: OwnRelation): object {
  const { schema, name, kind, node, leftBehind, dependents } = relation
  return { relation: relationLabel(relation), schema, name, kind, node, leftBehind, dependents }
}

function renderTable(relations: readonly OwnRelation[], style: Style, output: Output): string {
  const rows = relations.map((relation) => [
    relationLabel(relation),
    relation.kind,
    `${relation.node}${relation.leftBehind ? ', left aside by a run' : ''}`,
    relation.dependents.join(', '),
  ])
  const columns = ['relation', 'kind', 'built for', 'what depends on it']
  return `${renderTextTable({ columns, rows, head: (text) => style('dim', text), widest: Infinity, fit: columnsOf(output) })}\n`
}

/** Where nobody can know from here what is an orphan. */
function tellElsewhere(io: CliIo, { elsewhere }: Own): void {
  if (elsewhere.length === 0) return
  const schemas = elsewhere.join(', ')
  io.stderr.write(`Not looked at, since other targets or other people may build there: ${schemas}.\n`)
}
