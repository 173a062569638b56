import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Prompts } from '../../../src/cli/prompts.ts'
import { runHere, steady } from '../../support/cli.ts'
import { createDatabase, createTemporaryFolder } from '../../support/databases.ts'

function answering({ secret, confirm = false }: { readonly secret: string; readonly confirm?: boolean }): Prompts {
  return {
    choose: (_message, choices) => Promise.resolve(choices.find(({ value }) => value === 'postgres')?.value),
    text: () => Promise.resolve(undefined),
    secret: () => Promise.resolve(secret),
    confirm: () => Promise.resolve(confirm),
  }
}

describe('sqlflow init for a team on a server', () => {
  it('tries the connection, and writes a project that each person, pull request and production build apart', async () => {
    await using database = await createDatabase()
    await using folder = await createTemporaryFolder()
    const env = { DATABASE_URL: database.url, USER: 'ana' }
    const begun = await runHere(folder.path, ['init', '--name', 'field_data', '--warehouse', 'postgres'], { env })
    expect(begun).toMatchObject({ exitCode: 0, stderr: '' })
    expect(steady(begun.stdout)).toMatch(
      /^✓ port         HOST answers\n✓ connection   postgres .*\n✓ tls          off: .*\n✓ login .*\n {2}\+ sqlflow\.yml\n/,
    )
    expect(begun.stdout).toContain('.github/workflows/sqlflow-pull-request.yml\n')
    expect(begun.stdout).toContain('Next\n  npm install\n  npx sqlflow debug\n  npx sqlflow build\n')
    expect(readdirSync(folder.path)).not.toContain('.env')

    expect(await runHere(folder.path, ['debug'], { env })).toMatchObject({ exitCode: 0, stderr: '' })
    expect(await runHere(folder.path, ['build', '-t', 'prod'], { env: { DATABASE_URL: database.url, CI: 'true' } })).toMatchObject({
      exitCode: 0,
    })
    const mine = await runHere(folder.path, ['build', 'call_list'], { env })
    expect(mine.stderr).toContain('reads of target prod: staging.stg_supporters, marts.supporter_activity\n')
    expect(mine.stderr).toContain('dev_ana_marts.call_list')
    const proposed = await runHere(folder.path, ['build', '-t', 'ci'], { env: { DATABASE_URL: database.url, PR_NUMBER: '7', CI: 'true' } })
    expect(proposed.stderr).toContain('ci_7_marts.call_list')
    expect(proposed.exitCode).toBe(0)
  })

  it('asks where the data is, and keeps a connection that was typed in .env, for this person alone', async () => {
    await using database = await createDatabase()
    await using folder = await createTemporaryFolder()
    const { stdout, stderr, exitCode } = await runHere(folder.path, ['init', '--name', 'field_data'], {
      prompts: answering({ secret: database.url }),
    })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).not.toContain(database.url)
    expect(readFileSync(join(folder.path, '.env'), 'utf8')).toBe(
      `# Never in git; .env.example shows the names.\nDATABASE_URL='${database.url}'\n`,
    )
    expect(statSync(join(folder.path, '.env')).mode & 0o777).toBe(0o600)
    expect(await runHere(folder.path, ['debug'], { env: { USER: 'ana' } })).toMatchObject({ exitCode: 0 })
  })

  it('writes nothing when the connection fails, unless told to', async () => {
    await using folder = await createTemporaryFolder()
    const url = 'postgres://ana:canary-word@127.0.0.1:1/field'
    const failed = await runHere(folder.path, ['init', '--warehouse', 'postgres'], { env: { DATABASE_URL: url } })
    expect(failed).toEqual({
      exitCode: 2,
      stdout: '✗ port         failed\n',
      stderr:
        'error[warehouse-unreachable]: Nothing answers on 127.0.0.1:1, the address of target `dev`.\n  hint: Is the server running, and is this its port?\n',
    })
    expect(await runHere(folder.path, ['init'], { prompts: answering({ secret: url }) })).toMatchObject({ exitCode: 130 })
    expect(readdirSync(folder.path)).toEqual([])
    const allTheSame = await runHere(folder.path, ['init'], { prompts: answering({ secret: url, confirm: true }) })
    expect(allTheSame.exitCode).toBe(0)
    expect(allTheSame.stdout + allTheSame.stderr).not.toContain('canary-word')
    expect(readdirSync(folder.path)).toContain('.env')
  })

  it('goes on without a connection, and says where it will be looked for', async () => {
    await using folder = await createTemporaryFolder()
    const later = await runHere(folder.path, ['init', '--warehouse', 'postgres'])
    expect(later.stdout).toContain(
      'Next\n  npm install\n  cp .env.example .env   and fill in DATABASE_URL\n  npx sqlflow debug\n  npx sqlflow build\n',
    )
  })

  it('refuses a .env that git tracks', async () => {
    await using folder = await createTemporaryFolder()
    const git = (...args: readonly string[]): void => void execFileSync('git', ['-C', folder.path, ...args], { stdio: 'ignore' })
    writeFileSync(join(folder.path, '.env'), 'TOKEN=canary-word\n')
    git('init')
    git('add', '.env')
    const { exitCode, stdout, stderr } = await runHere(folder.path, ['init'])
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toBe(
      'error[env-tracked]: Nothing was written, because git tracks `.env`, where secrets would be kept.\n' +
        '  hint: Take it out of git, then begin again: git rm --cached .env. Passwords that were committed have to be changed: the history keeps them.\n',
    )
  })
})
