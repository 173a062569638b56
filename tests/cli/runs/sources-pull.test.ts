import { describe, expect, it } from 'vitest'
import { createProject, warehouses } from '../../support/cli.ts'
import { runOnce } from '../../support/databases.ts'

const schema = `create schema tmc_van;
  create table tmc_van.contacts (contact_id bigint primary key, phone character varying(20), tags text[]);
  comment on table tmc_van.contacts is 'One row per person.';
  comment on column tmc_van.contacts.phone is 'Mobile first.';
  create table tmc_van."Survey Answers" (answer numeric(10,2), "at" timestamptz);
  create view tmc_van.reachable as select contact_id from tmc_van.contacts where phone is not null;`

const pulled = `sources:
  tmc_van:
    tables:
      Survey_Answers:
        relation: Survey Answers
        columns:
          answer: { type: "numeric(10,2)" }
          at: { type: timestamp with time zone }
      contacts:
        description: One row per person.
        columns:
          contact_id: { type: bigint }
          phone: { type: character varying(20), description: Mobile first. }
          tags: { type: "text[]" }
      reachable:
        columns:
          contact_id: { type: bigint }
`

describe.each(warehouses)('sources pull on $type', ({ create }) => {
  it('writes tables and views, shows what has changed since, and keeps what people wrote', async () => {
    await using project = await create({ files: {} })
    await project.query(schema)
    const first = await project.run(['sources', 'pull', 'tmc_van'])
    expect(first).toEqual({
      exitCode: 0,
      stdout: `+ Survey_Answers                           2 columns
+ contacts                                 3 columns
+ reachable                                1 column
3 tables added. Written to models/sources/tmc_van.yml.
`,
      stderr: '',
    })
    expect(project.read('models/sources/tmc_van.yml')).toBe(pulled)
    expect((await project.run(['sources', 'pull', 'tmc_van', '--check'])).stdout).toBe(
      'Nothing has changed: models/sources/tmc_van.yml is as the schema tmc_van is.\n',
    )

    const annotated = pulled
      .replace('bigint }', 'bigint, tests: [unique] } # of the vendor')
      .replace('description: Mobile first. }', 'sensitive: true }')
      .replace('          tags', '          # one a line\n          tags')
    project.write({ 'models/sources/tmc_van.yml': annotated, 'models/people.sql': "select phone from {{source 'tmc_van' 'contacts'}}\n" })
    await project.query(`alter table tmc_van.contacts rename column phone to phone_number; alter table tmc_van.contacts drop column tags;
      drop view tmc_van.reachable; alter table tmc_van.contacts alter column contact_id type numeric(20,0);
      create table tmc_van.lists (list_id integer)`)
    const changes = `+ lists                                    1 column
+ contacts.phone_number                    character varying(20)
~ contacts.contact_id                      bigint → numeric(20,0)
- contacts.phone                           gone; kept in the file, with what people wrote of it: move that, or remove it
- contacts.tags                            gone; kept in the file, with what people wrote of it: move that, or remove it
- reachable                                gone
`
    const checked = await project.run(['sources', 'pull', 'tmc_van', '--check'])
    expect(checked).toEqual({
      exitCode: 1,
      stdout: `${changes}1 table added, 1 column added, 1 column retyped, 1 table gone, 2 columns gone. models/sources/tmc_van.yml was not written, because of --check.\n`,
      stderr: '',
    })
    expect(project.read('models/sources/tmc_van.yml')).toBe(annotated)
    expect((await project.run(['sources', 'pull', 'tmc_van'])).stdout.startsWith(changes)).toBe(true)
    expect(project.read('models/sources/tmc_van.yml')).toBe(`sources:
  tmc_van:
    tables:
      Survey_Answers:
        relation: Survey Answers
        columns:
          answer: { type: "numeric(10,2)" }
          at: { type: timestamp with time zone }
      contacts:
        description: One row per person.
        columns:
          contact_id: { type: "numeric(20,0)", tests: [unique] } # of the vendor
          phone: { type: character varying(20), sensitive: true }
          # one a line
          tags: { type: "text[]" }
          phone_number: { type: character varying(20), description: Mobile first. }
      lists:
        columns:
          list_id: { type: integer }
`)
    const built = await project.run(['build'])
    expect(built.exitCode).toBe(2)
    expect(built.stderr).toContain('`phone` is gone from the source `tmc_van.contacts`')
  })

  it('takes some tables, another name, and the file that has the source', async () => {
    await using project = await create({
      files: { 'models/van.yml': 'sources:\n  van:\n    schema: tmc_van\n    tables:\n      contacts:\n' },
    })
    await project.query(schema)
    const { stdout } = await project.run(['sources', 'pull', 'tmc_van', '--name', 'van', '--table', 'cont*', '--table', 'reach*', '--json'])
    expect(JSON.parse(stdout)).toEqual({
      file: 'models/van.yml',
      source: 'van',
      schema: 'tmc_van',
      written: true,
      changes: [
        { change: 'table-added', table: 'reachable', columns: 1 },
        { change: 'column-added', table: 'contacts', column: 'contact_id', type: 'bigint' },
        { change: 'column-added', table: 'contacts', column: 'phone', type: 'character varying(20)' },
        { change: 'column-added', table: 'contacts', column: 'tags', type: 'text[]' },
      ],
      unreadable: [],
    })
    const other = await project.run(['sources', 'pull', 'public', '--name', 'van'])
    expect([other.exitCode, other.stderr]).toEqual([
      2,
      'error[bad-usage]: The source `van` stands for the schema tmc_van, not public.\n  hint: Give this schema a source of its own: --name.\n',
    ])
    const none = await project.run(['sources', 'pull', 'tmc_van', '--name', 'x', '--table', 'contact'])
    expect([none.exitCode, none.stderr]).toEqual([
      2,
      'error[nothing-to-pull]: No table of tmc_van matches `contact`.\n  hint: Did you mean `contacts`?\n',
    ])
    expect((await project.run(['sources', 'pull', 'tmc_vna'])).stderr).toBe(
      'error[missing-schema]: Target `dev` has no schema tmc_vna.\n  hint: Did you mean `tmc_van`?\n',
    )
    project.write({ 'models/van.yml': 'sources:\n  van:\n    schma: tmc_van\n    tables: {}\n' })
    const broken = await project.run(['sources', 'pull', 'tmc_van', '--name', 'van'])
    expect(broken.stderr).toContain('models/van.yml:3:5 error[unknown-key]')
    expect(project.read('models/van.yml')).toContain('schma')
  })
})

it('A schema that may not be read is told with the least grants, and tables that may not are left out', async () => {
  await using project = await createProject('postgres', { files: {} })
  const role = `reader_${new URL(project.url!).pathname.slice(-12)}`
  await runOnce(project.url!, `${schema} create role ${role} login password 'p8Lw2qXz'`)
  try {
    const env = { DATABASE_URL: Object.assign(new URL(project.url!), { username: role, password: 'p8Lw2qXz' }).href }
    const pull = () => project.run(['sources', 'pull', 'tmc_van'], { env })
    const refused = await pull()
    const grants = `grant usage on schema "tmc_van" to "${role}"; grant select on all tables in schema "tmc_van" to "${role}";`
    expect([refused.exitCode, refused.stderr]).toEqual([
      2,
      `error[schema-not-readable]: The role ${role} may not read the schema tmc_van.\n  hint: Its owner can allow it: ${grants}\n`,
    ])
    await runOnce(project.url!, `${grants} revoke select on tmc_van.reachable from ${role}`)
    const allowed = await pull()
    expect([allowed.exitCode, allowed.stderr]).toEqual([
      0,
      `Left out: 1 table that the role ${role} may not read.\n  grant select on "tmc_van"."reachable" to "${role}";\n`,
    ])
    expect(project.read('models/sources/tmc_van.yml')).toBe(pulled.slice(0, pulled.indexOf('      reachable')))
    await runOnce(project.url!, `revoke select on tmc_van.contacts from ${role}; revoke usage on schema tmc_van from ${role}; `)
    expect((await pull()).stderr).toContain(`hint: Its owner can allow it: grant usage on schema "tmc_van" to "${role}";\n`)
  } finally {
    await runOnce(project.url!, `drop owned by ${role} cascade; drop role ${role}`)
  }
})
