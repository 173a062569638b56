/**
 * A process that builds one shape of plan again and again, each time in a schema of its own (`at_0`, `at_1`, ...), and each time stops one statement
 * later, with its transaction open, until a build comes to its end. Then it says how many there are, and waits to be killed: all at once.
 * Arguments: target (JSON), run id, plan.
 */
import type { Target } from '../../src/core/project.ts'
import { lexSql } from '../../src/dialects/sql-lexer.ts'
import { applicationName } from '../../src/runner/application-name.ts'
import { lockInvocation } from '../../src/runner/invocation-lock.ts'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Session } from '../../src/warehouses/warehouse.ts'
import { shapes } from './shapes.ts'
import { watchSession } from './watch-session.ts'

const [targetJson, runId, plan] = process.argv.slice(2) as [string, string, string]
const target = JSON.parse(targetJson) as Target
const shape = shapes.find((one) => one.plan === plan)!

await using warehouse = await openWarehouse({ ...target, threads: 90 }, { applicationName: applicationName('field', runId) })
await using _lock = await lockInvocation({ warehouse, command: 'build', runId, wait: false, now: () => new Date() })
let boundary = 0
for (let done = false; !done; boundary++) done = await buildUntil(boundary)
process.stdout.write(`${boundary}\n`)
setInterval(() => undefined, 1000)

/** True when the build ended before it came to that statement. */
async function buildUntil(at: number): Promise<boolean> {
  const schema = `at_${at}`
  const session = await warehouse.acquire()
  await session.run(`create schema ${schema}`)
  await shape.before?.(session, schema)
  const stopped = Promise.withResolvers<false>()
  const ended = shape
    .build(
      stopAt(session, at, () => stopped.resolve(false)),
      schema,
      {},
    )
    .then(() => true as const)
  return await Promise.race([stopped.promise, ended])
}

function stopAt(session: Session, at: number, onStop: () => void): Session {
  let statements = 0
  const stop = (): Promise<never> => {
    onStop()
    return new Promise(() => undefined)
  }
  return watchSession(session, {
    run: async (sql) => {
      const ends = statementEnds(sql)
      const before = at - statements
      statements += ends.length
      if (before >= ends.length) return await session.run(sql)
      if (before > 0) await session.run(sql.slice(0, ends[before - 1]))
      return await stop()
    },
    copyFrom: async (sql, bytes) => {
      const before = at - statements
      statements += 2 // before the first byte, and before the end
      if (before === 0) return await stop()
      return await session.copyFrom(sql, before === 1 ? withoutEnd(bytes, stop) : bytes)
    },
  })
}

async function* withoutEnd(bytes: AsyncIterable<Uint8Array>, stop: () => Promise<never>): AsyncIterable<Uint8Array> {
  yield* bytes
  await stop()
}

/** Where each statement of a text ends. */
function statementEnds(sql: string): readonly number[] {
  const ends = lexSql(sql).flatMap(({ kind, start, end }) => (kind === 'symbol' && sql[start] === ';' ? [end] : []))
  return sql.slice(ends.at(-1) ?? 0).trim() === '' ? ends : [...ends, sql.length]
}
