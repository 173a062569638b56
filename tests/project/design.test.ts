import { expect, it } from 'vitest'
import { lines, loadFolder, tellMistakes } from './load-folder.ts'

it('reads how Redshift keeps models and seeds, their own keys before those of their folders', async () => {
  const { project, told } = await loadFolder({
    'sqlflow.yml': lines(`
      name: field
      folders:
        models: { bind: true, backup: false }
        models/marts: { dist: all, query_group: nightly }
        seeds: { dist: even, sort: auto }
    `),
    'models/turf.sql': 'select 1 as turf_id',
    'models/marts/supporters.sql': lines(`
      /*---
      materialized: table
      dist: supporter_id
      sort: [county, precinct]
      columns: { notes: { encode: zstd } }
      ---*/
      select 1 as supporter_id`),
    'models/marts/parties.sql': '/*--- { materialized: table, sort: { interleaved: [county, party] }, backup: true } ---*/\nselect 1 as a',
    'seeds/counties.csv': 'county\nFulton\n',
  })
  expect(told).toBe('')
  expect(Object.fromEntries([...project.models, ...project.seeds].map(({ name, design }) => [name, design]))).toEqual({
    turf: { bind: true, backup: false },
    supporters: {
      dist: { column: 'supporter_id' },
      sort: { columns: ['county', 'precinct'], interleaved: false },
      bind: true,
      backup: false,
      queryGroup: 'nightly',
    },
    parties: { dist: 'all', sort: { columns: ['county', 'party'], interleaved: true }, bind: true, backup: true, queryGroup: 'nightly' },
    counties: { dist: 'even', sort: 'auto' },
  })
  expect(project.models.find(({ name }) => name === 'supporters')?.columns).toEqual([{ name: 'notes', encode: 'zstd', sensitive: false }])
})

it('takes the same keys on a target that is no Redshift', async () => {
  const told = await tellMistakes({
    'sqlflow.yml': lines(`
      name: field
      default_target: dev
      targets: { dev: { type: postgres, url: "postgres://localhost/field" } }
    `),
    'models/turf.sql': '/*--- { materialized: table, dist: all, sort: turf_id, backup: false } ---*/\nselect 1 as turf_id',
  })
  expect(told).toBe('')
})

it('warns of keys that mean nothing to the materialization', async () => {
  const told = await tellMistakes({
    'models/a_view.sql': '/*---\ndist: even\nbackup: false\nquery_group: nightly\ncolumns: { a: { encode: lzo } }\n---*/\nselect 1 as a',
    'models/b_table.sql': '/*---\nmaterialized: table\nbind: true\n---*/\nselect 1 as b',
    'models/c_part.sql': '/*---\nmaterialized: ephemeral\nsort: c\n---*/\nselect 1 as c',
  })
  expect(told).toBe(
    lines(`
      warning useless-key at models/a_view.sql:2:1 [dist]
        \`dist\` means nothing to a view.
        hint: Remove the line, or say \`materialized: table\`.
      warning useless-key at models/a_view.sql:3:1 [backup]
        \`backup\` means nothing to a view.
        hint: Remove the line, or say \`materialized: table\`.
      warning useless-key at models/a_view.sql:4:1 [query_group]
        \`query_group\` means nothing to a view.
        hint: Remove the line, or say \`materialized: table\`.
      warning useless-key at models/a_view.sql:5:17 [encode]
        \`encode\` means nothing to a column of a view.
        hint: Remove the line, or say \`materialized: table\`.
      warning useless-key at models/b_table.sql:3:1 [bind]
        \`bind\` means nothing to a table.
        hint: Remove the line, or say \`materialized: view\`.
      warning useless-key at models/c_part.sql:3:1 [sort]
        \`sort\` means nothing to an ephemeral model, which is no relation.
        hint: Remove the line, or say \`materialized: table\`.
    `),
  )
})

it('refuses keys that Redshift could not take', async () => {
  const columns = Array.from({ length: 401 }, (_, at) => `c${at}`).join(', ')
  const told = await tellMistakes({
    'models/a.sql': '/*---\nmaterialized: table\nsort: { interleaved: [a, b, c, d, e, f, g, h, i] }\n---*/\nselect 1 as a',
    'models/b.sql': `/*---\nmaterialized: table\nsort: [${columns}]\n---*/\nselect 1 as c1`,
    'models/c.sql': '/*---\nmaterialized: table\nsort: [a, a]\n---*/\nselect 1 as a',
    'models/d.sql': '/*---\nmaterialized: table\ncolumns: { a: { encode: zip } }\n---*/\nselect 1 as a',
    'models/e.sql': '/*---\nmaterialized: table\ndist: [a]\n---*/\nselect 1 as a',
  })
  expect(told).toBe(
    lines(`
      error invalid-value at models/a.sql:3:22 [[a, b, c, d, e, f, g, h, i]]
        \`interleaved\` must name at most 8 columns.
        hint: For example: \`interleaved: ["county","party"]\`.
      error invalid-value at models/b.sql:3:7 [[${columns}]]
        \`sort\` must name at most 400 columns.
        hint: For example: \`sort: created_at\`.
      error invalid-value at models/c.sql:3:7 [[a, a]]
        \`sort\` must name each column once.
        hint: For example: \`sort: created_at\`.
      error invalid-value at models/d.sql:3:25 [zip]
        \`encode\` must be one of raw, az64, bytedict, delta, delta32k, lzo, mostly8, mostly16, mostly32, runlength, text255, text32k, zstd, not \`zip\`.
      error wrong-type at models/e.sql:3:7 [[a]]
        \`dist\` must be text, not a list.
        hint: For example: \`dist: supporter_id\`.
    `),
  )
})

it('refuses an encoding of a model that is interleaved', async () => {
  const told = await tellMistakes({
    'models/a.sql': '/*---\nmaterialized: table\nsort: { interleaved: [b, a] }\ncolumns: { a: { encode: zstd } }\n---*/\nselect 1 as a',
    'seeds/b.csv': 'a,b\n1,2\n',
    'seeds/b.yml': 'seeds: { b: { bind: true, sort: { interleaved: [b, a] }, columns: { a: { encode: zstd } } } }',
  })
  expect(told).toBe(
    lines(`
      error encoded-interleaved at models/a.sql:4:17 [encode]
        \`a\` cannot have an \`encode\`: the sort key of this model is interleaved.
        hint: Remove \`encode\`, or write \`sort\` as a list: Redshift changes no encoding of a table with an interleaved sort key.
      warning useless-key at seeds/b.yml:1:15 [bind]
        \`bind\` means nothing to a seed.
        hint: Remove the line.
    `),
  )
})

it('warns of an encoding for the column that the rows are sorted by', async () => {
  const told = await tellMistakes({
    'models/a.sql':
      '/*---\nmaterialized: table\nsort: [county, precinct]\ncolumns: { county: { encode: zstd }, precinct: { encode: zstd } }\n---*/\nselect 1 as a',
    'models/b.sql': '/*---\nmaterialized: table\nsort: county\ncolumns: { county: { encode: raw } }\n---*/\nselect 1 as a',
  })
  expect(told).toBe(
    lines(`
      warning encoded-sort-key at models/a.sql:4:30 [zstd]
        \`county\` comes first in \`sort\`: compressed, it lets Redshift skip fewer blocks.
        hint: Remove \`encode\`: Redshift leaves the first column of a sort key as it is.
    `),
  )
})

it('answers what dbt calls them', async () => {
  const told = await tellMistakes({
    'models/a.sql': '/*---\nmaterialized: table\ndist_style: even\nsort_type: interleaved\nsortkey: a\ndistkey: a\n---*/\nselect 1 as a',
  })
  expect(told).toBe(
    lines(`
      error unknown-key at models/a.sql:3:1 [dist_style]
        Unknown key \`dist_style\`.
        hint: The key is \`dist\`: \`auto\`, \`even\`, \`all\`, or a column.
      error unknown-key at models/a.sql:4:1 [sort_type]
        Unknown key \`sort_type\`.
        hint: Write \`sort: { interleaved: [county, party] }\`; a list alone is compound.
      error unknown-key at models/a.sql:5:1 [sortkey]
        Unknown key \`sortkey\`.
        hint: The key is \`sort\`: write \`sort: [county, precinct]\`.
      error unknown-key at models/a.sql:6:1 [distkey]
        Unknown key \`distkey\`.
        hint: The key is \`dist\`: write \`dist: supporter_id\`.
    `),
  )
})
