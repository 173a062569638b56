import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Prompts } from '../../../src/cli/prompts.ts'
import { startAws } from '../../support/aws/start-aws.ts'
import { runHere, steady } from '../../support/cli.ts'
import { createTemporaryFolder } from '../../support/databases.ts'
import { startRedshift, type RedshiftStandIn } from '../../support/redshift/start-redshift.ts'

let redshift: RedshiftStandIn

beforeAll(async () => {
  redshift = await startRedshift()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await redshift[Symbol.asyncDispose]()
})

/** Answers in turn; `choose` takes a value. */
function answering(choices: readonly string[], texts: readonly string[], secret = ''): Prompts {
  const left = { choices: [...choices], texts: [...texts] }
  return {
    choose: (_message, offered) => {
      const wanted = left.choices.shift()
      return Promise.resolve(offered.find(({ value }) => value === wanted)?.value)
    },
    text: () => Promise.resolve(left.texts.shift()),
    secret: () => Promise.resolve(secret),
    confirm: () => Promise.resolve(false),
  }
}

const targetLines = (folder: string): string => {
  const text = readFileSync(join(folder, 'sqlflow.yml'), 'utf8')
  return text.slice(text.indexOf('  dev:'), text.indexOf('    schema: dev_'))
}

describe('sqlflow init for a team on Redshift', () => {
  it('tries the connection that DATABASE_URL gives, and writes targets of it', async () => {
    await using folder = await createTemporaryFolder()
    const env = { DATABASE_URL: redshift.url.replace('postgres:', 'redshift:'), USER: 'ana' }
    const begun = await runHere(folder.path, ['init', '--name', 'field_data', '--warehouse', 'redshift'], { env })
    expect(begun).toMatchObject({ exitCode: 0, stderr: '' })
    expect(steady(begun.stdout)).toMatch(
      /^✓ port         HOST answers\n✓ connection   redshift on HOST\/DATABASE in N ms\n✓ tls          off: .*\n✓ login .*\n {2}\+ sqlflow\.yml\n/,
    )
    expect(targetLines(folder.path)).toBe('  dev:\n    type: redshift\n    url: ${DATABASE_URL}\n')
    expect(readFileSync(join(folder.path, '.env.example'), 'utf8')).toContain('DATABASE_URL=redshift://user:password@host:5439/database\n')
    expect((await runHere(folder.path, ['debug'], { env })).stdout).toContain('✓ login        postgres in database ')
  })

  it('asks for the cluster, logs in by IAM, and writes what that needs', async () => {
    await using folder = await createTemporaryFolder()
    await using aws = await startAws(redshift)
    for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value)
    const database = new URL(redshift.url).pathname.slice(1)
    const { stdout, stderr } = await runHere(folder.path, ['init', '--name', 'field_data', '--no-connect'], {
      prompts: answering(['redshift', 'cluster'], ['field-prod', 'us-east-1', database, '']),
    })
    expect(stderr).toBe('')
    expect(targetLines(folder.path)).toBe(
      `  dev:\n    type: redshift\n    iam: { cluster: field-prod, region: us-east-1 }\n    database: ${database}\n`,
    )
    expect(stdout).toContain('Next\n  npm install\n  npx sqlflow debug\n  npx sqlflow build\n')
    const peers: { readonly peerDependencies: Readonly<Record<string, string>> } = JSON.parse(readFileSync('package.json', 'utf8'))
    const made: { readonly devDependencies: Readonly<Record<string, string>> } = JSON.parse(
      readFileSync(join(folder.path, 'package.json'), 'utf8'),
    )
    expect(made.devDependencies['@aws-sdk/client-redshift']).toBe(peers.peerDependencies['@aws-sdk/client-redshift'])
    expect(readFileSync(join(folder.path, 'sqlflow.yml'), 'utf8')).not.toContain('DATABASE_URL')
    const debugged = await runHere(folder.path, ['debug'], { env: { USER: 'ana' } })
    expect(debugged.stdout).toContain(
      `✓ cluster      field-prod is ${new URL(redshift.url).host}\n✓ iam          credentials of IAMR:analyst until `,
    )
  })

  it('asks for the workgroup of Redshift Serverless, and tries what was answered', async () => {
    await using folder = await createTemporaryFolder()
    await using aws = await startAws(redshift)
    for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value)
    const refused = await runHere(folder.path, ['init', '--name', 'field_data'], {
      prompts: answering(['redshift', 'workgroup'], ['feild', 'us-east-1', 'dev']),
    })
    expect(refused).toMatchObject({ exitCode: 130, stdout: '✗ cluster      failed\n' })
    expect(refused.stderr).toContain('There is no workgroup `feild` in us-east-1, which `iam` of target `dev` names.')
    expect(aws.calls).toEqual(['GetWorkgroup workgroupName=feild'])
  })

  it('writes models and macros that Redshift carries out', async () => {
    await using folder = await createTemporaryFolder()
    const env = { DATABASE_URL: redshift.url, USER: 'kai' }
    await runHere(folder.path, ['init', '--name', 'field_data', '--warehouse', 'redshift', '--no-connect'], { env })
    const client = new Client({ connectionString: redshift.url })
    await client.connect()
    try {
      for (const schema of ['raw', 'staging', 'marts']) await client.query(`create schema dev_kai_${schema}`)
      await client.query(
        'create table dev_kai_raw.supporters (supporter_id integer, first_name varchar, last_name varchar, email varchar, phone varchar, precinct varchar, opted_out boolean)',
      )
      await client.query(
        'create table dev_kai_raw.signups (signup_id integer, supporter_id integer, event varchar, starts_at timestamp, status varchar)',
      )
      await client.query(
        `insert into dev_kai_raw.supporters values (1, ' Ana  Maria ', 'O''Brien', 'ANA@example.org', '+1 (202) 555-0101', '01', false), (2, 'Zoë', '', null, 'n/a', '01', false)`,
      )
      await client.query(
        `insert into dev_kai_raw.signups values (1, 1, 'Phone bank', '2026-09-10 18:00', 'No Show'), (2, 1, 'Canvass', '2026-09-11 10:00', 'attended')`,
      )
      for (const model of ['staging.stg_supporters', 'staging.stg_signups', 'marts.supporter_activity', 'marts.call_list']) {
        const { stdout, exitCode } = await runHere(folder.path, ['compile', model.split('.')[1]!], { env })
        expect(exitCode).toBe(0)
        await client.query(`create view dev_kai_${model} as ${stdout}`)
      }
      const { rows } = await client.query('select * from dev_kai_marts.call_list')
      expect(rows).toEqual([
        { supporter_id: 1, first_name: 'Ana Maria', last_name: "O'Brien", phone: '2025550101', precinct: '01', attended: '1' },
      ])
    } finally {
      await client.end()
    }
  })
})
