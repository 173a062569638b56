/**
 * `sqlflow init`: writes a small working project, or nothing at all. Files that a repository has before anybody thinks of sqlflow (README.md,
 * .gitignore, settings of an editor) do not stand in its way.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { SqlflowError } from '../core/errors.ts'
import { flagOption, textOption, type CommandInput } from './command.ts'
import { choosePlace, confirmConnection, type Place } from './init-place.ts'
import type { InitFile, InitOptions } from './init-files/init-file.ts'
import { awsPackage } from './init-files/package-file.ts'
import { initFiles } from './init-files/init-files.ts'
import type { CliIo, ExitCode } from './io.ts'
import { isTracked } from '../project/git.ts'
import { envFile } from './init-files/project-config-files.ts'
import { commandStyle } from './open-project.ts'
import { version } from './version.ts'

/** By path, in the order in which they are told. */
interface Written {
  readonly made: readonly string[]
  readonly extended: readonly string[]
  readonly kept: readonly string[]
}

export async function initProject(io: CliIo, input: CommandInput): Promise<ExitCode> {
  const folder = resolve(io.cwd, input.args[0] ?? '.')
  refuseTrackedEnv(folder)
  const place = await choosePlace(io, input)
  if (place === undefined) return 130
  const options: InitOptions = {
    name: textOption(input.options, 'name') ?? projectName(folder),
    version,
    warehouse: place.warehouse,
    ...(place.login && { login: place.login }),
    hasPackageJson: existsSync(join(folder, 'package.json')),
  }
  const files = [...initFiles(options), ...(place.typedUrl === undefined ? [] : [envFile(place.typedUrl)])]
  const standing = files.filter((file) => existsSync(join(folder, file.path)))
  refuseToOverwrite(standing.filter((file) => file.ifExists === undefined))
  if (!(await confirmConnection(io, input, options, place))) return 130
  const fresh = files.filter((file) => !standing.includes(file))
  for (const file of fresh) writeNew(folder, file)
  const extended = standing.filter((file) => file.ifExists === 'add-lines' && addLines(folder, file))
  const kept = standing.filter((file) => !extended.includes(file))
  report(io, input, folder, { made: pathsOf(fresh), extended: pathsOf(extended), kept: pathsOf(kept) }, place)
  return 0
}

/** What git tracks, everybody who clones reads. */
function refuseTrackedEnv(folder: string): void {
  if (!isTracked(folder, '.env')) return
  throw new SqlflowError('env-tracked', 'Nothing was written, because git tracks `.env`, where secrets would be kept.', {
    hint: 'Take it out of git, then begin again: git rm --cached .env. Passwords that were committed have to be changed: the history keeps them.',
  })
}

function refuseToOverwrite(existing: readonly InitFile[]): void {
  if (existing.length === 0) return
  throw new SqlflowError('files-exist', `Nothing was written, because ${pathsOf(existing).join(', ')} would be overwritten.`, {
    hint: 'Run it in an empty folder: sqlflow init my-project',
  })
}

function writeNew(folder: string, { path, text }: InitFile): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text, { flag: 'wx', ...(path === '.env' && { mode: 0o600 }) })
}

/** The lines that are not there yet, below those that are. Returns whether there were any. */
function addLines(folder: string, { path, text }: InitFile): boolean {
  const before = readFileSync(join(folder, path), 'utf8')
  const known = new Set(before.split(/\r?\n/).map((line) => line.trim()))
  const missing = text.split('\n').filter((line) => !line.startsWith('#') && line !== '' && !known.has(line))
  if (missing.length > 0)
    writeFileSync(join(folder, path), `${before.replace(/(?<!\n)$/, before === '' ? '' : '\n')}${missing.join('\n')}\n`)
  return missing.length > 0
}

function pathsOf(files: readonly InitFile[]): readonly string[] {
  return files.map((file) => file.path)
}

/** The folder's name as a project's may be: letters, digits, `_`. */
function projectName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
  return /^[a-z]/.test(name) ? name : `project_${name}`.replace(/_$/, '')
}

function report(io: CliIo, input: CommandInput, folder: string, { made, extended, kept }: Written, place: Place): void {
  if (flagOption(input.options, 'json')) {
    io.stdout.write(`${JSON.stringify({ folder, files: made, extended, kept })}\n`)
    return
  }
  if (flagOption(input.options, 'quiet')) return
  const style = commandStyle(io, input.options).out
  const where = relative(io.cwd, folder)
  const lines = [
    ...made.map((path) => `  ${style('green', '+')} ${path}`),
    ...extended.map((path) => `  ${style('yellow', '~')} ${path}: what it lacked is added`),
    ...kept.map((path) => `  ${style('dim', '=')} ${path}: yours is kept`),
    '',
    style('bold', 'Next'),
    ...(where === '' ? [] : [`  cd ${/^[\w./-]+$/.test(where) ? where : JSON.stringify(where)}`]),
    ...(existsSync(join(folder, 'node_modules', 'sqlflow')) ? [] : ['  npm install']),
    ...nextCommands(place, !made.includes('package.json')).map((command) => `  ${command}`),
    ...(kept.includes('README.md') ? [] : ['', 'README.md walks through it.']),
  ]
  io.stdout.write(`${lines.join('\n')}\n`)
}

function nextCommands({ warehouse, hasConnection, login }: Place, needsPackage: boolean): readonly string[] {
  if (warehouse === 'pglite') return ['npx sqlflow build']
  return [
    ...(needsPackage && login ? [`npm install --save-dev ${awsPackage(login)}`] : []),
    ...(hasConnection ? [] : ['cp .env.example .env   and fill in DATABASE_URL']),
    'npx sqlflow debug',
    'npx sqlflow build',
  ]
}
