/**
 * A pooler that lends a server's session for one transaction at a time loses locks and settings between two statements of ours. It is
 * recognised by lending one session to two connections that are both open.
 */
import { Client } from 'pg'
import type { ConnectionSettings } from '../pg/pg-pool.ts'
import { SqlflowError } from '../../core/errors.ts'

/**
 * `client` was announced another process id than the session it runs on: a pooler is between. Throws SqlflowError `warehouse-transaction-pooling`
 * when it pools transactions; one that pools whole sessions is fine.
 */
export async function refuseTransactionPooling(client: Client, settings: ConnectionSettings): Promise<void> {
  const other = new Client(settings)
  other.on('error', () => undefined)
  await other.connect()
  try {
    const mine = await backendOf(client)
    const theirs = await backendOf(other)
    if (mine !== theirs) return
  } finally {
    await other.end()
  }
  throw new SqlflowError(
    'warehouse-transaction-pooling',
    'The connection goes through a pooler in transaction mode, which would lose locks and session settings between statements.',
    {
      hint: "Connect to the server itself, or to the pooler's session mode (often another port: 5432 instead of 6543).",
    },
  )
}

async function backendOf(client: Client): Promise<string | undefined> {
  const { rows } = await client.query<string[]>({ text: 'select pg_backend_pid()', rowMode: 'array' })
  return rows[0]?.[0]
}
