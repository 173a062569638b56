/** Which project a command is about: by flag, by variable, or the nearest above. */
import { resolve } from 'node:path'
import { SqlflowError } from '../core/errors.ts'
import { findProjectRoot } from '../project/find-project.ts'
import { textOption, type Options } from './command.ts'
import type { CliIo } from './io.ts'

/** Absolute. Throws SqlflowError `no-project`. */
export function projectRoot(io: CliIo, options: Options): string {
  const given = textOption(options, 'projectDir') ?? io.env['SQLFLOW_PROJECT_DIR']
  const from = resolve(io.cwd, given ?? '.')
  const root = findProjectRoot(from)
  if (root !== undefined) return root
  throw new SqlflowError('no-project', `There is no sqlflow.yml in ${given ?? 'this folder'} or above it.`, {
    hint: 'Run `sqlflow init` to begin a project here, or name its folder by --project-dir.',
  })
}
