/** The package as a user gets it: packed, installed into a folder of its own, and used there. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createTemporaryFolder } from '../../support/databases.ts'

const repository = fileURLToPath(new URL('../../../', import.meta.url))
const minutes = 60_000

interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function run(command: string, args: readonly string[], cwd: string): Ran {
  return spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined } })
}

interface Packed {
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}

function pack(destination: string): Packed {
  const { status, stdout, stderr } = run(
    'npm',
    ['pack', '--json', '--foreground-scripts=false', '--pack-destination', destination],
    repository,
  )
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' })
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as readonly [Packed]
  return packed
}

function namesIn(folder: string, ending: RegExp): readonly string[] {
  return readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => ending.test(path))
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
}

const unreachable = /EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTCACHED|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT/

it(
  'The package holds what runs and what is read, installs beside nothing else, and builds a new project at once',
  { timeout: 5 * minutes },
  async (context) => {
    await using folder = await createTemporaryFolder()
    const { filename, files } = pack(folder.path)
    const paths = files.map((file) => file.path)
    const wanted = [
      'README.md',
      'CHANGELOG.md',
      'LICENSE',
      'package.json',
      'bin/sqlflow.js',
      ...namesIn('docs', /\.(?:md|png)$/),
      ...namesIn('schemas', /\.json$/),
      ...namesIn('assets', /\.gz$/),
      ...namesIn('src', /\.ts$/).map((path) => path.replace(/^src/, 'dist').replace(/\.ts$/, '.js')),
    ]
    expect(paths.filter((path) => !path.endsWith('.d.ts')).sort()).toEqual(wanted.sort())

    const project = join(folder.path, 'field')
    mkdirSync(project)
    const installed = run('npm', ['install', `../${filename}`, '--prefer-offline', '--no-audit', '--no-fund'], project)
    if (installed.status !== 0 && unreachable.test(installed.stderr)) context.skip('the package registry cannot be reached')
    expect({ status: installed.status, told: installed.status === 0 ? '' : installed.stderr }).toEqual({ status: 0, told: '' })

    const begun = run('npx', ['--no-install', 'sqlflow', 'init'], project)
    expect(begun.status).toBe(0)
    expect(begun.stdout).toContain('\nNext\n  npx sqlflow build\n\n')
    const named = readFileSync(join(project, '.vscode', 'settings.json'), 'utf8').match(/\.\/node_modules\/sqlflow\/schemas\/[\w.]+/g) ?? []
    expect(named).toHaveLength(3)
    expect(named.filter((path) => !existsSync(join(project, path)))).toEqual([])

    const built = run('npx', ['--no-install', 'sqlflow', 'build'], project)
    expect({ status: built.status, told: built.status === 0 ? '' : built.stdout + built.stderr }).toEqual({ status: 0, told: '' })
    expect(built.stdout).toContain('2 seeds loaded, 4 models built, 14 tests passed, 1 export ')
    expect(readFileSync(join(project, 'target', 'local', 'exports', 'call_list.csv'), 'utf8')).toContain('01,Muñoz,José,2025550102\n')
  },
)
