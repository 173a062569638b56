import { readdirSync, statSync, chmodSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createProject, type CliProject, type Files } from '../../support/cli.ts'

const now = new Date('2026-11-01T12:00:00Z')
const people = `/*---\r\n# who they are\r\ncolumns:\r\n  person_id: { tests: [unique] }\r\n---*/\r\nselect 1 as person_id, 'PA' as state\r\n`
const files: Files = {
  'models/marts/people.sql': `\uFEFF${people}`,
  'models/turf.sql': `{{#if (eq target.name 'prod')}}
select * from {{ref "people"}}
{{else}}
select * from {{ ref   'people' }} -- {{ref 'people'}} in a comment
{{/if}}
`,
  'models/turf.yml': `models:
  people:
    description: People of people.
  turf:
    columns:
      person_id:
        tests:
          - relationships: { to: "people", field: person_id, where: "person_id in (select person_id from {{ref 'people'}})" }
`,
  'models/off.sql': "/*--- enabled: false ---*/\nselect * from {{ref 'people'}}\n",
  'macros/of_people.sql': "(select count(*) from {{ref 'people'}})",
  'tests/none.sql': "select {{of_people}} from {{ref 'people'}} where false",
  'exports/list.yml': 'from: people # the people\nto: { csv: {} }\n',
  'exports/query.yml': "query: |\n  select *\n  from {{ref 'people'}}\nto: { csv: {} }\n",
}
const selectors = `selectors:
  nightly: { union: ["+people+", "tag:people", "marts.people", "unique_people_person_id", "path:models/marts/people.sql"], exclude: ["file:people"] }
  wide: "peop*"
`

function project(more: Files = {}, config = selectors): Promise<CliProject> {
  return createProject('pglite', { files: { ...files, ...more }, config })
}

/** Every file, by path. */
function snapshot({ root, read }: CliProject): Files {
  const all = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => statSync(join(root, file)).isFile() && !file.startsWith('.sqlflow'),
  )
  return Object.fromEntries(all.sort().map((file) => [file, read(file)!]))
}

describe('sqlflow rename', () => {
  it('rewrites every use of a model and nothing else, keeping quotes, line endings and comments', async () => {
    await using field = await project()
    const before = snapshot(field)
    const dry = await field.run(['rename', 'people', 'persons', '--dry-run'], { now })
    expect(snapshot(field)).toEqual(before)
    expect(dry.stdout).toContain(
      'models/marts/people.sql -> models/marts/persons.sql\n  3 + renamed_from: { name: people, until: 2026-12-01 }\n',
    )
    expect(dry.stdout).toContain('models/turf.sql\n  2 - select * from {{ref "people"}}\n  2 + select * from {{ref "persons"}}\n')
    expect(await field.run(['rename', 'people', 'persons', '--until', '2027-01-31'], { now })).toEqual({
      exitCode: 0,
      stdout: `exports/list.yml
exports/query.yml
macros/of_people.sql
models/marts/people.sql -> models/marts/persons.sql
models/off.sql
models/turf.sql
models/turf.yml
sqlflow.yml
tests/none.sql
`,
      stderr: `Renamed the model people to persons: 9 files.
The next build renames the relation, with its privileges; a view under the old name stays until 2027-01-31.
1 test named after it is renamed as well.
The selector wide selected it, and does so no more: see what it says in sqlflow.yml.
`,
    })
    const { 'models/marts/people.sql': _old, ...kept } = before
    expect(snapshot(field)).toEqual({
      ...kept,
      'models/marts/persons.sql': `\uFEFF${people.replace('columns:', 'renamed_from: { name: people, until: 2027-01-31 }\r\ncolumns:')}`,
      'models/turf.sql': `{{#if (eq target.name 'prod')}}
select * from {{ref "persons"}}
{{else}}
select * from {{ ref   'persons' }} -- {{ref 'people'}} in a comment
{{/if}}
`,
      'models/turf.yml': files['models/turf.yml']!.replace('  people:', '  persons:')
        .replace('to: "people"', 'to: "persons"')
        .replace("{{ref 'people'}}", "{{ref 'persons'}}"),
      'models/off.sql': "/*--- enabled: false ---*/\nselect * from {{ref 'persons'}}\n",
      'macros/of_people.sql': "(select count(*) from {{ref 'persons'}})",
      'tests/none.sql': "select {{of_people}} from {{ref 'persons'}} where false",
      'exports/list.yml': 'from: persons # the people\nto: { csv: {} }\n',
      'exports/query.yml': "query: |\n  select *\n  from {{ref 'persons'}}\nto: { csv: {} }\n",
      'sqlflow.yml': before['sqlflow.yml']!.replace('+people+', '+persons+')
        .replace('marts.people"', 'marts.persons"')
        .replace('unique_people_person_id', 'unique_persons_person_id')
        .replace('marts/people.sql', 'marts/persons.sql')
        .replace('file:people', 'file:persons'),
    })
    expect(await field.run(['rename', 'persons', 'folk'], { now })).toMatchObject({ exitCode: 0 })
    expect(field.read('models/marts/folk.sql')).toContain(
      'renamed_from: [{ name: people, until: 2027-01-31 }, { name: persons, until: 2026-12-01 }]\r\n',
    )
    expect(await field.run(['rename', 'folk', 'people'], { now })).toMatchObject({ exitCode: 0 })
    expect(field.read('models/marts/people.sql')).toContain(
      'renamed_from: [{ name: persons, until: 2026-12-01 }, { name: folk, until: 2026-12-01 }]\r\n',
    )
  })

  it('renames macros with their variants, arguments of the same name left alone; tests, exports, seeds and tables of sources', async () => {
    await using field = await project(
      {
        'macros/pct.sql': '/*---\nargs: { x: sql }\nexamples: ["{{pct \'a\'}}"]\n---*/\n{{x}} * 100',
        'macros/pct.redshift.sql': '/*---\nargs: { x: sql }\n---*/\n{{x}} * 100.0',
        'macros/other.sql': '/*---\nargs: { pct: sql }\n---*/\n{{pct}}',
        'models/uses.sql':
          "select {{pct 'a'}} as a, {{#if (pct 'b')}}{{pct (other 'c')}}{{/if}} as pct from {{ref 'county'}} where {{of_people}} > 0",
        'seeds/county.csv': 'a,b,c\n1,2,3\n',
        'tests/generic/positive.sql': '/*---\nargs: {}\n---*/\nselect * from {{relation}} where {{column}} <= 0',
        'models/src.yml':
          'sources:\n  van:\n    tables:\n      contacts:\n        columns: { id: { tests: [positive, positive: { severity: warn, name: warned }] } }\n      notes:\n',
        'models/van.sql': "select * from {{source \"van\" 'contacts'}} join {{source 'van' 'notes'}} using (id)",
      },
      '',
    )
    for (const [from, to] of [
      ['pct', 'percent'],
      ['county', 'counties'],
      ['generic-test:positive', 'above_zero'],
      ['van.contacts', 'people'],
      ['van.notes', 'van.remarks'],
      ['test:none', 'nobody'],
      ['list', 'all_people'],
    ] as const) {
      expect(await field.run(['rename', from, to], { now })).toMatchObject({ exitCode: 0 })
    }
    const after = snapshot(field)
    expect(Object.keys(after)).toEqual(
      expect.arrayContaining([
        'macros/percent.sql',
        'macros/percent.redshift.sql',
        'tests/generic/above_zero.sql',
        'tests/nobody.sql',
        'exports/all_people.yml',
        'seeds/counties.csv',
      ]),
    )
    expect(after['macros/percent.sql']).toContain('examples: ["{{percent \'a\'}}"]')
    expect(after['macros/other.sql']).toBe('/*---\nargs: { pct: sql }\n---*/\n{{pct}}')
    expect(after['models/uses.sql']).toBe(
      "select {{percent 'a'}} as a, {{#if (percent 'b')}}{{percent (other 'c')}}{{/if}} as pct from {{ref 'counties'}} where {{of_people}} > 0",
    )
    expect(after['seeds/counties.yml']).toBe('seeds:\n  counties:\n    renamed_from: { name: county, until: 2026-12-01 }\n')
    expect(after['models/src.yml']).toBe(
      'sources:\n  van:\n    tables:\n      people:\n        relation: contacts\n        columns: { id: { tests: [above_zero, above_zero: { severity: warn, name: warned }] } }\n      remarks: { relation: notes }\n',
    )
    expect(after['models/van.sql']).toBe("select * from {{source \"van\" 'people'}} join {{source 'van' 'remarks'}} using (id)")
  })

  it.each([
    [
      '/*--- materialized: table ---*/\nselect 1',
      '/*---\nmaterialized: table\nrenamed_from: { name: m, until: 2026-12-01 }\n---*/\nselect 1',
    ],
    [
      '/*--- {materialized: table} ---*/\nselect 1',
      '/*--- { renamed_from: { name: m, until: 2026-12-01 }, materialized: table} ---*/\nselect 1',
    ],
    ['/*---\n---*/\nselect 1', '/*---\nrenamed_from: { name: m, until: 2026-12-01 }\n---*/\nselect 1'],
    ['-- note\nselect 1', '/*---\nrenamed_from: { name: m, until: 2026-12-01 }\n---*/\n-- note\nselect 1'],
    ['/*--- materialized: ephemeral ---*/\nselect 1', '/*--- materialized: ephemeral ---*/\nselect 1'],
    ['/*--- alias: mm ---*/\nselect 1', '/*--- alias: mm ---*/\nselect 1'],
  ])('writes the former name where the relation moves: %j', async (before, after) => {
    await using field = await createProject('pglite', { files: { 'models/m.sql': before } })
    expect(await field.run(['rename', 'm', 'n'], { now })).toMatchObject({ exitCode: 0 })
    expect(field.read('models/n.sql')).toBe(after)
  })

  it('follows names into what an export to Google Sheets requires and asks for its parts, and says that its tabs remember it', async () => {
    const sheet = `from: turf
for_each: |
  select state from {{ref 'people'}}
to: { google_sheets: { spreadsheet: 1AbCdEfGhIj, tab: "{state}" } }
guards: { required_tests: [none, unique_people_person_id] }
`
    await using field = await project({ 'exports/sheet.yml': sheet })
    expect((await field.run(['rename', 'people', 'persons'], { now })).exitCode).toBe(0)
    expect((await field.run(['rename', 'none', 'nobody'], { now })).exitCode).toBe(0)
    expect(field.read('exports/sheet.yml')).toBe(
      sheet
        .replace("{{ref 'people'}}", "{{ref 'persons'}}")
        .replace('[none, unique_people_person_id]', '[nobody, unique_persons_person_id]'),
    )
    const renamed = await field.run(['rename', 'sheet', 'turf_sheet'], { now })
    expect(renamed.stderr).toContain('Its tabs remember the old name: the next live export takes them over with `--adopt turf_sheet`.')
  })

  it('refuses, and changes nothing', async () => {
    await using field = await project({
      'macros/turf.sql': 'x',
      'models/item.sql': "select {{#each (list 'a')}}{{turf}}{{/each}} as a",
      'models/late.sql': "/*--- enabled: false ---*/ select * from {{ref (upper 'people')}}",
    })
    const before = snapshot(field)
    for (const [args, expected] of [
      [['people'], 'error[bad-usage]: `sqlflow rename` takes two arguments, `<node>` and `<name>`.'],
      [['a', 'b', 'c'], 'error[bad-usage]: `sqlflow rename` takes two arguments, `<node>` and `<name>`.'],
      [['nobody', 'x'], 'error[unknown-node]: There is no model, seed, source table, macro, test or export named `nobody`.'],
      [['people', 'turf'], 'error[name-taken]: There is a model named `turf`.'],
      [['people', 'off'], 'error[name-taken]: There is a model that is disabled named `off`.'],
      [['people', 'a-b'], 'error[bad-usage]: `a-b` cannot be a name'],
      [['turf', 'lawn'], 'error[bad-usage]: `turf` is a model and a macro.\n  hint: Say which: `model:turf` or `macro:turf`.'],
      [['macro:turf', 'ref'], 'error[name-taken]: There is a built-in word named `ref`.'],
      [
        ['macro:turf', 'lawn'],
        'models/item.sql:1:30 error[cannot-rename]: `turf` may be the macro here, or a property of the item of the loop.',
      ],
      [['people', 'persons'], 'models/late.sql:1:48 error[computed-name]'],
      [['people', 'persons', '--until', '2026-02-30'], 'error[bad-usage]: `--until` takes a day'],
    ] as const) {
      const { exitCode, stderr } = await field.run(['rename', ...args], { now })
      expect({ args, exitCode, stderr }).toMatchObject({ args, exitCode: 2, stderr: expect.stringContaining(expected) })
    }
    expect(snapshot(field)).toEqual(before)
  })

  it('puts everything back where the project would not link, would read something else, or cannot be written', async () => {
    await using field = await createProject('pglite', {
      files: {
        'macros/pct.sql': 'a * 100',
        'models/m.sql': "select {{#let share='1'}}{{pct}}{{/let}} as a",
        'models/deep/n.sql': "select * from {{ref 'm'}}",
      },
      config: 'folders: { models/deep: { schema: deep } }\n',
    })
    field.write({ 'models/other.sql': '/*--- alias: z ---*/ select 1' })
    const before = snapshot(field)
    expect(await field.run(['rename', 'pct', 'share'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('error[rename-undone]: Afterwards `m` would not read what it reads, so every file is as it was.'),
    })
    expect(await field.run(['rename', 'm', 'z'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('The project would have these mistakes under the new name; every file is as it was.'),
    })
    expect(snapshot(field)).toEqual(before)
    if (process.getuid?.() === 0) return // root may write anywhere
    chmodSync(join(field.root, 'models/deep'), 0o500)
    expect(await field.run(['rename', 'm', 'mm'])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('error[not-written]') })
    chmodSync(join(field.root, 'models/deep'), 0o700)
    expect(snapshot(field)).toEqual(before)
  })
})
