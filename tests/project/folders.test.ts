import { expect, it } from 'vitest'
import { lines, loadFolder } from './load-folder.ts'

const files = {
  'sqlflow.yml': lines(`
    name: field
    folders:
      seeds/raw: { schema: raw, tags: [raw], owner: data@example.org, grants: { select: [loader] } }
      models: { severity: warn }
      tests: { tags: [checks], owner: bo@example.org, meta: { team: field }, store_failures: true }
      tests/strict/: { severity: error }
      exports/weekly: { tags: [weekly], owner: ana@example.org }
      exports/old: { enabled: false }
      ./tests/old: { enabled: false }
  `),
  'seeds/raw/counties.csv': 'county\nFulton\n',
  'models/turf.sql': '/*---\ncolumns: { turf_id: { tests: [unique, { not_null: { severity: error } }] } }\n---*/\nselect 1 as turf_id\n',
  'tests/no_orphans.sql': 'select 1 where false\n',
  'tests/strict/no_gaps.sql': 'select 1 where false\n',
  'tests/old/no_ghosts.sql': 'select 1 where false\n',
  'exports/weekly/turf_list.yml': 'from: turf\nto: { csv: {} }\n',
  'exports/old/lapsed.yml': 'from: turf\nto: { csv: {} }\n',
}

it('gives seeds, data tests and exports the defaults of their folders', async () => {
  const { project, told } = await loadFolder(files)
  expect(told).toBe('')
  const [seed] = project.seeds
  expect(seed).toMatchObject({
    relation: { schema: 'raw', name: 'counties' },
    tags: ['raw'],
    owner: 'data@example.org',
    grants: { select: ['loader'] },
  })
  expect(project.models[0]?.tests.map(({ test, options }) => [test, options.severity])).toEqual([
    ['unique', 'warn'],
    ['not_null', 'error'],
  ])
  expect(project.singularTests.map(({ name, tags, owner, meta, options }) => ({ name, tags, owner, meta, ...options }))).toEqual([
    {
      name: 'no_orphans',
      tags: ['checks'],
      owner: 'bo@example.org',
      meta: { team: 'field' },
      severity: 'error',
      storeFailures: true,
      enabled: true,
    },
    {
      name: 'no_gaps',
      tags: ['checks'],
      owner: 'bo@example.org',
      meta: { team: 'field' },
      severity: 'error',
      storeFailures: true,
      enabled: true,
    },
  ])
  expect(project.exports.map(({ name, tags, owner }) => ({ name, tags, owner }))).toEqual([
    { name: 'turf_list', tags: ['weekly'], owner: 'ana@example.org' },
  ])
  expect(project.disabled.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['test no_ghosts', 'export lapsed'])
})

it('warns of folders that hold nothing, and of keys that mean nothing to what they hold', async () => {
  const { told } = await loadFolder({
    ...files,
    'sqlflow.yml': lines(`
      name: field
      folders:
        models/stagin: { schema: staging }
        seeds: { materialized: table }
        tests: { schema: checks }
        exports/weekly: { severity: warn }
    `),
    'models/staging/stg_turf.sql': 'select 1 as turf_id\n',
  })
  expect(told).toBe(
    lines(`
      warning unknown-folder at sqlflow.yml:3:3 [models/stagin]
        \`models/stagin\` under \`folders\` is no folder with files of this project.
        hint: Did you mean \`models/staging\`?
      warning useless-key at sqlflow.yml:4:12 [materialized]
        \`materialized\` means nothing to seeds.
        hint: Remove the line.
      warning useless-key at sqlflow.yml:5:12 [schema]
        \`schema\` means nothing to tests.
        hint: Remove the line.
      warning useless-key at sqlflow.yml:6:21 [severity]
        \`severity\` means nothing to exports.
        hint: Remove the line.
    `),
  )
})
