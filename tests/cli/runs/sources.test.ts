import { describe, expect, it } from 'vitest'
import { createProject, eventsOf, statusesOf, steady, warehouses, type CliProject } from '../../support/cli.ts'
import { runOnce } from '../../support/databases.ts'

const van = `sources:
  van:
    schema: tmc_van
    tables:
      contacts:
        relation: tsm_contacts
        sample: seeds/samples/contacts.csv
        columns:
          contact_id: { type: bigint, tests: [unique, not_null] }
          phone: { type: varchar, sensitive: true, description: Mobile first. }
`

const files = {
  'models/van.yml': van,
  'seeds/samples/contacts.csv': 'contact_id,phone,joined\n1,215-555-0101,2026-01-02\n2,404-555-0102,2026-02-03\n',
  'models/people.sql': "/*---\nmaterialized: table\n---*/\nselect contact_id, phone, joined from {{source 'van' 'contacts'}}\n",
}

/** What a run told of samples. */
function samplesOf(stdout: string): readonly string[] {
  return eventsOf(stdout).flatMap((event) => (event.type === 'sample-loaded' ? [`${event.source} ${event.where} ${event.rows}`] : []))
}

function columnsOf(project: CliProject, table: string) {
  return project.query(
    `select attname, format_type(atttypid, atttypmod) from pg_attribute where attrelid = '${table}'::regclass and attnum > 0 order by attnum`,
  )
}

describe.each(warehouses)('samples of sources on $type', ({ create }) => {
  it('stand in where the target has no such table, before anything that reads it runs', async () => {
    await using project = await create({ files })
    const { exitCode, stderr } = await project.run(['build', '--threads', '1'])
    expect({ exitCode, stderr: steady(stderr) }).toEqual({
      exitCode: 0,
      stderr: `sqlflow V build of field on dev: 3 nodes
✓ sample  tmc_van.tsm_contacts                         sample of van.contacts: 2 rows, N ms
✓ tests   tmc_van.tsm_contacts                         2 tests passed, N ms
✓ table   analytics.people                             2 rows, N ms
`,
    })
    expect(await columnsOf(project, 'tmc_van.tsm_contacts')).toEqual([
      ['contact_id', 'bigint'],
      ['phone', 'character varying'],
      ['joined', 'date'],
    ])
  })

  it('are loaded again when the file or a type changes, and only then', async () => {
    await using project = await create({ files })
    const build = async () => samplesOf((await project.run(['run', 'people', '--json'])).stdout)
    expect(await build()).toEqual(['source:van.contacts tmc_van.tsm_contacts 2'])
    expect(await build()).toEqual([])
    project.write({ 'seeds/samples/contacts.csv': 'contact_id,phone,joined\n7,,2026-01-02\n' })
    expect(await build()).toEqual(['source:van.contacts tmc_van.tsm_contacts 1'])
    expect(await project.query('select contact_id from analytics.people')).toEqual([['7']])
    project.write({ 'models/van.yml': van.replace('bigint', 'integer') })
    expect(await build()).toEqual(['source:van.contacts tmc_van.tsm_contacts 1'])
  })

  it('never touch a table that somebody else made', async () => {
    await using project = await create({ files })
    await project.query(
      "create schema tmc_van; create table tmc_van.tsm_contacts as select 9::bigint contact_id, 'x'::varchar phone, current_date joined",
    )
    const { exitCode, stdout } = await project.run(['build', '--json'])
    expect([exitCode, samplesOf(stdout)]).toEqual([0, []])
    expect(await project.query('select contact_id from analytics.people')).toEqual([['9']])
  })

  it('are loaded for show, for tests of the source and for exports, when these read it', async () => {
    await using project = await create({
      files: {
        ...files,
        'models/lists.sql': 'select 1 as list_id\n',
        'exports/phones.yml': "query: |\n  select count(*) as people from {{source 'van' 'contacts'}}\nto:\n  csv: { path: phones.csv }\n",
      },
    })
    expect(samplesOf((await project.run(['run', 'lists', '--json'])).stdout)).toEqual([])
    const shown = await project.run(['show', 'people', '--format', 'csv'])
    expect({ ...shown, stderr: steady(shown.stderr) }).toEqual({
      exitCode: 0,
      stdout: 'contact_id,phone,joined\n1,***,2026-01-02\n2,***,2026-02-03\n',
      stderr: '✓ sample  tmc_van.tsm_contacts                         sample of van.contacts: 2 rows, N ms\n',
    })
    await project.query('drop table tmc_van.tsm_contacts')
    expect(samplesOf((await project.run(['test', 'source:van', '--json'])).stdout)).toHaveLength(1)
    await project.query('drop table tmc_van.tsm_contacts')
    expect(samplesOf((await project.run(['export', '--json'])).stdout)).toHaveLength(1)
    const { stdout } = await project.run(['list', 'source:van.contacts', '--json'])
    expect(JSON.parse(stdout.split('\n')[0]!)).toMatchObject({ kind: 'source', sample: 'seeds/samples/contacts.csv' })
  })

  it('are never loaded on a protected target, where a missing source ends the run', async () => {
    await using project = await create({ files, target: 'protected: true' })
    project.write({ 'sqlflow.yml': (project.read('sqlflow.yml') ?? '').replace('default_target: dev\n', '') })
    const { exitCode, stderr } = await project.run(['build', '--target', 'dev', '--allow-protected'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain('[missing-source]: The source `van.contacts` is missing on target `dev`: it has no schema tmc_van')
    expect(stderr).toContain('hint: Its sample is not loaded, because target `dev` is protected.')
    expect(await project.query("select count(*) from pg_namespace where nspname in ('tmc_van', 'analytics')")).toEqual([['0']])
  })

  it('that are wrong end the run before a node is built, at the line of the file', async () => {
    await using project = await create({ files: { ...files, 'seeds/samples/contacts.csv': 'contact_id,phone,joined\none,2,3\n' } })
    const { exitCode, stderr } = await project.run(['build'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain(
      'seeds/samples/contacts.csv:2:1 error[seed-value]: Column `contact_id` of this record does not fit its type bigint.',
    )
    expect(await project.query("select relname from pg_class where relname in ('people', 'tsm_contacts')")).toEqual([])
  })
})

describe.each(warehouses)('declared columns of sources on $type', ({ create }) => {
  it('are compared with the catalog before anything runs, all at once', async () => {
    await using project = await create({ files: { ...files, 'models/calls.sql': 'select 1 as call_id\n' } })
    await project.query(
      'create schema tmc_van; create table tmc_van.tsm_contacts (contact_id integer, phone_number varchar(20), joined date)',
    )
    const { exitCode, stderr } = await project.run(['build'])
    expect({ exitCode, stderr: stderr.replace(/^sqlflow .*\n/, '') }).toEqual({
      exitCode: 2,
      stderr: `models/van.yml:9:11 warning[source-column-type]: \`van.contacts.contact_id\` is declared bigint, and is integer.
  8 |         columns:
  9 |           contact_id: { type: bigint, tests: [unique, not_null] }
    |           ^^^^^^^^^^
  hint: Correct the type here, or run \`sqlflow sources pull\` for what has changed.

models/van.yml:10:11 error[source-column-gone]: \`phone\` is gone from the source \`van.contacts\`; \`phone_number\` exists.
   9 |           contact_id: { type: bigint, tests: [unique, not_null] }
  10 |           phone: { type: varchar, sensitive: true, description: Mobile first. }
     |           ^^^^^
  hint: Correct the name here and where it is read, or run \`sqlflow sources pull\` for what has changed.

1 error, 1 warning
`,
    })
    expect(await project.query("select count(*) from pg_namespace where nspname = 'analytics'")).toEqual([['0']])
    expect(statusesOf((await project.run(['run', 'calls', '--json'])).stdout)).toEqual(['success model:calls'])
  })

  it('of another type are a warning with its place, and the run goes on', async () => {
    await using project = await create({ files })
    await project.query('create schema tmc_van; create table tmc_van.tsm_contacts (contact_id integer, phone varchar(20), joined date)')
    const { exitCode, stderr } = await project.run(['run'])
    expect(exitCode).toBe(0)
    expect(stderr).toContain('models/van.yml:9:11 warning: `van.contacts.contact_id` is declared bigint, and is integer.\n')
    expect(stderr).not.toContain('phone')
  })
})

it('A source that this role may not read is told apart from a missing one, and the grants that are told mend it', async () => {
  await using project = await createProject('postgres', {
    files: {
      ...files,
      'models/van.yml': `${van}      surveys:\n        relation: tsm_survey\n`,
      'models/answers.sql': "select * from {{source 'van' 'surveys'}}\n",
    },
  })
  const role = `reader_${new URL(project.url!).pathname.slice(-12)}`
  await project.query(`create schema tmc_van; create table tmc_van.tsm_contacts (contact_id bigint, phone varchar, joined date);
    create table tmc_van.tsm_surveys (); create role ${role} login password 'p8Lw2qXz'; grant create on database ${new URL(project.url!).pathname.slice(1)} to ${role}`)
  try {
    const env = { DATABASE_URL: Object.assign(new URL(project.url!), { username: role, password: 'p8Lw2qXz' }).href }
    const refused = await project.run(['build'], { env })
    expect(refused.exitCode).toBe(2)
    expect(refused.stderr).toContain(
      `[source-not-readable]: The role ${role} may not use the schema tmc_van, in which tsm_contacts is: the source \`van.contacts\`.`,
    )
    const grants = `grant usage on schema "tmc_van" to "${role}"; grant select on "tmc_van"."tsm_contacts" to "${role}";`
    expect(refused.stderr).toContain(`hint: Its owner can allow it: ${grants}`)
    expect(refused.stderr).toContain(
      '[missing-source]: The source `van.surveys` is missing on target `dev`: it has no relation tmc_van.tsm_survey.',
    )
    expect(refused.stderr).toContain('hint: Did you mean `tsm_surveys`?')
    await runOnce(project.url!, grants)
    expect((await project.run(['build', 'people'], { env })).exitCode).toBe(0)
    await runOnce(project.url!, `revoke select on tmc_van.tsm_contacts from ${role}`)
    const closed = await project.run(['build', 'people'], { env })
    expect(closed.stderr).toContain(`The role ${role} may not read tmc_van.tsm_contacts: the source \`van.contacts\`.`)
    expect(closed.stderr).toContain(`hint: Its owner can allow it: grant select on "tmc_van"."tsm_contacts" to "${role}";`)
  } finally {
    await runOnce(project.url!, `drop owned by ${role} cascade; drop role ${role}`)
  }
})
