import { describe, expect, it } from 'vitest'
import { lines, tellMistakes } from './load-folder.ts'

const model = (yaml: string): string => `/*---\n${lines(yaml)}\n---*/\nselect 1 as supporter_id\n`

/** What loading says of one model's front matter. */
async function tellOfModel(yaml: string): Promise<string> {
  return tellMistakes({ 'models/supporters.sql': model(yaml) })
}

describe('Keys and values', () => {
  it('names the nearest key where a key is unknown', async () => {
    expect(await tellOfModel('materialised: table')).toBe(
      lines(`
        error unknown-key at models/supporters.sql:2:1 [materialised]
          Unknown key \`materialised\`.
          hint: Did you mean \`materialized\`?
      `),
    )
  })

  it('answers the habits of dbt with the spelling here', async () => {
    const told = await tellOfModel(`
      version: 2
      config: { materialized: table }
      data_tests: [unique]
      +schema: staging
      unique_key: supporter_id
    `)
    expect(told).toBe(
      lines(`
        error unknown-key at models/supporters.sql:2:1 [version]
          Unknown key \`version\`.
          hint: No version is needed: remove the line.
        error unknown-key at models/supporters.sql:3:1 [config]
          Unknown key \`config\`.
          hint: Settings stand directly here, without \`config:\`: write \`materialized: table\`.
        error unknown-key at models/supporters.sql:4:1 [data_tests]
          Unknown key \`data_tests\`.
          hint: Data tests stand under \`tests:\`.
        error unknown-key at models/supporters.sql:5:1 [+schema]
          Unknown key \`+schema\`.
          hint: Write \`schema\`, without \`+\`.
        error unknown-key at models/supporters.sql:6:1 [unique_key]
          Unknown key \`unique_key\`.
          hint: Incremental models come in a later version.
      `),
    )
  })

  it('are told of the spelling that was meant, where a key has several', async () => {
    expect(await tellMistakes({ 'sqlflow.yml': 'name: field\nvars:\n  cycle: { type: integr, default: 2026 }\n' })).toBe(
      lines(`
        error invalid-value at sqlflow.yml:3:18 [integr]
          \`type\` must be one of integer, number, string, boolean, list, any, not \`integr\`.
          hint: Did you mean \`integer\`?
      `),
    )
  })

  it('lists what a word can be', async () => {
    expect(await tellOfModel('materialized: incremental')).toBe(
      lines(`
        error invalid-value at models/supporters.sql:2:15 [incremental]
          \`materialized\` must be one of view, table, materialized_view, ephemeral, not \`incremental\`.
          hint: Incremental models come in a later version.
      `),
    )
    expect(await tellOfModel('materialized: tabl')).toBe(
      lines(`
        error invalid-value at models/supporters.sql:2:15 [tabl]
          \`materialized\` must be one of view, table, materialized_view, ephemeral, not \`tabl\`.
          hint: Did you mean \`table\`?
      `),
    )
  })

  it('says what kind of value was expected, and what it found', async () => {
    const told = await tellOfModel(`
      tags: 3
      description:
      enabled: maybe
      meta: [a]
    `)
    expect(told).toBe(
      lines(`
        error wrong-type at models/supporters.sql:2:7 [3]
          \`tags\` must be text or a list, not the number 3.
          hint: For example: \`tags: ["nightly"]\`.
        error wrong-type at models/supporters.sql:3:12 []
          \`description\` must be text, not nothing.
          hint: For example: \`description: One row per supporter.\`.
        error wrong-type at models/supporters.sql:4:10 [maybe]
          \`enabled\` must be \`true\` or \`false\`, not the text \`maybe\`.
          hint: For example: \`enabled: true\`.
        error wrong-type at models/supporters.sql:5:7 [[a]]
          \`meta\` must be a mapping of keys, not a list.
          hint: For example: \`meta: {"ticket":"ORG-12"}\`.
      `),
    )
  })

  it('turns a list of names into keys', async () => {
    expect(await tellOfModel('columns:\n  - name: state')).toBe(
      lines(`
        error wrong-type at models/supporters.sql:3:3 [- name: state]
          \`columns\` must be a mapping of keys, not a list.
          hint: Write the name as a key, \`state:\`, instead of \`- name: state\`.
      `),
    )
  })

  it('names both places of a key that stands twice', async () => {
    expect(await tellOfModel('owner: ana@example.org\nowner: bo@example.org')).toBe(
      lines(`
        error duplicate-key at models/supporters.sql:3:1 [owner]
          The key \`owner\` stands here a second time.
          hint: Remove one of the two, or join them.
          models/supporters.sql:2:1 [owner]: The first one is here.
      `),
    )
  })

  it('refuses numbers that YAML would change', async () => {
    expect(await tellOfModel('columns: { precinct: { tests: [{ accepted_values: [01, 12345678901234567890] }] } }')).toBe(
      lines(`
        error ambiguous-number at models/supporters.sql:2:52 [01]
          YAML reads \`01\` as the number 1.
          hint: Write '01' in quotes to keep it as it is.
        error ambiguous-number at models/supporters.sql:2:56 [12345678901234567890]
          YAML reads \`12345678901234567890\` as the number 12345678901234567000.
          hint: Write '12345678901234567890' in quotes to keep it as it is.
      `),
    )
  })

  it('keeps what is right beside what is wrong', async () => {
    const told = await tellOfModel(`
      indexes: [{ colums: state }]
      columns: { state: { tests: [uniqe] } }
    `)
    expect(told).toBe(
      lines(`
        error missing-key at models/supporters.sql:2:11 [{ colums: state }]
          The key \`columns\` is missing under \`indexes\`.
          hint: For example: \`columns: ["county","precinct"]\`.
        error unknown-key at models/supporters.sql:2:13 [colums]
          Unknown key \`colums\` under \`indexes\`.
          hint: Did you mean \`columns\`?
        error unknown-test at models/supporters.sql:3:29 [uniqe]
          There is no data test \`uniqe\`.
          hint: Did you mean \`unique\`?
      `),
    )
  })
})

describe('YAML that does not parse', () => {
  it.each([
    ['a tab', 'owner: x\n\ttags: []', '3:1 [\t]', 'A tab stands where YAML has spaces.', 'Write spaces instead; two of them indent.'],
    [
      'a colon in a value',
      'description: one: two',
      '2:17 [:]',
      'The YAML breaks off here: this is not a `key: value` at this indentation.',
      'Align it with the keys around it; a value that holds `: `, or begins with `%`, `@`, a backtick, `{` or `*`, must stand in quotes.',
    ],
    [
      'an anchor that is none',
      'description: *',
      '2:15 [\n]',
      'This is not valid YAML: name of an alias node must contain at least one character.',
      undefined,
    ],
  ])('locates %s', async (_what, yaml, place, message, hint) => {
    expect(await tellMistakes({ 'models/supporters.sql': `/*---\n${yaml}\n---*/\nselect 1` })).toBe(
      [`error bad-yaml at models/supporters.sql:${place}`, `  ${message}`, ...(hint === undefined ? [] : [`  hint: ${hint}`])].join('\n'),
    )
  })

  it('asks for quotes around a template that begins a value', async () => {
    expect(await tellMistakes({ 'exports/turf.yml': 'from: {{ref}}\nto: { csv: {} }\n' })).toBe(
      lines(`
        error yaml-key at exports/turf.yml:1:8 [{]
          A key must be a word or a text.
          hint: A value that begins with \`{\` or \`[\` must stand in quotes.
      `),
    )
  })

  it('refuses a second document', async () => {
    expect(await tellMistakes({ 'models/sources.yml': 'models: {}\n---\nseeds: {}\n' })).toBe(
      lines(`
        error yaml-documents at models/sources.yml:3:1 [s]
          A file holds one YAML document; a second one begins here.
          hint: Remove the line \`---\` that separates them.
      `),
    )
  })
})

describe('Front matter', () => {
  it('must be closed', async () => {
    expect(await tellMistakes({ 'models/supporters.sql': '/*---\nowner: ana@example.org\n*/\nselect 1' })).toBe(
      lines(`
        error front-matter-not-closed at models/supporters.sql:1:1 [/*---]
          The front matter that begins here is not closed.
          hint: Front matter ends with a line \`---*/\`.
          models/supporters.sql:3:1 [*/]: The comment ends here, without \`---\`.
      `),
    )
  })

  it('stands in a comment', async () => {
    expect(await tellMistakes({ 'models/supporters.sql': '---\nowner: ana@example.org\n---\nselect 1' })).toBe(
      lines(`
        error front-matter-comment at models/supporters.sql:1:1 [---]
          Front matter stands in a block comment here, so that the file stays SQL.
          hint: Write \`/*---\` instead of the first \`---\`, and \`---*/\` instead of the second.
      `),
    )
  })
})

describe('Files', () => {
  it('says where a file is not UTF-8', async () => {
    const latin1 = Buffer.from("select 'a'\nunion select 'Peña'", 'latin1')
    expect(await tellMistakes({ 'models/supporters.sql': latin1 })).toBe(
      lines(`
        error not-utf8 at models/supporters.sql:2:17 [\uFFFD]
          \`models/supporters.sql\` is not UTF-8: byte 0xF1 at offset 27, on line 2.
          hint: Save the file as UTF-8; \`iconv -f windows-1252 -t utf-8\` converts what Excel writes.
      `),
    )
  })

  it.each(['', ' \n', '-- later\n', '/*---\nowner: ana@example.org\n---*/\n', '{{! later }}\n/* and more */ ;'])(
    'refuses a model without SQL: %j',
    async (text) => {
      expect(await tellMistakes({ 'models/supporters.sql': text })).toBe(
        lines(`
        error empty-sql at models/supporters.sql:1:1 []
          \`models/supporters.sql\` holds no SQL.
          hint: Write one SELECT, or delete the file.
      `),
      )
    },
  )
})

describe('Names', () => {
  it('must be unique among models and seeds, whatever the folder', async () => {
    const told = await tellMistakes({
      'models/marts/supporters.sql': 'select 1',
      'models/staging/Supporters.sql': 'select 1',
      'seeds/supporters.csv': 'id\n1\n',
    })
    const hint = 'hint: Models and seeds share one namespace: rename one file; `alias` keeps the name of its relation.'
    expect(told).toBe(
      lines(`
        error duplicate-name at models/marts/supporters.sql:1:1 []
          The name \`supporters\` is taken: there is a seed of that name.
          ${hint}
          seeds/supporters.csv:1:1 []: The seed \`supporters\` is here.
        error duplicate-name at models/staging/Supporters.sql:1:1 []
          The names \`Supporters\` and \`supporters\` differ only by case.
          ${hint}
          seeds/supporters.csv:1:1 []: The seed \`supporters\` is here.
      `),
    )
  })

  it('may not meet in one relation', async () => {
    const told = await tellMistakes({
      'models/contacts.sql': 'select 1',
      'models/people.sql': '/*---\nalias: contacts\n---*/\nselect 1',
      'models/parts.sql': '/*---\nalias: contacts\nmaterialized: ephemeral\n---*/\nselect 1',
    })
    expect(told).toBe(
      lines(`
        error duplicate-relation at models/people.sql:1:1 []
          The model \`people\` and the model \`contacts\` are both \`public.contacts\`.
          hint: Give one of them another \`alias\` or \`schema\`.
          models/contacts.sql:1:1 []: The model \`contacts\` is here.
      `),
    )
  })

  it('may not be longer than Postgres keeps', async () => {
    const name = 'ä'.repeat(32)
    expect(await tellMistakes({ [`models/${name}.sql`]: 'select 1' })).toBe(
      lines(`
        error name-too-long at models/${name}.sql:1:1 []
          The name of the relation \`${name}\` has 64 bytes; Postgres keeps 63.
          hint: Give it a shorter name: \`alias: ...\`.
      `),
    )
    expect(await tellMistakes({ [`models/${name}.sql`]: '/*---\nalias: short\n---*/\nselect 1' })).toBe('')
  })

  it('of macros, tests and exports are unique too', async () => {
    const told = await tellMistakes({
      'macros/a/cents.sql': '1',
      'macros/b/cents.sql': '2',
      'macros/b/cents.redshift.sql': '3',
      'tests/generic/unique.sql': 'select 1',
      'exports/a/turf.yml': 'from: x\nto: { csv: {} }\n',
      'exports/b/turf.sql': '/*---\nto: { csv: {} }\n---*/\nselect 1',
    })
    expect(told).toBe(
      lines(`
        error duplicate-name at exports/b/turf.sql:1:1 []
          The name \`turf\` is taken: there is an export of that name.
          hint: Rename one of the two files.
          exports/a/turf.yml:1:1 []: The export \`turf\` is here.
        error duplicate-name at macros/b/cents.sql:1:1 []
          The name \`cents\` is taken: there is a macro of that name.
          hint: Rename one of the two files.
          macros/a/cents.sql:1:1 []: The macro \`cents\` is here.
        error duplicate-name at tests/generic/unique.sql:1:1 []
          The name \`unique\` is taken: it is a built-in data test.
          hint: Rename the file.
      `),
    )
  })
})

describe('Front matter and YAML', () => {
  it('may not say one thing twice', async () => {
    const told = await tellMistakes({
      'models/supporters.sql': model('owner: ana@example.org\ntags: [a]\ncolumns: { state: { description: State. } }'),
      'models/marts.yml':
        'models:\n  supporters: { owner: bo@example.org, tags: [b], columns: { state: { type: text, description: S. }, phone: } }\n',
      'models/more.yml': 'models:\n  supporters: { enabled: true }\n',
    })
    expect(told).toBe(
      lines(`
        error said-twice at models/marts.yml:2:17 [owner]
          \`owner\` is said in \`models/supporters.sql\` and in \`models/marts.yml\`.
          hint: Remove one of the two.
          models/supporters.sql:2:1 [owner]: It is said here too.
        error said-twice at models/marts.yml:2:83 [description]
          \`columns.state.description\` is said in \`models/supporters.sql\` and in \`models/marts.yml\`.
          hint: Remove one of the two.
          models/supporters.sql:4:21 [description]: It is said here too.
        error said-twice at models/more.yml:2:3 [supporters]
          \`supporters\` stands under \`models\` a second time.
          hint: Join the two.
          models/marts.yml:2:3 [supporters]: The first one is here.
      `),
    )
  })

  it('may only describe what exists', async () => {
    const told = await tellMistakes({
      'models/supporters.sql': 'select 1',
      'seeds/turf.csv': 'id\n1\n',
      'models/marts.yml': 'models:\n  suporters: {}\n  turf: {}\ntests:\n  no_orphans: {}\n',
    })
    expect(told).toBe(
      lines(`
        error unknown-model at models/marts.yml:2:3 [suporters]
          No file of \`models/**/*.sql\` is named \`suporters\`.
          hint: Did you mean \`supporters\`?
        error unknown-model at models/marts.yml:3:3 [turf]
          No file of \`models/**/*.sql\` is named \`turf\`.
          hint: There is a seed of this name: describe it under \`seeds:\`.
        error unknown-data-test at models/marts.yml:5:3 [no_orphans]
          No file of \`tests/**/*.sql\` is named \`no_orphans\`.
          hint: Correct the name, or remove what is said of it.
      `),
    )
  })
})

describe('sqlflow.yml', () => {
  it('reports its mistakes in one go', async () => {
    const told = await tellMistakes({
      'sqlflow.yml': lines(`
        name: 2026 field
        default_taget: dev
        vars:
          cycle: { type: integer, default: soon }
          state: { type: string }
        targets:
          dev: { type: mysql, threads: many }
          warehouse: { type: postgres, port: 70000 }
        folders:
          models/stagin: { schema: staging }
        selectors:
          nightly: { uni: ["tag:nightly"] }
      `),
      'models/staging/supporters.sql': 'select 1',
    })
    expect(told).toBe(
      lines(`
        error invalid-value at sqlflow.yml:1:7 [2026 field]
          \`name\` must be letters, digits, \`_\` and \`-\`, and begin with a letter, not \`2026 field\`.
          hint: For example: \`name: field\`.
        error unknown-key at sqlflow.yml:2:1 [default_taget]
          Unknown key \`default_taget\`.
          hint: Did you mean \`default_target\`?
        error wrong-var-type at sqlflow.yml:4:36 [soon]
          The default of \`cycle\` is not of its type, integer.
        error missing-var at sqlflow.yml:5:3 [state]
          The variable \`state\` has no value.
          hint: Give it a \`default\`, or pass \`--var state=...\`.
        error invalid-value at sqlflow.yml:7:16 [mysql]
          \`type\` must be one of pglite, postgres, redshift, not \`mysql\`.
        error invalid-value at sqlflow.yml:7:32 [many]
          \`threads\` must be a whole number from 1 to 64, or \`\${NAME}\`, not \`many\`.
          hint: For example: \`threads: 8\`.
        error invalid-value at sqlflow.yml:8:38 [70000]
          \`port\` must be a whole number from 1 to 65535, not \`70000\`.
          hint: For example: \`port: 5432\`.
        warning unknown-folder at sqlflow.yml:10:3 [models/stagin]
          \`models/stagin\` under \`folders\` is no folder with files of this project.
          hint: Did you mean \`models/staging\`?
        error unknown-key at sqlflow.yml:12:14 [uni]
          Unknown key \`uni\` under \`nightly\`.
          hint: Known here are union, intersection, exclude, default, description.
      `),
    )
  })

  it('must have a name', async () => {
    expect(await tellMistakes({ 'sqlflow.yml': '# nothing yet\n' })).toBe(
      lines(`
        error missing-key at sqlflow.yml:1:1 []
          The key \`name\` is missing.
          hint: For example: \`name: field\`.
      `),
    )
  })
})

describe('Data tests', () => {
  it('are checked against what they take', async () => {
    const told = await tellOfModel(`
      columns:
        state:
          tests:
            - accepted_values: PA
            - unique: [x]
            - not_null: { severity: wrn }
            - relationships: { to: states, fild: code }
            - relationships
            - row_count: { min: 1 }
            - expression: "{{column}} > 0"
              sevrity: warn
      tests:
        - unique
        - row_count: { max_failures: lots, min: "1" }
          warn_if: 10
        - unique_combination: [a, b]
          recency: 1 day
        - severity: warn
    `)
    expect(told).toBe(
      lines(`
        error wrong-type at models/supporters.sql:5:26 [PA]
          \`values\` of \`accepted_values\` must be a list.
          hint: The values that may occur.
        error bad-test at models/supporters.sql:6:17 [[x]]
          \`unique\` takes no arguments.
          hint: Write its name alone.
        error invalid-value at models/supporters.sql:7:31 [wrn]
          \`severity\` must be one of error, warn.
        error unknown-key at models/supporters.sql:8:38 [fild]
          \`relationships\` has no argument or option \`fild\`.
          hint: Did you mean \`field\`?
        error missing-argument at models/supporters.sql:9:9 [relationships]
          \`relationships\` needs \`to\`.
          hint: Model, seed or \`source.table\` that holds them.
        error misplaced-test at models/supporters.sql:10:9 [row_count]
          \`row_count\` tests a whole relation, not a column.
          hint: Write it under \`tests:\` of the node, beside \`columns:\`.
        error unknown-key at models/supporters.sql:12:9 [sevrity]
          \`expression\` has no argument or option \`sevrity\`.
          hint: Did you mean \`severity\`?
        error misplaced-test at models/supporters.sql:14:5 [unique]
          \`unique\` tests a column.
          hint: Write it under \`tests:\` of a column.
        error invalid-value at models/supporters.sql:15:32 [lots]
          \`max_failures\` must be a number of rows, or a share of them such as \`1%\`.
        error wrong-type at models/supporters.sql:15:44 [1]
          \`min\` of \`row_count\` must be a whole number.
          hint: Fewer rows fail.
        error invalid-value at models/supporters.sql:16:14 [10]
          \`warn_if\` must be a comparison with a number, such as "> 10".
        error bad-test at models/supporters.sql:17:5 [unique_combination: [a, b]
            recency: 1 day]
          This entry names 2 data tests: unique_combination, recency.
          hint: Write one test an item: \`- unique\`, or \`- accepted_values: [PA, GA]\`.
        error bad-test at models/supporters.sql:19:5 [severity: warn]
          This entry names no data test.
          hint: Write one test an item: \`- unique\`, or \`- accepted_values: [PA, GA]\`.
      `),
    )
  })

  it('may not stand twice', async () => {
    expect(await tellOfModel('columns: { state: { tests: [unique, unique, unique: { where: "id > 1" }] } }')).toBe(
      lines(`
        error duplicate-test at models/supporters.sql:2:37 [unique]
          The data test \`unique_supporters_state\` is there twice.
          hint: Remove one of the two, or give one another \`name\`.
          models/supporters.sql:2:29 [unique]: The first one is here.
      `),
    )
  })
})

describe('Exports', () => {
  it('need something to read and one destination', async () => {
    const told = await tellMistakes({
      'exports/a.yml': 'to: { csv: {}, xlsx: {} }\nguards: { max_shrink: 30 }\n',
      'exports/b.yml': 'from: turf\nquery: select 1\ncolumns: [a, a]\nto: { google_sheets: { id: x } }\n',
      'exports/c.yml': 'from: turf\n',
    })
    expect(told).toBe(
      lines(`
        error missing-key at exports/a.yml:1:1 []
          This export says neither \`from\` nor \`query\`.
          hint: Write \`from: name_of_a_model\`, or \`query: |\` and a SELECT.
        error one-destination at exports/a.yml:1:1 [to]
          This export has 2 destinations: csv, xlsx.
          hint: Write one under \`to:\`, such as \`to: { csv: { path: turf.csv } }\`. Known are csv, jsonl, json, xlsx, google_sheets.
        error wrong-type at exports/a.yml:2:23 [30]
          \`max_shrink\` must be text, not the number 30.
          hint: For example: \`max_shrink: 30%\`.
        error said-twice at exports/b.yml:2:1 [query]
          \`query\` has no place here: \`from\` says what is read.
          hint: Remove \`query\`.
        error duplicate-column at exports/b.yml:3:14 [a]
          The column \`a\` is listed twice.
          hint: Remove one of the two.
          exports/b.yml:3:11 [a]: The first one is here.
        error missing-key at exports/b.yml:4:7 [google_sheets]
          The key \`spreadsheet\` is missing under \`google_sheets\`.
          hint: For example: \`spreadsheet: "https://docs.google.com/spreadsheets/d/1AbCdEfGh/edit"\`.
        error unknown-key at exports/b.yml:4:24 [id]
          Unknown key \`id\` under \`google_sheets\`.
          hint: Known here are spreadsheet, tab, start, header, mode, key, on_removed, on_new_columns, null_text, big_numbers, long_text, time_zone, keep, stamp.
        error one-destination at exports/c.yml:1:1 []
          This export has no destination.
          hint: Write one under \`to:\`, such as \`to: { csv: { path: turf.csv } }\`. Known are csv, jsonl, json, xlsx, google_sheets.
      `),
    )
  })

  it('to Google Sheets need an address that can be one, keys of their mode, and columns for what stands in braces', async () => {
    const told = await tellMistakes({
      'exports/a.yml': `from: turf
to:
  google_sheets:
    spreadsheet: my sheet
    mode: upsert
    header: false
    keep: 3
    time_zone: Mars/Olympus
`,
      'exports/b.yml': 'from: turf\nto: { google_sheets: { spreadsheet: 1AbCdEfGhIj, tab: "{region}", on_removed: { mark: Gone } } }\n',
      'exports/c.yml': 'from: turf\nfor_each: select 1\nto: { google_sheets: { spreadsheet: 1AbCdEfGhIj } }\n',
      'exports/d.yml': 'from: turf\nfor_each: select 1\ncolumns: { a: { formula: true } }\nto: { csv: {} }\n',
    })
    expect(told).toBe(
      lines(`
        error bad-spreadsheet at exports/a.yml:4:18 [my sheet]
          \`my sheet\` is neither the URL nor the id of a spreadsheet.
          hint: Copy the address of the browser while the spreadsheet is open: https://docs.google.com/spreadsheets/d/.../edit.
        error missing-key at exports/a.yml:5:11 [upsert]
          The mode \`upsert\` needs \`key\`: the columns whose values name a row.
          hint: Write \`key: person_id\`.
        error invalid-value at exports/a.yml:6:13 [false]
          The mode \`upsert\` finds its columns by their header, so \`header: false\` has no place here.
        error misplaced-key at exports/a.yml:7:5 [keep]
          \`keep\` belongs to the mode \`snapshot\`; this export has \`upsert\`.
          hint: Remove \`keep\`, or write \`mode: snapshot\`.
        error bad-time-zone at exports/a.yml:8:16 [Mars/Olympus]
          \`Mars/Olympus\` is no time zone.
          hint: Write a name such as \`America/New_York\`.
        error for-each-missing at exports/b.yml:2:22 [{ spreadsheet: 1AbCdEfGhIj, tab: "{region}", on_removed: { mark: Gone } }]
          \`{region}\` stands for a column of \`for_each\`, which this export does not have.
          hint: Write \`for_each: |\` and a SELECT with that column, or the name without braces.
        error misplaced-key at exports/b.yml:2:67 [on_removed]
          \`on_removed\` belongs to the mode \`upsert\`; this export has \`replace\`.
          hint: Remove \`on_removed\`, or write \`mode: upsert\`.
        error same-destination at exports/c.yml:2:1 [for_each]
          Every part of \`for_each\` would be written to one tab.
          hint: Write a column of its query in braces into \`tab\` or \`spreadsheet\`: \`tab: "{region_name}"\`.
        error misplaced-key at exports/d.yml:2:1 [for_each]
          \`for_each\` belongs to Google Sheets; this export writes csv.
          hint: Remove it, or write one export for each file.
        error misplaced-key at exports/d.yml:3:12 [a]
          \`formula\` belongs to Google Sheets; this export writes csv.
      `),
    )
  })
})
