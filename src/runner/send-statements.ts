/**
 * Sends statements of a plan in as few round trips as they allow: what has to be compared with what was planned on ends one. After an error nothing of
 * a transaction is left.
 */
import { WarehouseError } from '../core/errors.ts'
import { digestRows } from '../dialects/redshift-fingerprint.ts'
import { staleCatalog, type Statement } from '../materializations/plan.ts'
import type { Session, StatementResult } from '../warehouses/warehouse.ts'
import { joinStatements, locateError } from './joined-statements.ts'

export interface SendOptions {
  /** What every string that is sent begins with: a comment. */
  readonly head?: string
  readonly signal?: AbortSignal | undefined
}

/** The results of the statements. Throws PlanError; with `staleCatalog` where a check found something else. */
export async function sendStatements(
  session: Session,
  statements: readonly Statement[],
  { head = '', signal }: SendOptions = {},
): Promise<readonly StatementResult[]> {
  const results: StatementResult[] = []
  for (const batch of batchesOf(statements)) {
    const joined = joinStatements(head, batch)
    try {
      results.push(...(await session.run(joined.sql)))
      const { sql, expects } = batch.at(-1)!
      if (expects !== undefined && digestRows(results.at(-1)!.rows) !== expects) throw changedMeanwhile(sql)
    } catch (error) {
      if (!session.broken) await session.run('rollback')
      if (!(error instanceof WarehouseError)) throw error
      const waited = error.sqlState === queryCanceled && signal?.aborted !== true && batch.some(({ waits }) => waits === true)
      throw locateError(waited ? asLock(error) : error, joined)
    }
  }
  return results
}

const queryCanceled = '57014'

/** A statement with a check ends a batch. */
function batchesOf(statements: readonly Statement[]): readonly (readonly Statement[])[] {
  const batches: Statement[][] = []
  let open: Statement[] | undefined
  for (const statement of statements) {
    if (open === undefined) batches.push((open = []))
    open.push(statement)
    if (statement.expects !== undefined) open = undefined
  }
  return batches
}

function changedMeanwhile(sql: string): WarehouseError {
  return new WarehouseError('The relation, or what depends on it, was changed by somebody else.', { sql, sqlState: staleCatalog })
}

/** Where a lock has no timeout of its own, the statement that waits for it ends by that of statements. */
function asLock({ message, sql, sqlState, position, cause }: WarehouseError): WarehouseError {
  return new WarehouseError(message, { sql, sqlState, position, passing: 'lock', cause })
}
