import { Client } from 'pg'
import { expect, it } from 'vitest'
import { startRedshift } from '../support/redshift/start-redshift.ts'

it('starts', async () => {
  await using redshift = await startRedshift()
  const client = new Client({ connectionString: redshift.url })
  await client.connect()
  expect((await client.query('select version()')).rows).toEqual([])
  await client.end()
})
