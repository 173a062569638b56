import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CliProject, createProject, outcomesOf, steady } from '../support/cli.ts'

const reader = `reader_of_sources_${process.pid}`

let project: CliProject
let asReader: { readonly env: Record<string, string> }

beforeAll(async () => {
  project = await createProject('redshift', { files: {} })
  for (const sql of [
    'create schema van',
    'create schema analytics',
    'create schema closed',
    `create table van.contacts (contact_id bigint, phone varchar(20), tags super, "Full Name" varchar(80))`,
    `insert into van.contacts values (1, '555-0001', json_parse('["vip"]'), 'Ana Ruiz')`,
    `comment on table van.contacts is 'One row per person.'`,
    `comment on column van.contacts.phone is 'Mobile first.'`,
    'create view van.reachable as select contact_id from van.contacts where phone is not null',
    'create view van.late as select contact_id, phone from van.contacts with no schema binding',
    'create table closed.secrets (id int)',
    `create user ${reader} password 'Secret123'`,
    `grant usage on schema van to ${reader}`,
    `grant usage, create on schema analytics to ${reader}`,
  ])
    await project.query(sql)
  const url = Object.assign(new URL(project.url!), { username: reader, password: 'Secret123' })
  asReader = { env: { DATABASE_URL: url.href } }
})

afterAll(async () => {
  await project.query(`drop owned by ${reader}`)
  await project.query(`drop user ${reader}`)
  await project[Symbol.asyncDispose]()
})

describe('sources on Redshift', () => {
  it('are pulled: tables and views, with columns as they are', async () => {
    expect(await project.run(['sources', 'pull', 'van'])).toMatchObject({ exitCode: 0, stderr: '' })
    expect(project.read('models/sources/van.yml')).toMatchInlineSnapshot(`
      "sources:
        van:
          tables:
            contacts:
              description: One row per person.
              columns:
                contact_id: { type: bigint }
                phone: { type: character varying(20), description: Mobile first. }
                tags: { type: super }
                full name: { type: character varying(80) }
            late:
              columns:
                contact_id: { type: bigint }
                phone: { type: character varying(20) }
            reachable:
              columns:
                contact_id: { type: bigint }
      "
    `)
    expect((await project.run(['sources', 'pull', 'van', '--check'])).stdout).toBe(
      'Nothing has changed: models/sources/van.yml is as the schema van is.\n',
    )
    expect((await project.run(['sources', 'pull', 'vann'])).stderr).toBe(
      'error[missing-schema]: Target `dev` has no schema vann.\n  hint: Did you mean `van`?\n',
    )
    expect((await project.run(['sources', 'pull', 'closed'], asReader)).stderr).toBe(
      `error[schema-not-readable]: The user ${reader} may not read the schema closed.\n  hint: Its owner can allow it: grant usage on schema "closed" to "${reader}"; grant select on all tables in schema "closed" to "${reader}";\n`,
    )
  })

  it('are shown, by name and by a query', async () => {
    project.write({ 'models/sources/van.yml': sourcesOf('') })
    expect(await project.run(['show', 'van.contacts'])).toMatchInlineSnapshot(`
      {
        "exitCode": 0,
        "stderr": "",
        "stdout": "contact_id  phone     tags     full name
      ──────────  ────────  ───────  ─────────
               1  555-0001  ["vip"]  Ana Ruiz
      ",
      }
    `)
    expect((await project.run(['show', '--inline', "select phone from {{source 'van' 'late'}}", '--json'])).stdout).toBe(
      '{"phone":"555-0001"}\n',
    )
    expect((await project.run(['show', '--inline', 'select phoen from van.contacts'])).stderr).toMatchInlineSnapshot(`
      "error[warehouse-error 42703]: column "phoen" does not exist
        hint: Perhaps you meant to reference the column "contacts.phone".
      "
    `)
  })

  it('are checked before anything is built: missing, columns gone and retyped', async () => {
    project.write({
      'models/sources/van.yml': `sources:
  van:
    schema: van
    tables:
      contact: {}
      contacts: { columns: { contact_id: { type: int }, phone: { type: varchar }, fone: {}, Full Name: { type: text } } }
`,
      'models/people.sql': "select * from {{source 'van' 'contacts'}}",
      'models/more.sql': "select * from {{source 'van' 'contact'}}",
    })
    const { exitCode, stderr } = await project.run(['build'])
    expect(exitCode).toBe(2)
    expect(steady(stderr)).toMatchInlineSnapshot(`
      "sqlflow V build of field on dev: 2 nodes
      models/sources/van.yml:5:7 error[missing-source]: The source \`van.contact\` is missing on target \`dev\`: it has no relation van.contact.
        4 |     tables:
        5 |       contact: {}
          |       ^^^^^^^
        hint: Did you mean \`contacts\`? Correct its \`relation\`, or give it a \`sample\`: a CSV of seeds/ that stands in where a target lacks the table.

      models/sources/van.yml:6:30 warning[source-column-type]: \`van.contacts.contact_id\` is declared int, and is bigint.
        5 |       contact: {}
        6 |       contacts: { columns: { contact_id: { type: int }, phone: { type: varchar }, fone: {}, Full Name: { type:…
          |                              ^^^^^^^^^^
        hint: Correct the type here, or run \`sqlflow sources pull\` for what has changed.

      models/sources/van.yml:6:83 error[source-column-gone]: \`fone\` is gone from the source \`van.contacts\`.
        5 |       contact: {}
        6 | …cts: { columns: { contact_id: { type: int }, phone: { type: varchar }, fone: {}, Full Name: { type: text } } }
          |                                                                         ^^^^
        hint: van.contacts has \`contact_id\`, \`phone\`, \`tags\`, \`full name\`.

      2 errors, 1 warning
      "
    `)
    project.remove('models/more.sql')
  })

  it('are checked: whether the user may read them', async () => {
    project.write({
      'models/sources/van.yml': `sources:
  van:
    schema: van
    tables: { contacts: {} }
  closed:
    schema: closed
    tables: { secrets: {} }
`,
      'models/secrets.sql': "select * from {{source 'closed' 'secrets'}}",
    })
    const { exitCode, stderr } = await project.run(['build'], asReader)
    expect(exitCode).toBe(2)
    expect(steady(stderr).replaceAll(reader, 'READER')).toMatchInlineSnapshot(`
      "sqlflow V build of field on dev: 2 nodes
      models/sources/van.yml:4:15 error[source-not-readable]: The user READER may not read van.contacts: the source \`van.contacts\`.
        3 |     schema: van
        4 |     tables: { contacts: {} }
          |               ^^^^^^^^
        hint: Its owner can allow it: grant select on "van"."contacts" to "READER";

      models/sources/van.yml:7:15 error[source-not-readable]: The user READER may not use the schema closed, in which secrets is: the source \`closed.secrets\`.
        6 |     schema: closed
        7 |     tables: { secrets: {} }
          |               ^^^^^^^
        hint: Its owner can allow it: grant usage on schema "closed" to "READER"; grant select on "closed"."secrets" to "READER";

      2 errors
      "
    `)
    project.remove('models/people.sql')
    project.remove('models/secrets.sql')
  })

  it('that a statement may not read come with the least grant that mends it', async () => {
    project.write({
      'models/sources/van.yml': sourcesOf(''),
      'tests/nobody_twice.sql': 'select contact_id from van.reachable group by contact_id having count(*) > 1',
    })
    const [outcome] = outcomesOf((await project.run(['test', 'nobody_twice', '--json'], asReader)).stdout)
    expect(outcome?.failure?.hint?.replaceAll(reader, 'READER')).toMatchInlineSnapshot(`
      "The user READER lacks SELECT on van.reachable (van.reachable exists and belongs to postgres).
        As postgres or a superuser: grant select on "van"."reachable" to "READER";"
    `)
  })
})

function sourcesOf(more: string): string {
  return `sources:
  van:
    schema: van
    tables:
      contacts: {}
      late: {}${more}
`
}
