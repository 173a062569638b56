#!/usr/bin/env node
/** The process: arguments in, exit code out. `--version` answers before anything else is loaded. */
import { enableCompileCache } from 'node:module'
import { version } from './version.ts'

if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  process.stdout.write(`${version}\n`)
} else {
  enableCompileCache()
  const { runProcess } = await import('./run-process.ts')
  process.exitCode = await runProcess()
}
