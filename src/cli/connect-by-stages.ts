/** Connecting so that a failure tells where it happened: name, tunnel, port, TLS, IAM, login, database. For `debug` and `init`. */
import { SqlflowError } from '../core/errors.ts'
import type { Target } from '../core/project.ts'
import { openWarehouse } from '../warehouses/open-warehouse.ts'
import type { Session, Warehouse } from '../warehouses/warehouse.ts'
import { flagOption, type CommandInput } from './command.ts'
import type { CliIo } from './io.ts'
import { commandStyle } from './open-project.ts'
import { duration } from './wording.ts'

export interface Stage {
  readonly stage: string
  /** False where it failed: the error that follows says why. */
  readonly ok: boolean
  readonly found: string
  /** Of a stage after which others follow all the same. */
  readonly code?: string
  readonly hint?: string
}

/** A line for each stage on stdout; JSON with `--json`. */
export function stageTeller(io: CliIo, input: CommandInput): (stage: Stage) => void {
  const style = commandStyle(io, input.options).out
  if (flagOption(input.options, 'json')) return (stage) => io.stdout.write(`${JSON.stringify(stage)}\n`)
  return ({ stage, ok, found }) =>
    io.stdout.write(`${ok ? style('green', '✓') : style('red', '✗')} ${style('dim', stage.padEnd(12))} ${found}\n`)
}

export interface Connection extends AsyncDisposable {
  readonly session: Session
  /** Of the login. */
  readonly user: string
  /** It may create schemas. */
  readonly mayCreate: boolean
}

/** Tells each stage as it is passed, and the one that fails. Throws what ends any command that cannot connect. */
export async function connectByStages(target: Target, applicationName: string, tell: (stage: Stage) => void): Promise<Connection> {
  const pass = (stage: string, found: string): void => tell({ stage, ok: true, found })
  const fail = (stage: string): void => tell({ stage, ok: false, found: 'failed' })
  const isServer = target.type !== 'pglite'
  const { reachWarehouse } = await import('../warehouses/reach-warehouse.ts')
  await reachWarehouse(target, async (stage, work) => {
    try {
      pass(stage, await work())
    } catch (error) {
      fail(stage)
      throw error
    }
  })
  const started = performance.now()
  const warehouse = await openWarehouse(target, { applicationName })
  try {
    const session = await warehouse.acquire()
    pass('connection', `${warehouse.label} in ${duration(performance.now() - started)}`)
    const login = await identify(session)
    if (isServer) pass('tls', session.tls ?? 'off: whoever stands in between can read along')
    pass('login', `${login.user} in database ${login.database}${login.mayCreate ? ', which may create schemas' : ''}`)
    return { session, ...login, [Symbol.asyncDispose]: () => dispose(session, warehouse) }
  } catch (error) {
    if (error instanceof SqlflowError) fail(stageOf(error))
    await warehouse[Symbol.asyncDispose]()
    throw error
  }
}

async function dispose(session: Session, warehouse: Warehouse): Promise<void> {
  await session[Symbol.asyncDispose]()
  await warehouse[Symbol.asyncDispose]()
}

const stages: Readonly<Record<string, string>> = {
  'warehouse-tls': 'tls',
  'warehouse-login-refused': 'login',
  'warehouse-unknown-database': 'database',
}

function stageOf({ code }: SqlflowError): string {
  return stages[code] ?? 'connection'
}

interface Login {
  readonly user: string
  readonly database: string
  readonly mayCreate: boolean
}

async function identify(session: Session): Promise<Login> {
  const { rows } = await session.query(`select current_user, current_database(), has_database_privilege(current_database(), 'create')`)
  const [user, database, mayCreate] = rows[0] ?? []
  return { user: user ?? '', database: database ?? '', mayCreate: mayCreate === 't' }
}
