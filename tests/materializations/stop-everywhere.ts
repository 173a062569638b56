/**
 * A process that builds one shape of plan again and again, each time in a schema of its own (`at_0`, `at_1`, ...), and each time stops one statement
 * later, with its transaction open, until a build comes to its end. Then it says how many there are, and waits to be killed: all at once.
 * Arguments: target (JSON), run id, plan.
 */
import type { Target } from '../../src/core/project.ts'
import { applicationName } from '../../src/runner/application-name.ts'
import { lockInvocation } from '../../src/runner/invocation-lock.ts'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import { shapes } from './shapes.ts'
import { stopAt } from './stop-at.ts'

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
