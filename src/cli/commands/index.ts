/** The registry of commands, in the order in which help lists them. */
import type { CommandGroup, CommandSpec } from '../command.ts'
import { authGoogleCommand } from './auth-google.ts'
import { buildCommand } from './build.ts'
import { cleanCommand } from './clean.ts'
import { compareCommand } from './compare.ts'
import { compileCommand } from './compile.ts'
import { completeCommand, completionCommand } from './completion.ts'
import { debugCommand } from './debug.ts'
import { emulatorSheetsCommand } from './emulator-sheets.ts'
import { envCommand } from './env.ts'
import { exportCommand } from './export.ts'
import { formatCommand } from './format.ts'
import { graphCommand } from './graph.ts'
import { initCommand } from './init.ts'
import { listCommand } from './list.ts'
import { renameCommand } from './rename.ts'
import { runCommand } from './run.ts'
import { seedCommand } from './seed.ts'
import { showCommand } from './show.ts'
import { sourcesPullCommand } from './sources-pull.ts'
import { testCommand } from './test.ts'

export const commands: readonly CommandSpec[] = [
  initCommand,
  buildCommand,
  runCommand,
  testCommand,
  seedCommand,
  exportCommand,
  compileCommand,
  showCommand,
  listCommand,
  graphCommand,
  compareCommand,
  debugCommand,
  authGoogleCommand,
  envCommand,
  formatCommand,
  renameCommand,
  sourcesPullCommand,
  emulatorSheetsCommand,
  cleanCommand,
  completionCommand,
  completeCommand,
]

export const commandGroups: readonly CommandGroup[] = [
  { name: 'auth', group: 'Maintain', summary: 'Set up the accounts that exports run as' },
  { name: 'sources', group: 'Maintain', summary: 'Keep the declarations of sources as the warehouse is' },
  { name: 'emulator', group: 'Maintain', summary: 'Serve what exports go to, on this machine' },
]

/** The command that words name, the first two or the first alone, and how many of them do. */
export function findCommand(words: readonly string[]): { readonly spec: CommandSpec; readonly words: number } | undefined {
  for (const count of [2, 1]) {
    const name = words.slice(0, count).join(' ')
    const spec = words.length >= count ? commands.find((one) => one.name === name) : undefined
    if (spec) return { spec, words: count }
  }
  return undefined
}

/** Words that may stand first, or behind the word of a group. */
export function commandWords(group?: string): readonly string[] {
  const shown = commands.filter((spec) => spec.hidden !== true).map((spec) => spec.name)
  if (group !== undefined) return shown.filter((name) => name.startsWith(`${group} `)).map((name) => name.slice(group.length + 1))
  return [...new Set(shown.map((name) => name.split(' ')[0]!))]
}
