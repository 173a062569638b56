/**
 * What exports know a run by: the same for every attempt at the same work, so that rows are appended once. It stands beside the id of the run,
 * which is made anew each time, because relations, locks and sessions must never mix two attempts up.
 */
import { SqlflowError } from '../core/errors.ts'
import { textOption, type Options } from './command.ts'
import type { CliIo } from './io.ts'

/** `--run-id`, else SQLFLOW_RUN_ID, else the run of GitHub Actions, else `runId`. Throws SqlflowError `bad-usage`. */
export function chooseDeliveryId({ env }: Pick<CliIo, 'env'>, options: Options, runId: string): string {
  const flag = textOption(options, 'runId')
  if (flag !== undefined) return checked(flag, '`--run-id`')
  const given = env['SQLFLOW_RUN_ID'] ?? ''
  if (given !== '') return checked(given, 'SQLFLOW_RUN_ID')
  const ofGithub = env['GITHUB_RUN_ID'] ?? '' // the same when the run is run again; GITHUB_RUN_ATTEMPT is not
  return ofGithub === '' ? runId : checked(`github-${ofGithub}`, 'GITHUB_RUN_ID')
}

function checked(id: string, from: string): string {
  if (/^[\w.:-]{1,64}$/.test(id)) return id
  throw new SqlflowError('bad-usage', `${from} takes letters, digits and \`-_.:\`, at most 64 of them.`, {
    hint: 'For example: --run-id nightly-2026-11-03',
  })
}
