import { Client } from 'pg'
import { expect, it } from 'vitest'
import { startRedshift } from '../support/redshift/start-redshift.ts'

it('starts', async () => {
  await using redshift = await startRedshift()
  const client = new Client({ connectionString: redshift.url })
  await client.connect()
  const texts = (await import('node:fs')).readFileSync('/tmp/try.sql', 'utf8').split('\n')
  for (const t of texts.filter(t => t.trim())) {
    try { const r = await client.query({text: t, rowMode: 'array'}); console.log(t, '\n   =>', JSON.stringify((Array.isArray(r) ? r : [r]).map(x => [x.command, ...x.rows]))) }
    catch (e) { console.log(t, '\n   !!', e.code, e.message, e.detail ?? '', e.position ?? '') }
  }
  await client.end()
  expect(1).toBe(1)
})
