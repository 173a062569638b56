import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { noCache } from '../../src/core/content-cache.ts'
import { loadProject } from '../../src/project/load-project.ts'
import { createTemporaryFolder } from '../support/databases.ts'
import { lines, loadFolder, tell, tellMistakes, writeFiles, type FileContents } from './load-folder.ts'

const withFrontMatter = (yaml: string): string => `/*---\n${yaml}\n---*/\nselect 1 as turf_id\n`

/** Files that names in an object cannot describe: links, folders, permissions. */
async function tellOfFolder(files: FileContents, change: (root: string) => void): Promise<string> {
  await using folder = await createTemporaryFolder()
  writeFiles(folder.path, { 'sqlflow.yml': 'name: field\n', ...files })
  chmodSync(folder.path, 0o755)
  change(folder.path)
  const loaded = await withoutPrivileges(() => loadProject({ root: folder.path, environment: {}, cache: noCache }))
  const names = loaded.project?.models.map(({ file }) => file) ?? []
  return [...names, tell(loaded)].filter((line) => line !== '').join('\n')
}

/** Root may read everything: files are read, before the first wait, as somebody who may not. */
function withoutPrivileges<T>(read: () => T): T {
  const isRoot = process.geteuid?.() === 0
  if (isRoot) process.seteuid?.(65534)
  try {
    return read()
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
}

describe('Front matter', () => {
  it('may stand on one line, and may be indented', async () => {
    const { project, told } = await loadFolder({
      'models/a.sql': '/*--- materialized: table ---*/\nselect 1 as a\n',
      'models/b.sql': '/*--- { materialized: table, tags: [x] } ---*/ select 1 as b\n',
      'models/c.sql': '  /* ---\nmaterialized: table\n--- */\nselect 1 as c\n',
      'models/d.sql': '/*--- The turf list ---*/\nselect 1 as d\n',
      'models/e.sql': '/*--------------\nThe turf list\n---------------*/\nselect 1 as e\n',
    })
    expect(told).toBe('')
    expect(project.models.map(({ name, materialized, sql }) => [name, materialized, sql.text.trim()])).toEqual([
      ['a', 'table', 'select 1 as a'],
      ['b', 'table', 'select 1 as b'],
      ['c', 'table', 'select 1 as c'],
      ['d', 'view', '/*--- The turf list ---*/\nselect 1 as d'],
      ['e', 'view', '/*--------------\nThe turf list\n---------------*/\nselect 1 as e'],
    ])
  })

  it('on one line has places too', async () => {
    expect(await tellMistakes({ 'models/a.sql': '/*--- materialized: tabel ---*/\nselect 1 as a\n' })).toBe(
      lines(`
        error invalid-value at models/a.sql:1:21 [tabel]
          \`materialized\` must be one of view, table, materialized_view, ephemeral, not \`tabel\`.
          hint: Did you mean \`table\`?
      `),
    )
  })

  it('is a mistake below anything else', async () => {
    expect(await tellMistakes({ 'models/a.sql': '-- The turf list.\n/*---\nmaterialized: table\n---*/\nselect 1 as a\n' })).toBe(
      lines(`
        error front-matter-below at models/a.sql:2:1 [/*---]
          Front matter stands at the head of a file, and something stands before this.
          hint: Move it to the first line; comments can stand below it.
      `),
    )
  })
})

describe('YAML', () => {
  it('is YAML 1.2: words are texts, dates are texts, underscores are no digits', async () => {
    const { project, told } = await loadFolder({
      'models/a.sql': withFrontMatter(
        'tags: [yes, no, on, 2026-11-03, 1_000]\nmeta: { y: yes, day: 2026-11-03, n: 1_000, hex: 0x1F, 1: one, true: b }',
      ),
    })
    expect(told).toBe('')
    expect(project.models[0]?.tags).toEqual(['yes', 'no', 'on', '2026-11-03', '1_000'])
    expect(project.models[0]?.meta).toEqual({ y: 'yes', day: '2026-11-03', n: '1_000', hex: 31, '1': 'one', true: 'b' })
  })

  it('knows anchors and aliases, also where an anchor is used again', async () => {
    const { project, told } = await loadFolder({
      'models/a.sql': withFrontMatter(
        'columns:\n  turf_id: &key { description: Key., tests: [unique] }\n  area_id: *key\ntags: [&a x, &a y, *a]',
      ),
    })
    expect(told).toBe('')
    expect(project.models[0]?.tags).toEqual(['x', 'y'])
    expect(project.models[0]?.tests.map(({ name }) => name)).toEqual(['unique_a_turf_id', 'unique_a_area_id'])
  })

  it('may not hold itself, or multiply', async () => {
    const letters = 'abcdefgh'.split('')
    const bomb = letters.map(
      (letter, at) =>
        `  ${letter}: &${letter} [${Array(9)
          .fill(at === 0 ? 'x' : `*${letters[at - 1]!}`)
          .join(', ')}]`,
    )
    const told = await tellMistakes({
      'models/a.sql': withFrontMatter('meta: &m { self: *m }'),
      'models/b.sql': withFrontMatter(`meta:\n${bomb.join('\n')}`),
    })
    expect(told).toBe(
      lines(`
        error yaml-alias at models/a.sql:2:18 [*m]
          The aliases of this file make it endless, or larger than 100,000 values.
          hint: Write the values out where they stand.
        error yaml-alias at models/b.sql:4:10 [*a]
          The aliases of this file make it endless, or larger than 100,000 values.
          hint: Write the values out where they stand.
      `),
    )
  })

  it('has no merge keys, no tabs, and a depth that people can read', async () => {
    const told = await tellMistakes({
      'models/a.sql': withFrontMatter('columns:\n  turf_id: &key { description: Key. }\n  area_id: { <<: *key }'),
      'models/b.sql': withFrontMatter('tags:\t[x]'),
      'models/c.sql': withFrontMatter(`meta: { a: ${'['.repeat(200)}${']'.repeat(200)} }`),
    })
    expect(told).toBe(
      lines(`
        error unknown-key at models/a.sql:4:14 [<<]
          Unknown key \`<<\` under \`area_id\`.
          hint: YAML 1.2 has no merge keys: say what the two share in \`folders:\`, or repeat a whole value with \`*name\`.
        error bad-yaml at models/b.sql:2:8 [x]
          A tab stands where YAML has spaces.
          hint: Write spaces instead; two of them indent.
        error bad-yaml at models/c.sql:2:110 [[]
          Lists and mappings stand in one another more than 100 levels deep here.
          hint: Write it with fewer levels.
      `),
    )
  })

  it('says what a sqlflow.yml needs at least', async () => {
    expect(await tellMistakes({ 'sqlflow.yml': '' })).toBe(
      lines(`
        error missing-key at sqlflow.yml:1:1 []
          The key \`name\` is missing.
          hint: For example: \`name: field\`.
      `),
    )
  })
})

describe('Names', () => {
  it('that need quoting, or that mean something to JavaScript, are names like any other', async () => {
    const names = [
      "o'brien",
      'q"x',
      'my turf',
      'été',
      'a.b',
      'select',
      'ref',
      'self',
      '__proto__',
      'constructor',
      'Übersicht 2026',
      'a,b',
      'a*',
    ]
    const { project, told } = await loadFolder(Object.fromEntries(names.map((name) => [`models/${name}.sql`, 'select 1 as a\n'])))
    expect(told).toBe('')
    expect(project.models.map(({ relation }) => relation.name).sort()).toEqual([...names].sort())
  })

  it('count an accent as one character with its letter, as it is typed', async () => {
    const { project } = await loadFolder({ 'models/cafe\u0301.sql': 'select 1 as a\n' })
    expect(project.models[0]?.name).toBe('caf\u00e9')
  })

  it('of files with extensions in capitals', async () => {
    const { project, told } = await loadFolder({
      'models/Turf.SQL': 'select 1 as a\n',
      'models/more.YML': 'models: { Turf: { tags: x } }\n',
    })
    expect(told).toBe('')
    expect(project.models.map(({ name, tags }) => ({ name, tags }))).toEqual([{ name: 'Turf', tags: ['x'] }])
  })

  it('have at most 63 bytes, which an alias mends', async () => {
    const { project, told } = await loadFolder({
      [`models/${'a'.repeat(63)}.sql`]: 'select 1 as a\n',
      [`models/${'é'.repeat(40)}.sql`]: withFrontMatter('alias: short'),
    })
    expect(told).toBe('')
    expect(project.models.map(({ relation }) => relation.name)).toEqual(['a'.repeat(63), 'short'])
  })
})

describe('Files', () => {
  it('with a NUL character are refused, SQL and YAML alike', async () => {
    expect(await tellMistakes({ 'models/a.sql': 'select 1\0 as a\n', 'models/b.yml': 'models:\n  a: { tags: "\0" }\n' })).toBe(
      lines(`
        error nul-character at models/a.sql:1:9 [\0]
          \`models/a.sql\` holds a NUL character.
          hint: Remove it, or save the file as UTF-8 text if it is in another encoding.
        error nul-character at models/b.yml:2:15 [\0]
          \`models/b.yml\` holds a NUL character.
          hint: Remove it, or save the file as UTF-8 text if it is in another encoding.
      `),
    )
  })

  it('of five megabytes are read as others are', async () => {
    const columns = Array.from({ length: 200_000 }, (_, index) => `a${index} as column_${index}`).join(',\n')
    const { project, told } = await loadFolder({ 'models/wide.sql': `select ${columns} from t\n` })
    expect(told).toBe('')
    expect(project.models[0]?.sql.text.length).toBeGreaterThan(4_900_000)
  })

  it('are those that links lead to; links to nothing and in circles are passed by', async () => {
    const told = await tellOfFolder({ 'models/a.sql': 'select 1 as a\n' }, (root) => {
      symlinkSync('.', path.join(root, 'models/circle'))
      symlinkSync('itself.sql', path.join(root, 'models/itself.sql'))
      symlinkSync('gone.sql', path.join(root, 'models/dead.sql'))
      symlinkSync('a.sql', path.join(root, 'models/again.sql'))
    })
    expect(told).toBe('models/a.sql\nmodels/again.sql')
  })

  it('are not folders that look like files, and folders may be empty', async () => {
    const told = await tellOfFolder({ 'models/turf.sql/list.sql': 'select 1 as a\n' }, (root) => {
      mkdirSync(path.join(root, 'models/staging'))
      mkdirSync(path.join(root, 'exports'))
    })
    expect(told).toBe('models/turf.sql/list.sql')
  })

  it('that may not be read are named, and the rest of the project is read', async () => {
    const told = await tellOfFolder({ 'models/a.sql': 'select 1 as a\n', 'models/b.sql': 'select 1 as b\n' }, (root) => {
      chmodSync(path.join(root, 'models/a.sql'), 0)
    })
    expect(told).toBe(
      lines(`
        models/a.sql
        models/b.sql
        error unreadable-file at models/a.sql:1:1 []
          \`models/a.sql\` cannot be read (EACCES).
          hint: Check that the file exists and that you may read it.
      `),
    )
  })

  it('are not folders in place of `.env`, nor of sqlflow.yml', async () => {
    expect(await tellOfFolder({ 'models/a.sql': 'select 1 as a\n' }, (root) => mkdirSync(path.join(root, '.env')))).toBe('models/a.sql')
    const told = await tellOfFolder({}, (root) => {
      rmSync(path.join(root, 'sqlflow.yml'))
      mkdirSync(path.join(root, 'sqlflow.yml'))
    })
    expect(told).toBe(
      lines(`
        error unreadable-file at sqlflow.yml:1:1 []
          \`sqlflow.yml\` cannot be read (EISDIR).
          hint: Check that the file exists and that you may read it.
      `),
    )
  })
})
