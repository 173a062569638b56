import { readdirSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runHere } from '../../support/cli.ts'
import { createTemporaryFolder } from '../../support/databases.ts'

const written = `  + sqlflow.yml
  + seeds/supporters.csv
  + seeds/signups.csv
  + seeds/seeds.yml
  + models/staging/stg_supporters.sql
  + models/staging/stg_signups.sql
  + models/marts/supporter_activity.sql
  + models/marts/call_list.sql
  + macros/clean_text.sql
  + macros/phone_digits.sql
  + tests/opted_out_are_not_called.sql
  + exports/call_list_csv.yml
  + README.md
  + .gitignore
  + .env.example
  + .github/workflows/sqlflow.yml
  + .github/workflows/sqlflow-production.yml
  + .devcontainer/devcontainer.json
  + .vscode/settings.json
  + .vscode/extensions.json
  + package.json
`

describe('sqlflow init', () => {
  it('writes a project into this folder, and says what to do next', async () => {
    await using folder = await createTemporaryFolder()
    expect(await runHere(folder.path, ['init', '--name', 'field_data'])).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: `${written}\nNext\n  npm install\n  npx sqlflow build\n\nREADME.md walks through it.\n`,
    })
    const { stdout } = await runHere(folder.path, ['graph'])
    expect(stdout).toContain('call_list_csv (export, csv)')
  })

  it('makes a new folder, and names the project after it', async () => {
    await using folder = await createTemporaryFolder()
    const { stdout } = await runHere(folder.path, ['init', '2026 Field-Data'])
    expect(stdout).toContain('Next\n  cd "2026 Field-Data"\n  npm install\n')
    const listed = await runHere(folder.path, ['debug', '--json', '--project-dir', '2026 Field-Data', '-t', 'nowhere'])
    expect(listed.stdout).toContain('There is no target `nowhere`.')
    expect((await runHere(folder.path, ['graph', '--format', 'dot', '--project-dir', '2026 Field-Data'])).stdout).toMatch(
      /^digraph "project_2026_field_data" \{/,
    )
  })

  it('writes nothing over a file that exists, and names each', async () => {
    await using folder = await createTemporaryFolder()
    await mkdir(join(folder.path, 'seeds'))
    await writeFile(join(folder.path, 'README.md'), 'Mine.')
    await writeFile(join(folder.path, 'sqlflow.yml'), 'name: field\n')
    await writeFile(join(folder.path, 'seeds', 'signups.csv'), 'id\n')
    expect(await runHere(folder.path, ['init'])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `error[files-exist]: Nothing was written, because sqlflow.yml, seeds/signups.csv would be overwritten.
  hint: Run it in an empty folder: sqlflow init my-project
`,
    })
    expect(readdirSync(folder.path).sort()).toEqual(['README.md', 'seeds', 'sqlflow.yml'])
  })

  it('lives with the README and the .gitignore of a repository that was just made', async () => {
    await using folder = await createTemporaryFolder()
    await writeFile(join(folder.path, 'README.md'), '# Field data\n')
    await writeFile(join(folder.path, '.gitignore'), 'node_modules/\n*.log')
    expect((await runHere(folder.path, ['init', '--name', 'field_data'])).stdout).toBe(
      `${written.replace('  + README.md\n', '').replace('  + .gitignore\n', '')}  ~ .gitignore: what it lacked is added
  = README.md: yours is kept

Next
  npm install
  npx sqlflow build
`,
    )
    expect(await readFile(join(folder.path, 'README.md'), 'utf8')).toBe('# Field data\n')
    expect(await readFile(join(folder.path, '.gitignore'), 'utf8')).toBe(
      'node_modules/\n*.log\n.env\n.sqlflow/\ntarget/\n/*.csv\ngha-creds-*.json\n',
    )
  })

  it('leaves a package.json as it is', async () => {
    await using folder = await createTemporaryFolder()
    await writeFile(join(folder.path, 'package.json'), '{}')
    const { stdout } = await runHere(folder.path, ['init', '--json'])
    expect(JSON.parse(stdout)).toEqual({
      folder: folder.path,
      files: written.replaceAll('  + ', '').replace('package.json\n', '').trimEnd().split('\n'),
      extended: [],
      kept: [],
    })
  })

  it('says nothing when it is asked to be quiet', async () => {
    await using folder = await createTemporaryFolder()
    expect(await runHere(folder.path, ['init', '--quiet'])).toEqual({ exitCode: 0, stdout: '', stderr: '' })
  })
})
