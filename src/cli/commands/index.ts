/** The registry of commands, in the order in which help lists them. */
import type { CommandSpec } from '../command.ts'
import { buildCommand } from './build.ts'
import { cleanCommand } from './clean.ts'
import { compareCommand } from './compare.ts'
import { compileCommand } from './compile.ts'
import { completeCommand, completionCommand } from './completion.ts'
import { debugCommand } from './debug.ts'
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
  envCommand,
  formatCommand,
  renameCommand,
  cleanCommand,
  completionCommand,
  completeCommand,
]
