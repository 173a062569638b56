import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { catalogPath, digestRows, fingerprintQuery, identityQuery } from '../../src/dialects/redshift-fingerprint.ts'
import { startRedshift } from '../support/redshift/start-redshift.ts'

let redshift: Awaited<ReturnType<typeof startRedshift>>
let client: Client

beforeAll(async () => {
  redshift = await startRedshift()
  client = new Client({ connectionString: redshift.url, types: { getTypeParser: () => (value: string) => value } })
  await client.connect()
  await client.query(
    'create table supporters (id int, name varchar(100)); create view named as select name from supporters; create view late as select id from public.supporters with no schema binding',
  )
})

afterAll(async () => {
  await client.end()
  await redshift[Symbol.asyncDispose]()
})

async function rowsOf(sql: string): Promise<(string | null)[][]> {
  await client.query(`begin; ${catalogPath}`)
  const { rows } = await client.query<(string | null)[]>({ text: sql, rowMode: 'array' })
  await client.query('commit')
  return rows
}

async function idOf(name: string): Promise<string> {
  const [row] = await rowsOf(`select oid from pg_class where relname = '${name}'`)
  return row![0]!
}

const digest = async (): Promise<string> => digestRows(await rowsOf(fingerprintQuery(await idOf('supporters'))))

describe('the fingerprint of a relation', () => {
  it('is the same while nothing changes, also within a transaction that locks it', async () => {
    const before = await digest()
    const id = await idOf('supporters')
    await client.query(`begin; ${catalogPath}; lock public.supporters`)
    const { rows } = await client.query<(string | null)[]>({ text: fingerprintQuery(id), rowMode: 'array' })
    await client.query('rollback')
    expect(digestRows(rows)).toBe(before)
  })

  it.each([
    'alter table supporters add column email varchar(50)',
    "comment on table supporters is 'Who gives'",
    "comment on column supporters.name is 'As on the card'",
    'grant select on supporters to public',
    'create or replace view named as select name from supporters where id > 0',
    "comment on view named is 'Names'",
    'grant select on named to public',
    'create view counted as select count(*) from supporters',
    'drop view counted',
  ])('changes by %s', async (sql) => {
    const before = await digest()
    await client.query(sql)
    expect(await digest()).not.toBe(before)
  })

  it.each(['insert into supporters (id) values (1)', "comment on view late is 'Unbound'", 'create table others (id int)'])(
    'does not change by %s',
    async (sql) => {
      const before = await digest()
      await client.query(sql)
      expect(await digest()).toBe(before)
    },
  )
})

describe('the identity of a relation', () => {
  it('is its place, kind and comment, and nothing once it is gone', async () => {
    await client.query("create table brief (id int); comment on table brief is 'a\nb'")
    const id = await idOf('brief')
    expect(await rowsOf(identityQuery(id))).toEqual([['public', 'brief', 'r', 'a\nb']])
    await client.query('drop table brief')
    expect(await rowsOf(identityQuery(id))).toEqual([])
  })
})
