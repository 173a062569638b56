import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CliProject, createProject, outcomesOf, steady } from '../support/cli.ts'

const setUp = [
  'create schema crm',
  `create table crm.contacts (id int, email varchar(40), state varchar(2), age int, pledge numeric(10, 2), active boolean, signup date, seen timestamptz, turf int, "Last Name" varchar(20), answers super)`,
  `insert into crm.contacts values
  (1, 'ana@example.org', 'PA', 34, 10.00, true, '2020-01-01', getdate(), 1, 'O''Neil', null),
  (2, 'ben@example.org', 'GA', 17, 0, false, '2021-01-01', getdate() - interval '2 hours', 2, 'Lee', null),
  (3, 'ben@example.org', 'XX', 52, -5.50, null, '2022-01-01', null, 9, null, null),
  (4, null, null, null, null, true, null, null, null, null, null)`,
  'create table crm.turf (id int, name varchar(20))',
  `insert into crm.turf values (1, 'North'), (2, 'South')`,
  'create table crm.nothing (id int, seen timestamp)',
]

const files = {
  'models/sources.yml': `sources:
  crm:
    schema: crm
    tables:
      turf: {}
      nothing:
        tests: [{ not_empty: { name: nothing_is_there } }]
        columns:
          seen: { tests: [{ recency: { within: 1 day, name: nothing_is_new } }] }
          id: { tests: [{ unique: { name: nothing_repeats } }, { not_null: { name: nothing_lacks } }] }
      contacts:
        tests:
          - not_empty
          - row_count: { min: 1, max: 4 }
          - row_count: { equals: 3, where: "state is not null", name: three_with_a_state }
          - row_count: { min: 5, name: five_rows }
          - unique_combination: { columns: [email, state] }
          - unique_combination: { columns: [email, Last Name], where: "email is not null", name: names_of_emails }
          - unique_combination: { columns: [active], name: one_of_each, max_failures: 20% }
          - expression: "age >= 18 or age is null -- adults"
          - expression: { expression: "pledge + age > 0", name: sums, max_failures: 50% }
          - nobody_of: { state: XX }
        columns:
          id: { tests: [unique, not_null] }
          email: { sensitive: true, tests: [unique, not_null] }
          state: { tests: [{ accepted_values: [PA, GA] }, { accepted_values: { values: [PA, GA, XX], name: states } }, { unique: { name: half_of_emails, max_failures: 50%, where: "email is not null" } }] }
          age: { tests: [{ accepted_values: { values: [34, 17, 52], name: ages } }, { expression: { expression: "between 0 and 40", where: "active", name: actives } }] }
          pledge: { tests: [{ not_null: { where: "active is not null and pledge > 0", name: pledges } }, { expression: { expression: ">= 0", max_failures: 1, severity: warn, name: debts } }] }
          seen: { tests: [{ recency: { within: 36 hours } }, { recency: { within: 1 hour, where: "id = 2", name: seen_lately } }] }
          signup: { tests: [{ recency: { within: 1 year } }] }
          turf: { tests: [{ relationships: { to: crm.turf, field: id } }, { relationships: { to: crm.turf, field: id, where: "turf < 9", name: turfs } }] }
          Last Name: { tests: [not_null] }
          answers: { tests: [{ not_null: { severity: warn, limit: 1 } }] }
`,
  'tests/generic/nobody_of.sql': `/*---
args: { state: { type: string } }
---*/
select id, email from {{relation}} where state = '{{state}}'
`,
  'tests/pledges_are_known.sql': `select state, count(*) as unknown from {{source 'crm' 'contacts'}} where pledge is null group by state order by state;`,
  'tests/contacts_are_few.sql': `select id from {{source 'crm' 'contacts'}} group by id having count(*) > 9`,
}

let project: CliProject

beforeAll(async () => {
  project = await createProject('redshift', { files })
  for (const sql of setUp) await project.query(sql)
})

afterAll(() => project[Symbol.asyncDispose]())

describe('data tests on Redshift', () => {
  it('count failing rows, each as its sentence says', async () => {
    const { stdout, stderr } = await project.run(['test', '--json'])
    expect(stderr).toBe('')
    const told = outcomesOf(stdout).map(({ node, status, rows, reason }) => `${node.slice(5)}: ${status} ${rows} ${reason ?? ''}`.trim())
    expect(told.toSorted()).toMatchInlineSnapshot(`
      [
        "accepted_values_crm_contacts_state: fail 1 1 of 4 rows of \`crm.contacts\` has a \`state\` that is not one of PA, GA.",
        "actives: success 0",
        "ages: success 0",
        "contacts_are_few: success 0",
        "debts: success 1",
        "expression_crm_contacts: fail 1 1 of 4 rows of \`crm.contacts\` breaks \`age >= 18 or age is null -- adults\`.",
        "five_rows: fail 1 \`crm.contacts\` has 4 rows; it should have at least 5.",
        "half_of_emails: success 0",
        "names_of_emails: success 0",
        "nobody_of_crm_contacts: fail 1 \`nobody_of_crm_contacts\` found 1 failing row.",
        "not_empty_crm_contacts: success 0",
        "not_null_crm_contacts_Last Name: fail 2 2 of 4 rows of \`crm.contacts\` have no \`Last Name\`.",
        "not_null_crm_contacts_answers: warn 4 4 of 4 rows of \`crm.contacts\` have no \`answers\`.",
        "not_null_crm_contacts_email: fail 1 1 of 4 rows of \`crm.contacts\` has no \`email\`.",
        "not_null_crm_contacts_id: success 0",
        "nothing_is_new: fail 1 \`crm.nothing\` has no \`seen\` within the last 1 day.",
        "nothing_is_there: fail 1 \`crm.nothing\` has no rows.",
        "nothing_lacks: success 0",
        "nothing_repeats: success 0",
        "one_of_each: fail 1 1 combination of \`active\` occurs more than once in \`crm.contacts\`. At most 20% may fail: 0.",
        "pledges: success 0",
        "pledges_are_known: fail 1 \`pledges_are_known\` found 1 failing row.",
        "recency_crm_contacts_seen: success 0",
        "recency_crm_contacts_signup: fail 1 \`crm.contacts\` has no \`signup\` within the last 1 year.",
        "relationships_crm_contacts_turf: fail 1 1 row of \`crm.contacts\` has a \`turf\` that is no \`id\` of \`turf\`.",
        "row_count_crm_contacts: success 0",
        "seen_lately: fail 1 \`crm.contacts\` (where id = 2) has no \`seen\` within the last 1 hour.",
        "states: success 0",
        "sums: success 0",
        "three_with_a_state: success 0",
        "turfs: success 0",
        "unique_combination_crm_contacts: success 0",
        "unique_crm_contacts_email: fail 1 1 value of \`email\` occurs more than once in \`crm.contacts\`.",
        "unique_crm_contacts_id: success 0",
      ]
    `)
  })

  it('show failing rows, with sensitive columns masked', async () => {
    const { exitCode, stderr } = await project.run([
      'test',
      'unique_crm_contacts_email',
      'not_null_crm_contacts_Last?Name',
      'nothing_is_new',
      'one_of_each',
      'relationships_crm_contacts_turf',
      'pledges_are_known',
      'three_with_a_state',
      'five_rows',
      'nobody_of_crm_contacts',
    ])
    expect(exitCode).toBe(1)
    const blocks = steady(stderr).split(/^(?=[✓✗!])/m) // in the order in which they ended
    expect(blocks.toSorted().join('')).toMatchInlineSnapshot(`
      "sqlflow V test of field on dev: 9 nodes
      ✓ test    three_with_a_state                           N ms
      ✗ test    five_rows                                    \`crm.contacts\` has 4 rows; it should have at least 5, N ms
          row_count
          ─────────
          4
      ✗ test    nobody_of_crm_contacts                       \`nobody_of_crm_contacts\` found 1 failing row, N ms
          id  email
          ──  ─────
          3   ***
      ✗ test    not_null_crm_contacts_Last Name              2 of 4 rows of \`crm.contacts\` have no \`Last Name\`, N ms
          id  email  state  age   pledge  active  signup      seen  turf  last name  answers
          ──  ─────  ─────  ────  ──────  ──────  ──────────  ────  ────  ─────────  ───────
          3   ***    XX     52    -5.50   null    2022-01-01  null  9     null       null
          4   null   null   null  null    t       null        null  null  null       null
      ✗ test    nothing_is_new                               \`crm.nothing\` has no \`seen\` within the last 1 day, N ms
          newest  age
          ──────  ────
          null    null
      ✗ test    one_of_each                                  1 combination of \`active\` occurs more than once in \`crm.contacts\`. At most 20% may fail: 0, N ms
          active  occurrences
          ──────  ───────────
          t       2
      ✗ test    pledges_are_known                            \`pledges_are_known\` found 1 failing row, N ms
          state  unknown
          ─────  ───────
          null   1
      ✗ test    relationships_crm_contacts_turf              1 row of \`crm.contacts\` has a \`turf\` that is no \`id\` of \`turf\`, N ms
          id  email  state  age  pledge  active  signup      seen  turf  last name  answers
          ──  ─────  ─────  ───  ──────  ──────  ──────────  ────  ────  ─────────  ───────
          3   ***    XX     52   -5.50   null    2022-01-01  null  9     null       null
      ✗ test    unique_crm_contacts_email                    1 value of \`email\` occurs more than once in \`crm.contacts\`, N ms
          email  occurrences
          ─────  ───────────
          ***    2
      "
    `)
  })

  it('locate what Redshift refuses in the file that was written', async () => {
    await using wrong = await createProject('redshift', {
      files: {
        'models/sources.yml':
          'sources:\n  crm:\n    schema: crm\n    tables:\n      turf:\n        tests:\n          - not_empty\n          - expression: "nmae <> \'\'"\n',
      },
    })
    await wrong.query('create schema crm')
    await wrong.query('create table crm.turf (name varchar(20))')
    const { exitCode, stdout } = await wrong.run(['test'])
    expect(exitCode).toBe(1)
    expect(steady(stdout)).toMatchInlineSnapshot(`
      "
      Failed in N ms: 2 failed.
      Failed
        test expression_crm_turf (models/sources.yml:8:26): column "nmae" does not exist
        test not_empty_crm_turf (models/sources.yml): \`crm.turf\` has no rows.
      Next
        sqlflow build source:crm.turf+  once it is mended: it, and what was skipped below
        target/dev/                     compiled SQL, run_results.json, manifest.json
      "
    `)
  })
})
