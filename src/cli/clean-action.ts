/** `sqlflow clean`: removes what sqlflow itself wrote into a project's folder, and says what; or what it built in a warehouse. */
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { SqlflowError } from '../core/errors.ts'
import { flagOption, type CommandInput } from './command.ts'
import type { CliIo, ExitCode } from './io.ts'
import { projectRoot } from './project-root.ts'

export async function runClean(io: CliIo, input: CommandInput): Promise<ExitCode> {
  const what = ['database', 'orphans', 'schemas'].filter((name) => flagOption(input.options, name))
  if (what.length > 1)
    throw new SqlflowError('bad-usage', `\`clean\` takes one of ${what.map((name) => `\`--${name}\``).join(' and ')} at a time.`)
  if (what[0] === 'orphans' || what[0] === 'schemas') {
    const { cleanWarehouse } = await import('./own-relations-action.ts')
    return await cleanWarehouse(io, input)
  }
  return await cleanFolder(io, input)
}

async function cleanFolder(io: CliIo, input: CommandInput): Promise<ExitCode> {
  const root = projectRoot(io, input.options)
  const folders = ['target', '.sqlflow/cache']
  if (flagOption(input.options, 'database')) {
    await refuseWhileOpen(root)
    folders.push('.sqlflow')
  }
  const removed = folders.filter((folder) => removeFolder(join(root, folder)))
  if (flagOption(input.options, 'json')) io.stdout.write(`${JSON.stringify({ removed })}\n`)
  else if (!flagOption(input.options, 'quiet'))
    io.stdout.write(removed.length > 0 ? `Removed ${removed.join(', ')}.\n` : 'There was nothing to remove.\n')
  return 0
}

function removeFolder(path: string): boolean {
  if (!existsSync(path)) return false
  rmSync(path, { recursive: true, force: true })
  return true
}

/** A database that another process has open is not taken from under it. */
async function refuseWhileOpen(root: string): Promise<void> {
  const { findOpenDatabases } = await import('../warehouses/pglite/directory-lock.ts')
  const [held] = ['.sqlflow', '.sqlflow/pglite'].flatMap((folder) => findOpenDatabases(join(root, folder)))
  if (held)
    throw new SqlflowError('warehouse-locked', `The embedded database is open in another process: ${held}.`, {
      hint: 'Wait for it to end, or stop it.',
    })
}
