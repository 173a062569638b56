/** Where the data of a new project is: told by flags, or asked; a connection is tried before anything is written. */
import { SqlflowError } from '../core/errors.ts'
import type { Target } from '../core/project.ts'
import { createMask } from '../core/mask.ts'
import { flagOption, textOption, type CommandInput } from './command.ts'
import { connectByStages, stageTeller } from './connect-by-stages.ts'
import type { InitIam, InitOptions, InitWarehouse } from './init-files/init-file.ts'
import type { CliIo } from './io.ts'
import { reportFailure } from './report-failure.ts'

export interface Place {
  readonly warehouse: InitWarehouse
  readonly url?: string
  /** The same, where it was typed: it is kept in `.env`. */
  readonly typedUrl?: string
  readonly login?: InitIam
  /** `DATABASE_URL` is set, or will be, or is not needed. */
  readonly hasConnection: boolean
}

const variable = 'DATABASE_URL'

/** Undefined where the person gave up. */
export async function choosePlace(io: CliIo, input: CommandInput): Promise<Place | undefined> {
  const asks = io.prompts !== undefined && !flagOption(input.options, 'json') && !flagOption(input.options, 'quiet')
  const warehouse = givenWarehouse(input) ?? (asks ? await askWarehouse(io) : 'pglite')
  if (warehouse === undefined) return undefined
  if (warehouse === 'pglite') return { warehouse, hasConnection: false }
  const url = io.env[variable]
  if (url !== undefined && url !== '') return { warehouse, url, hasConnection: true }
  if (!asks) return { warehouse, hasConnection: false }
  if (warehouse === 'redshift') {
    const way = await askWay(io)
    if (way === undefined) return undefined
    if (way !== 'password') {
      const login = await askIam(io, way)
      return login && { warehouse, login, hasConnection: true }
    }
  }
  const example = warehouse === 'redshift' ? 'redshift://user:password@host:5439/database' : 'postgres://user:password@host:5432/database'
  const typedUrl = await io.prompts?.secret(`Its connection, as ${example} (kept in .env; empty: later)`)
  if (typedUrl === undefined) return undefined
  return typedUrl === '' ? { warehouse, hasConnection: false } : { warehouse, url: typedUrl, typedUrl, hasConnection: true }
}

function givenWarehouse(input: CommandInput): InitWarehouse | undefined {
  const given = textOption(input.options, 'warehouse')
  return given === 'pglite' || given === 'postgres' || given === 'redshift' ? given : undefined
}

async function askWarehouse({ prompts }: CliIo): Promise<InitWarehouse | undefined> {
  return await prompts?.choose('Where is your data?', [
    { value: 'pglite', label: 'Nowhere yet', hint: 'an embedded Postgres, with nothing to install' },
    { value: 'postgres', label: 'On a Postgres server' },
    { value: 'redshift', label: 'On Redshift', hint: 'a cluster or Serverless' },
  ])
}

type Way = 'password' | 'cluster' | 'workgroup'

async function askWay({ prompts }: CliIo): Promise<Way | undefined> {
  return await prompts?.choose<Way>('How do you log in?', [
    { value: 'password', label: 'By a user and a password' },
    { value: 'cluster', label: 'By IAM, to a cluster', hint: 'AWS gives credentials for an hour; no secret is kept' },
    { value: 'workgroup', label: 'By IAM, to a workgroup of Redshift Serverless' },
  ])
}

/** Undefined where the person gave up, or left empty what has to be known. */
async function askIam({ prompts }: CliIo, way: Exclude<Way, 'password'>): Promise<InitIam | undefined> {
  const name = await prompts?.text(way === 'cluster' ? 'Identifier of the cluster' : 'Name of the workgroup')
  if (!name) return undefined
  const region = await prompts?.text('Region of AWS', 'us-east-1')
  if (!region) return undefined
  const database = await prompts?.text('Database', 'dev')
  if (!database) return undefined
  if (way === 'workgroup') return { iam: { workgroup: name, region }, database }
  const user = await prompts?.text('User of the cluster (empty: the one of your IAM identity)')
  if (user === undefined) return undefined
  return { iam: { cluster: name, region, ...(user !== '' && { user }) }, database }
}

/** Tries a connection that is known, stage by stage. Whoever can answer decides whether to go on without; throws where nobody can. */
export async function confirmConnection(
  io: CliIo,
  input: CommandInput,
  { name }: InitOptions,
  { warehouse, url, login }: Place,
): Promise<boolean> {
  const connection = url === undefined ? login : { url }
  if (connection === undefined || input.options['connect'] === false) return true
  if (url !== undefined) io.mask = createMask([url])
  const target: Target = {
    name: 'dev',
    type: warehouse,
    connection,
    schema: 'public',
    schemaPattern: '{schema}',
    protected: false,
    exports: 'preview',
    threads: 1,
  }
  const tell = flagOption(input.options, 'quiet') || flagOption(input.options, 'json') ? () => {} : stageTeller(io, input)
  try {
    await using _connection = await connectByStages(target, `sqlflow:${name}:init`, tell)
    return true
  } catch (error) {
    if (!(error instanceof SqlflowError) || io.prompts === undefined) throw error
    reportFailure(io, error, { json: false, noColor: input.options['color'] === false })
    return (await io.prompts.confirm('Write the project all the same?')) === true
  }
}
