/**
 * A process that builds the table `supporters` and stops at one of its round trips, before or while it runs, to be killed there.
 * Arguments: target (JSON), run id, number of the round trip, `before` or `during`, round (a value in every row). Says `there`, or `done`.
 */
import type { Target } from '../../src/core/project.ts'
import { applicationName } from '../../src/runner/application-name.ts'
import { lockInvocation } from '../../src/runner/invocation-lock.ts'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import { build } from './build-relation.ts'
import { watchSession } from './watch-session.ts'

const [targetJson, runId, at, when, round] = process.argv.slice(2) as [string, string, string, 'before' | 'during', string]
const target = JSON.parse(targetJson) as Target

await using warehouse = await openWarehouse(target, { applicationName: applicationName('field', runId) })
await using _lock = await lockInvocation({ warehouse, command: 'build', runId, wait: false, now: () => new Date() })
await using session = await warehouse.acquire()
let trips = 0
const watched = watchSession(session, {
  run: async (sql) => {
    if (trips++ !== Number(at)) return await session.run(sql)
    if (when === 'during') session.run(sql).catch(() => undefined)
    process.stdout.write('there\n')
    return await new Promise(() => setInterval(() => undefined, 1000))
  },
})
await build(watched, {
  name: 'supporters',
  materialized: 'table',
  sql: `select id, ${round} as round from generate_series(1, 20000) id`,
  primaryKey: ['id'],
  runId,
})
process.stdout.write('done\n')
