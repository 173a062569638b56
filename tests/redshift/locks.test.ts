/** Locks of runs as rows of a table: on a warehouse without advisory locks two runs still work on one relation one at a time. */
import { describe, expect, it } from 'vitest'
import type { Target } from '../../src/core/project.ts'
import { applicationName } from '../../src/runner/application-name.ts'
import { lockInvocation, type InvocationLock, type InvocationLockOptions } from '../../src/runner/invocation-lock.ts'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Session, Warehouse } from '../../src/warehouses/warehouse.ts'
import { targetOver } from '../support/databases.ts'
import { startRedshift } from '../support/redshift/start-redshift.ts'

const [turf, events] = ['turf', 'events'].map((name) => ({ relation: { schema: 'public', name }, node: `model:${name}` }) as const) as [
  Place,
  Place,
]

type Place = { readonly relation: { readonly schema: string; readonly name: string }; readonly node: `model:${string}` }

function lockRun(warehouse: Warehouse, runId: string, more: Partial<InvocationLockOptions> = {}): Promise<InvocationLock> {
  return lockInvocation({ warehouse, command: 'build', runId, wait: true, now: () => new Date(), ...more })
}

function open(url: string, runId: string): Promise<Warehouse> {
  const target: Target = { ...targetOver('redshift', { url }), threads: 4 }
  return openWarehouse(target, { applicationName: applicationName('field', runId) })
}

async function rowsOf(session: Session, sql: string): Promise<readonly (readonly (string | null)[])[]> {
  const [result] = await session.run(sql)
  return result!.rows
}

const locks = (session: Session) => rowsOf(session, 'select run, relation, node from sqlflow_locks order by 1, 2')

const holder =
  /^Another run works on public\.turf: run run-1 \(build\), user postgres from .+, process \d+, since [-\d]+ [\d:]+ UTC, at model:turf since [-\d]+ [\d:]+ UTC\.$/
const refusal = { code: 'relation-locked', message: expect.stringMatching(holder), exitCode: 2 }

describe('two runs on one Redshift', () => {
  it('at the same relation: the second is refused, naming the first, or waits for it; at another one it goes on', async () => {
    await using redshift = await startRedshift()
    await using first = await open(redshift.url, 'run-1')
    await using second = await open(redshift.url, 'run-2')
    await using firstLock = await lockRun(first, 'run-1')
    await using firstSession = await first.acquire()
    await using session = await second.acquire()
    const held = await firstLock.lockRelation({ ...turf, session: firstSession })
    {
      await using impatient = await lockRun(second, 'run-2', { wait: false })
      await expect(impatient.refuseHeld([events.relation, turf.relation])).rejects.toMatchObject(refusal)
      await expect(impatient.lockRelation({ ...turf, session })).rejects.toMatchObject(refusal)
      await impatient.refuseHeld([events.relation])
      using _elsewhere = await impatient.lockRelation({ ...events, session })
      expect(await locks(session)).toEqual([
        ['run-1', '', ''],
        ['run-1', 'turf', 'model:turf'],
        ['run-2', '', ''],
        ['run-2', 'events', 'model:events'],
      ])
    }
    const waiting = Promise.withResolvers<string>()
    await using patient = await lockRun(second, 'run-2', { onWait: waiting.resolve })
    const locked = patient.lockRelation({ ...turf, session })
    expect(await waiting.promise).toMatch(holder)
    held[Symbol.dispose]()
    using _held = await locked
    expect(await locks(session)).toContainEqual(['run-2', 'turf', 'model:turf'])
  })
})
