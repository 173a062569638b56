import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { initFiles } from '../../src/cli/init-files/init-files.ts'
import { createTemporaryFolder } from '../support/databases.ts'
import { nodeOutcomes, runSqlflow, unsuccessful } from './run-sqlflow.ts'

const options = { name: 'field_data', version: '1.2.3', hasPackageJson: false, warehouse: 'pglite' } as const

async function writeProject(folder: string): Promise<void> {
  for (const { path, text } of initFiles(options)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
}

function textOf(path: string): string {
  return initFiles(options).find((file) => file.path === path)?.text ?? ''
}

describe('the project that init writes', () => {
  it('has one example of each kind of file, and what a repository needs around it', () => {
    expect(initFiles(options).map(({ path }) => path)).toEqual([
      'sqlflow.yml',
      'seeds/supporters.csv',
      'seeds/signups.csv',
      'seeds/seeds.yml',
      'models/staging/stg_supporters.sql',
      'models/staging/stg_signups.sql',
      'models/marts/supporter_activity.sql',
      'models/marts/call_list.sql',
      'macros/clean_text.sql',
      'macros/phone_digits.sql',
      'tests/opted_out_are_not_called.sql',
      'exports/call_list_csv.yml',
      'README.md',
      '.gitignore',
      '.env.example',
      '.github/workflows/sqlflow.yml',
      '.github/workflows/sqlflow-production.yml',
      '.devcontainer/devcontainer.json',
      '.vscode/settings.json',
      '.vscode/extensions.json',
      'package.json',
    ])
  })

  it('leads editors to schemas that this package holds', () => {
    const named = initFiles(options).flatMap(({ text }) =>
      [...text.matchAll(/node_modules\/sqlflow\/(schemas\/[\w.]+\.json)/g)].map((found) => found[1]),
    )
    expect([...new Set(named)]).toEqual(['schemas/project.schema.json', 'schemas/properties.schema.json', 'schemas/export.schema.json'])
    for (const path of named) expect(existsSync(new URL(`../../${path}`, import.meta.url))).toBe(true)
  })

  it('leaves a package.json alone', () => {
    expect(initFiles({ ...options, hasPackageJson: true }).map(({ path }) => path)).not.toContain('package.json')
  })

  it('asks npm for the version that wrote it', () => {
    expect(JSON.parse(textOf('package.json'))).toEqual({
      name: 'field-data',
      private: true,
      scripts: { build: 'sqlflow build', test: 'sqlflow test' },
      devDependencies: { sqlflow: '^1.2.3' },
    })
  })

  it('keeps secrets, the database and what runs leave out of git', () => {
    expect(
      textOf('.gitignore')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#')),
    ).toEqual(['node_modules/', '.env', '.sqlflow/', 'target/', '/*.csv', 'gha-creds-*.json'])
  })

  it('builds at once, with nothing set', async () => {
    await using folder = await createTemporaryFolder()
    await writeProject(folder.path)
    const { stdout, stderr, exitCode } = await runSqlflow(folder.path, ['build', '--json'])
    expect(stderr).toBe('')
    expect(unsuccessful(nodeOutcomes(stdout))).toEqual([])
    expect(exitCode).toBe(0)
    expect(await readFile(join(folder.path, 'target/local/exports/call_list.csv'), 'utf8')).toBe(`Precinct,Last name,First name,Phone
01,Muñoz,José,2025550102
01,O'Brien,Ana,2025550101
01,Sato,Mina,2025550107
11E1,Park,Wren,2025550103
11E1,van der Berg,Kai,2025550104
1E5,Clarke,Robin,2025550108
`)
  })

  it('fails as its README says when an accepted value is taken away, and skips what reads the model', async () => {
    await using folder = await createTemporaryFolder()
    await writeProject(folder.path)
    const model = join(folder.path, 'models/staging/stg_signups.sql')
    await writeFile(model, (await readFile(model, 'utf8')).replace('cancelled, ', ''))
    const { stdout, exitCode } = await runSqlflow(folder.path, ['build', '--json'])
    expect(unsuccessful(nodeOutcomes(stdout)).filter((line) => !line.startsWith('skipped test:'))).toEqual([
      'fail test:accepted_values_stg_signups_status',
      'skipped export:call_list_csv',
      'skipped model:call_list',
      'skipped model:supporter_activity',
    ])
    expect(exitCode).toBe(1)
  })
})
