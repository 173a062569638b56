/** `sqlflow init`: writes a small working project, or nothing at all. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { SqlflowError } from '../core/errors.ts'
import { flagOption, textOption, type CommandInput } from './command.ts'
import { initFiles } from './init-files/init-files.ts'
import type { CliIo, ExitCode } from './io.ts'
import { commandStyle } from './open-project.ts'
import { version } from './version.ts'

export function initProject(io: CliIo, input: CommandInput): ExitCode {
  const folder = resolve(io.cwd, input.args[0] ?? '.')
  const files = initFiles({
    name: textOption(input.options, 'name') ?? projectName(folder),
    version,
    hasPackageJson: existsSync(join(folder, 'package.json')),
  })
  const existing = files.filter((file) => existsSync(join(folder, file.path)))
  if (existing.length > 0) {
    throw new SqlflowError(
      'files-exist',
      `Nothing was written, because ${existing.map((file) => file.path).join(', ')} would be overwritten.`,
      {
        hint: 'Run it in an empty folder: sqlflow init my-project',
      },
    )
  }
  for (const file of files) {
    const path = join(folder, file.path)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, file.text, { flag: 'wx' })
  }
  report(
    io,
    input,
    folder,
    files.map((file) => file.path),
  )
  return 0
}

/** The folder's name as a project's may be: letters, digits, `_`. */
function projectName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
  return /^[a-z]/.test(name) ? name : `project_${name}`.replace(/_$/, '')
}

function report(io: CliIo, input: CommandInput, folder: string, paths: readonly string[]): void {
  if (flagOption(input.options, 'json')) {
    io.stdout.write(`${JSON.stringify({ folder, files: paths })}\n`)
    return
  }
  if (flagOption(input.options, 'quiet')) return
  const style = commandStyle(io, input.options).out
  const where = relative(io.cwd, folder)
  const steps = [
    ...(where === '' ? [] : [`cd ${/^[\w./-]+$/.test(where) ? where : JSON.stringify(where)}`]),
    ...(existsSync(join(folder, 'node_modules', 'sqlflow')) ? [] : ['npm install']),
    'npx sqlflow build',
  ]
  const files = paths.map((path) => `  ${style('green', '+')} ${path}\n`).join('')
  io.stdout.write(`${files}\n${style('bold', 'Next')}\n${steps.map((step) => `  ${step}\n`).join('')}\nREADME.md walks through it.\n`)
}
