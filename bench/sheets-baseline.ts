/** What any program does that brings rows to a sheet: reads them by a cursor, makes them JSON, and sends that. Nothing is decided, compared or kept. */
import { createSign } from 'node:crypto'
import { Client } from 'pg'
import Cursor from 'pg-cursor'

const [url = '', sql = '', endpoint = '', key = '', range = ''] = process.argv.slice(2)
const account: { readonly client_email: string; readonly private_key: string } = JSON.parse(key)

const seconds = Math.floor(Date.now() / 1000)
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const claims = {
  iss: account.client_email,
  scope: 'https://www.googleapis.com/auth/spreadsheets',
  aud: `${endpoint}token`,
  iat: seconds,
  exp: seconds + 3600,
}
const unsigned = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`
const assertion = `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(account.private_key, 'base64url')}`
const granted = await fetch(`${endpoint}token`, {
  method: 'POST',
  body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }),
})
const { access_token: token } = (await granted.json()) as { readonly access_token: string }

const client = new Client({ connectionString: url })
await client.connect()
const cursor = client.query(new Cursor<unknown[]>(sql, [], { rowMode: 'array' }))
const mostBytes = 4 * 1024 * 1024
let values: unknown[][] = []
let bytes = 0
let row = 1

async function send(): Promise<void> {
  const at = `${range}!A${row}`
  const body = JSON.stringify({ range: at, majorDimension: 'ROWS', values })
  const answer = await fetch(`${endpoint}v4/spreadsheets/baseline/values/${encodeURIComponent(at)}?valueInputOption=RAW`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body,
  })
  if (!answer.ok) throw new Error(await answer.text())
  await answer.text()
  row += values.length
  values = []
  bytes = 0
}

for (;;) {
  const rows = await cursor.read(400)
  if (rows.length === 0) break
  for (const one of rows) {
    values.push(one)
    bytes += one.reduce<number>((sum, value) => sum + String(value).length + 3, 0)
  }
  if (bytes > mostBytes) await send()
}
if (values.length > 0) await send()
await cursor.close()
await client.end()
