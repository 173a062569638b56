/**
 * A process that holds the lock of `public.turf`, has built it aside, and works on a statement that does not end, to be killed there.
 * Arguments: target (JSON), run id. Says the number of the server's process that works.
 */
import type { Target } from '../../src/core/project.ts'
import { asideName } from '../../src/materializations/aside-names.ts'
import { applicationName } from '../../src/runner/application-name.ts'
import { lockInvocation } from '../../src/runner/invocation-lock.ts'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'

const [targetJson, runId] = process.argv.slice(2) as [string, string]
const target = JSON.parse(targetJson) as Target

await using warehouse = await openWarehouse(target, { applicationName: applicationName('field', runId) })
await using lock = await lockInvocation({ warehouse, command: 'build', runId, wait: false, now: () => new Date() })
await using session = await warehouse.acquire()
using _held = await lock.lockRelation({ relation: { schema: 'public', name: 'turf' }, node: 'model:turf', session })
const aside = asideName('turf', 'new', runId)
await session.run(`create table public.${aside} (id int); comment on table public.${aside} is 'sqlflow: field/model:turf'`)
const working = session.run('select count(*) from generate_series(1, 2000000000) n')
await using watching = await warehouse.acquire()
const looks = `select pid from stv_inflight where pid = ${session.processId} and text like 'select count%'`
while ((await watching.run(looks))[0]!.rows.length === 0);
process.stdout.write(`${session.processId}\n`)
await working
