/** A process that opens the embedded warehouse of `argv[2]`, says so, and writes rows until it is killed. */
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import { targetOver } from '../support/databases.ts'

const warehouse = await openWarehouse(targetOver('pglite', { path: process.argv[2] ?? '' }), { applicationName: 'sqlflow test' })
const session = await warehouse.acquire()
await session.run('create table if not exists shifts (shift_id integer primary key, note text)')
for (let shift = 1; ; shift++) {
  await session.run(`begin; insert into shifts select coalesce(max(shift_id), 0) + 1, repeat('n', 2000) from shifts`)
  await session.run(`insert into shifts select max(shift_id) + 1, 'second of two' from shifts; commit`)
  process.stdout.write(`${shift}\n`)
}
