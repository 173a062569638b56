/** Where the data of a new project is: told by flags, or asked; a connection is tried before anything is written. */
import { SqlflowError } from '../core/errors.ts'
import type { Target } from '../core/project.ts'
import { createMask } from '../core/mask.ts'
import { flagOption, textOption, type CommandInput } from './command.ts'
import { connectByStages, stageTeller } from './connect-by-stages.ts'
import type { InitOptions, InitWarehouse } from './init-files/init-file.ts'
import type { CliIo } from './io.ts'
import { reportFailure } from './report-failure.ts'

export interface Place {
  readonly warehouse: InitWarehouse
  readonly url?: string
  /** The same, where it was typed: it is kept in `.env`. */
  readonly typedUrl?: string
  /** `DATABASE_URL` is set, or will be. */
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
  const typedUrl = await io.prompts?.secret(`Its connection, as postgres://user:password@host:5432/database (kept in .env; empty: later)`)
  if (typedUrl === undefined) return undefined
  return typedUrl === '' ? { warehouse, hasConnection: false } : { warehouse, url: typedUrl, typedUrl, hasConnection: true }
}

function givenWarehouse(input: CommandInput): InitWarehouse | undefined {
  const given = textOption(input.options, 'warehouse')
  return given === 'pglite' || given === 'postgres' ? given : undefined
}

async function askWarehouse({ prompts }: CliIo): Promise<InitWarehouse | undefined> {
  return await prompts?.choose('Where is your data?', [
    { value: 'pglite', label: 'Nowhere yet', hint: 'an embedded Postgres, with nothing to install' },
    { value: 'postgres', label: 'On a Postgres server' },
  ])
}

/** Tries a connection that is known, stage by stage. Whoever can answer decides whether to go on without; throws where nobody can. */
export async function confirmConnection(io: CliIo, input: CommandInput, { name }: InitOptions, { url }: Place): Promise<boolean> {
  if (url === undefined || input.options['connect'] === false) return true
  io.mask = createMask([url])
  const target: Target = {
    name: 'dev',
    type: 'postgres',
    connection: { url },
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
