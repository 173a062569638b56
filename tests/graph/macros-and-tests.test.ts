/** Macros, generic tests and the names in their templates, from files to the graph. */
import { expect, test } from 'vitest'
import { noCache } from '../../src/core/content-cache.ts'
import { linkProject } from '../../src/graph/link-project.ts'
import { lines, loadFolder, tell, type FileContents } from '../project/load-folder.ts'

/** What loading and linking say. */
async function tellOf(files: FileContents): Promise<string> {
  const { project, diagnostics, files: texts } = await loadFolder(files)
  return tell({ files: texts, diagnostics: [...diagnostics, ...linkProject(project, noCache).diagnostics] })
}

test('a name in a loop may be a property of its item, and is a macro where there is one', async () => {
  const files = {
    'sqlflow.yml': 'name: field\nvars: { turfs: [{ name: North, doors: 12 }] }\n',
    'macros/doors.sql': "(select count(*) from {{ref 'supporters'}})\n",
    'models/supporters.sql': 'select 1 as id\n',
    'models/turf.sql': "select {{#each (var 'turfs')}}{{literal name}}, {{doors}}, {{#with this}}{{doors}}{{/with}}{{/each}} 1 as a\n",
  }
  expect(await tellOf(files)).toBe('')
  const { project } = await loadFolder(files)
  const { graph } = linkProject(project, noCache)
  expect(graph.nodes.get('model:turf')?.parents).toEqual(['model:supporters'])
})

test('a name outside of a loop, or one with arguments, is no property', async () => {
  const told = await tellOf({
    'sqlflow.yml': 'name: field\nvars: { turfs: [{ name: North }] }\n',
    'models/turf.sql': "select {{name}} {{#each (var 'turfs')}}{{doors 1}}{{#each (var 'turfz')}}{{name}}{{/each}}{{/each}}\n",
  })
  expect(told).toBe(
    lines(`
      error undeclared-var at models/turf.sql:1:64 ['turfz']
        No variable \`turfz\` is declared.
        hint: Did you mean \`turfs\`?
      error unknown-name at models/turf.sql:1:10 [name]
        \`name\` is neither a built-in word nor a macro.
      error unknown-name at models/turf.sql:1:42 [doors]
        \`doors\` is neither a built-in word nor a macro.
    `),
  )
})

test('macros and their arguments keep clear of the built-in words', async () => {
  const told = await tellOf({
    'macros/upper.sql': '1\n',
    'macros/dollars.sql': '/*---\nargs: { ref: sql, cents: sql, list: list }\n---*/\n1\n',
    'macros/if.sql': '1\n',
    'macros/to-date.sql': '1\n',
    'macros/to_day.pglite.sql': '1\n',
    'models/join.sql': 'select 1 as a\n',
    'models/ref.sql': "select * from {{ref 'join'}}\n",
  })
  expect(told).toBe(
    lines(`
      error bad-macro-name at macros/to-date.sql:1:1 []
        \`to-date\` cannot be called in a template.
        hint: Name the file with letters, digits and \`_\`, such as \`cents_to_dollars.sql\`.
      error bad-macro-name at macros/to_day.pglite.sql:1:1 []
        \`to_day.pglite\` cannot be called in a template.
        hint: A variant is named by its dialect, \`to_day.postgres.sql\` or \`to_day.redshift.sql\`; PGlite is a Postgres.
      error reserved-name at macros/dollars.sql:1:1 []
        The macro \`dollars\` cannot have an argument named \`ref\`: that is a built-in word of templates.
        hint: Give the argument another name.
      error reserved-name at macros/dollars.sql:1:1 []
        The macro \`dollars\` cannot have an argument named \`list\`: that is a built-in word of templates.
        hint: Give the argument another name.
      error reserved-name at macros/if.sql:1:1 []
        A macro cannot be named \`if\`: that is a built-in word of templates.
        hint: Rename its file.
      error reserved-name at macros/upper.sql:1:1 []
        A macro cannot be named \`upper\`: that is a built-in word of templates.
        hint: Rename its file.
    `),
  )
})

const atMost =
  '/*---\nargs: { most: integer, kinds: { type: list, default: [phone] }, where_from: { type: sql, default: "true" } }\n---*/\n'

test('a test of the project takes its arguments by name, the first alone, with defaults and lists', async () => {
  const { project, told } = await loadFolder({
    'tests/generic/at_most.sql': `${atMost}select * from {{relation}} where {{column}} > {{most}} and kind in ({{kinds}}) and {{where_from}}\n`,
    'models/calls.sql': lines(`
      /*---
      columns:
        attempts:
          tests:
            - at_most: 5
            - at_most: { most: 9, kinds: [phone, text], where_from: "{{column}} > 0", severity: warn }
      tests:
        - at_most: { most: 1000, name: few_calls }
      ---*/
      select 1 as attempts
    `),
  })
  expect(told).toBe('')
  expect(linkProject(project, noCache).diagnostics).toEqual([])
  expect(
    project.models[0]?.tests.map(({ test: name, column, args, options }) => ({ name, column, args, severity: options.severity })),
  ).toEqual([
    { name: 'at_most', column: undefined, args: { most: 1000 }, severity: 'error' },
    { name: 'at_most', column: 'attempts', args: { most: 5 }, severity: 'error' },
    { name: 'at_most', column: 'attempts', args: { most: 9, kinds: ['phone', 'text'], where_from: '{{column}} > 0' }, severity: 'warn' },
  ])
})

test('arguments of tests that are missing, unknown or of another type are told where they stand', async () => {
  const told = await tellOf({
    'tests/generic/at_most.sql': `${atMost}select * from {{relation}} where {{column}} > {{most}}\n`,
    'models/calls.sql': lines(`
      /*---
      columns:
        attempts:
          tests:
            - at_most
            - at_most: many
            - at_most: { moost: 5 }
            - at_most: { most: 5, kinds: phone }
            - expression: "{{colum}} > 0"
            - expression: "{{column}} > {{var 'least'}}"
              where: "{{columm}} is not null"
      tests:
        - expression: "{{column}} > 0"
      ---*/
      select 1 as attempts
    `),
  })
  expect(told).toMatchInlineSnapshot(`
    "error missing-argument at models/calls.sql:5:9 [at_most]
      \`at_most\` needs \`most\`.
    error wrong-type at models/calls.sql:6:18 [many]
      \`most\` of \`at_most\` must be a whole number.
    error missing-argument at models/calls.sql:7:9 [at_most]
      \`at_most\` needs \`most\`.
    error unknown-key at models/calls.sql:7:20 [moost]
      \`at_most\` has no argument or option \`moost\`.
      hint: Did you mean \`most\`?
    error wrong-type at models/calls.sql:8:36 [phone]
      \`kinds\` of \`at_most\` must be a list.
    error unknown-name at models/calls.sql:13:20 [column]
      \`column\` is neither a built-in word nor a macro.
    error unknown-name at models/calls.sql:9:24 [colum]
      \`colum\` is neither a built-in word nor a macro.
      hint: Did you mean \`column\`?
    error undeclared-var at models/calls.sql:10:41 ['least']
      No variable \`least\` is declared.
      hint: Declare it under \`vars:\` in sqlflow.yml.
    error unknown-name at models/calls.sql:11:19 [columm]
      \`columm\` is neither a built-in word nor a macro.
      hint: Did you mean \`column\`?"
  `)
})

test('a test whose declaration cannot be read is blamed itself, not where it is used', async () => {
  const told = await tellOf({
    'tests/generic/at_most.sql': '/*---\nargs: { most: integer\n---*/\nselect * from {{relation}} where {{column}} > {{most}}\n',
    'macros/dollars.sql': '/*---\nargs: { cents: sql\n---*/\nround({{cents}} / 100.0, 2)\n',
    'models/calls.sql':
      '/*---\ncolumns: { attempts: { tests: [{ at_most: { most: 5 } }, { at_most: 6 }] } }\n---*/\nselect {{dollars 5}} as attempts\n',
  })
  expect(told).toBe(
    lines(`
      error bad-yaml at macros/dollars.sql:3:1 []
        A list in \`[...]\`, a mapping in \`{...}\` or a quoted text is not closed, or lacks a comma.
        hint: Close it on the same line, or write one item a line.
      error bad-yaml at tests/generic/at_most.sql:3:1 []
        A list in \`[...]\`, a mapping in \`{...}\` or a quoted text is not closed, or lacks a comma.
        hint: Close it on the same line, or write one item a line.
    `),
  )
})

test('variants of a macro for other dialects are read too, and count for their dialect alone', async () => {
  const told = await tellOf({
    'macros/now_text.sql': 'now()\n',
    'macros/now_text.redshift.sql': "getdate() {{nothing}} {{ref 'gone'}}\n",
    'macros/only_there.redshift.sql': 'getdate()\n',
    'models/a.sql': 'select {{now_text}}, {{only_there}} as a\n',
  })
  expect(told).toBe(
    lines(`
      error unknown-name at macros/now_text.redshift.sql:1:13 [nothing]
        \`nothing\` is neither a built-in word nor a macro.
      error unknown-ref at macros/now_text.redshift.sql:1:29 ['gone']
        There is no model or seed named \`gone\`.
      error unknown-name at models/a.sql:1:24 [only_there]
        \`only_there\` is neither a built-in word nor a macro.
        hint: It is a macro for redshift alone: write macros/only_there.sql for the others.
    `),
  )
})
