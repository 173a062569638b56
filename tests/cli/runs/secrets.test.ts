import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Client } from 'pg'
import { describe, expect, it } from 'vitest'
import { createProject, type CliProject, type CommandResult } from '../../support/cli.ts'

/** Values that must never be written anywhere, with characters that break naive searches. */
const secrets = {
  API_TOKEN: 'tok"en\\with$1 odd%&<>\' chars+/=',
  MULTILINE_KEY: '-----BEGIN KEY-----\nMIIkey0123456789abcdef\nqrstuvwxyz==\n-----END KEY-----',
  UNUSED: 'ünïcödé-secret-🗝',
}
const password = 'p@ss:w/rd%?#[]"\'&7'
const phones = ['555-0101', '555-0199', '0x555-0177']

function spellings(secret: string): readonly string[] {
  const bytes = Buffer.from(secret)
  return [
    secret,
    encodeURIComponent(secret),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    JSON.stringify(secret).slice(1, -1),
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
    ...secret.split('\n').filter((line) => line.length >= 12 && !line.startsWith('---')),
  ]
}

/** Every file that a command wrote, with its text. */
function written(project: CliProject): readonly (readonly [string, string])[] {
  return readdirSync(project.root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(project.root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !/^(?:models|seeds|exports)\/|^\.env$/.test(file))
    .map((file) => [file, readFileSync(path.join(project.root, file), 'latin1')])
}

describe('secrets and rows', () => {
  it('are written nowhere: not in output, errors, artifacts, compiled SQL, caches or reports', async () => {
    await using project = await createProject('postgres', {
      config: `  wrong: { type: postgres, url: "\${WRONG_URL}", schema: elsewhere }
vars: { cycle: { type: string, default: "2026" } }
`,
      files: {
        'seeds/raw_supporters.csv': `supporter_id,phone\n1,${phones[0]}\n2,${phones[1]}\n3,${phones[2]}\n4,${phones[0]}\n`,
        'seeds/raw_typed.csv': `supporter_id,phone\n1,${phones[0]}\n`,
        'seeds/seeds.yml': 'seeds:\n  raw_typed:\n    columns: { supporter_id: { type: integer }, phone: { type: integer } }\n',
        'models/stg_supporters.sql': `/*---
materialized: table
columns:
  phone:
    sensitive: true
    tests:
      - unique
      - accepted_values: { values: [none], store_failures: true }
      - not_null: { where: "phone::integer > 0" }
---*/
select * from {{ref 'raw_supporters'}}
`,
        'models/casts.sql': "/*---\nmaterialized: table\n---*/\nselect phone::integer as digits from {{ref 'raw_supporters'}}\n",
        'models/dates.sql': "/*---\nmaterialized: table\n---*/\nselect to_date(phone, 'YYYY-MM-DD') as day from {{ref 'raw_supporters'}}\n",
        'models/casted_dates.sql': "/*---\nmaterialized: table\n---*/\nselect phone::date as day from {{ref 'raw_supporters'}}\n",
        'models/documents.sql':
          "/*---\nmaterialized: table\n---*/\nselect ('\"' || phone)::jsonb as document from {{ref 'raw_supporters'}}\n",
        'models/keyed.sql': "/*---\nmaterialized: table\nprimary_key: [phone]\n---*/\nselect phone from {{ref 'raw_supporters'}}\n",
        'models/ranges.sql':
          "/*---\nmaterialized: table\n---*/\nselect (replace(phone, '-', '') || '99999999')::integer as digits from {{ref 'raw_supporters'}} where phone not like '0x%'\n",
        'exports/phones.yml':
          "query: |\n  select phone::integer as digits from {{ref 'raw_supporters'}}\nto:\n  csv: { path: phones.csv }\n",
        '.env': `UNUSED='${secrets.UNUSED}'\n`,
      },
    })
    const declared = 'env: { DATABASE_URL: { secret: true }'
    project.write({
      'sqlflow.yml': (project.read('sqlflow.yml') ?? '').replace(
        declared,
        `${declared}, WRONG_URL: { secret: true, targets: [wrong] }, API_TOKEN: { secret: true }, MULTILINE_KEY: { secret: true }, UNUSED: { secret: true }`,
      ),
    })
    const role = `writer_${path.basename(new URL(project.url ?? '').pathname)}`
    await using _role = await createWriter(project.url ?? '', role)
    const url = Object.assign(new URL(project.url ?? ''), { username: role, password: encodeURIComponent(password) })
    const wrong = Object.assign(new URL(url), { password: encodeURIComponent(`${password}wrong`) })
    const env = { DATABASE_URL: url.href, WRONG_URL: wrong.href, API_TOKEN: secrets.API_TOKEN, MULTILINE_KEY: secrets.MULTILINE_KEY }

    const outputs: CommandResult[] = []
    const run = async (args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<void> => {
      outputs.push(await project.spawn(args, { env: { ...env, ...more } }).result)
    }
    await run(['build', '--junit', 'junit.xml'], { GITHUB_ACTIONS: 'true' })
    await run(['build', '--json'])
    await run(['build', '-t', 'wrong'])
    await run(['show', 'stg_supporters'])
    await run(['show', 'casts'])
    await run(['show', '--inline', `select '${secrets.API_TOKEN.replaceAll("'", "''")}' as token`])
    await run(['show', '--inline', `select ${JSON.stringify(secrets.API_TOKEN)} as token`])
    await run(['env'])
    await run(['debug'])
    await run(['list', '--json'])
    await run(['compile'])
    await run(['test', '--json', '--var', `cycle=${secrets.API_TOKEN}`])

    expect(outputs.map(({ exitCode }) => exitCode)).toEqual([1, 1, 2, 0, 1, 0, 2, 0, 0, 0, 0, 1])
    expect(outputs[0]?.stdout).toContain('value "…"')
    expect(outputs[5]?.stdout).toContain('***')
    const places = [...outputs.map(({ stdout, stderr }, at) => [`output ${at}`, stdout + stderr] as const), ...written(project)]
    const leaks = places.flatMap(([place, text]) => {
      const found = [...Object.values(secrets), password, `${password}wrong`]
        .flatMap(spellings)
        .filter((one) => text.includes(one) || text.includes(Buffer.from(one).toString('latin1')))
      return [...found, ...phones.filter((phone) => text.includes(phone))].map((one) => `${place}: ${one}`)
    })
    expect(leaks).toEqual([])
    expect(places.map(([place]) => place)).toEqual(
      expect.arrayContaining(['junit.xml', 'target/dev/run_results.json', 'target/dev/manifest.json']),
    )
    expect(places.some(([place]) => place.startsWith('.sqlflow/cache'))).toBe(true)
    expect(outputs.some(({ stderr }) => stderr.includes('Warning:'))).toBe(false)
  }, 180_000)
})

/** A role that may build in the database, with a password of odd characters. */
async function createWriter(url: string, role: string): Promise<AsyncDisposable> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(`create role ${role} login password '${password.replaceAll("'", "''")}'`)
  await client.query(`grant create on database ${path.basename(new URL(url).pathname)} to ${role}`)
  return {
    [Symbol.asyncDispose]: async () => {
      await client.query(`drop owned by ${role} cascade`)
      await client.query(`drop role ${role}`)
      await client.end()
    },
  }
}
