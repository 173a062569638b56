/**
 * Tells of a run where nobody watches it: the page of a job of GitHub Actions, and a webhook when it failed. It goes last, and whatever becomes of
 * it changes nothing of the run, its output or its exit code.
 */
import { appendFile } from 'node:fs/promises'
import { warningDiagnostic } from '../core/diagnostic.ts'
import type { CommandInput } from './command.ts'
import type { CliIo, ExitCode } from './io.ts'
import { reportDiagnostics } from './open-project.ts'
import { postText, renderFailureLine } from './reporters/failure-webhook.ts'
import { renderJobSummary } from './reporters/job-summary.ts'
import { createStoryTeller, type RunStory, type StoryTeller } from './reporters/run-story.ts'

export async function tellOutside(
  io: CliIo,
  input: CommandInput,
  run: (follow: StoryTeller['follow']) => Promise<ExitCode>,
): Promise<ExitCode> {
  const teller = createStoryTeller(input.command, io.signal)
  try {
    return await run(teller.follow)
  } catch (error) {
    teller.stop(error)
    throw error
  } finally {
    const story = teller.story()
    await appendSummary(io, input, story)
    await postFailure(io, input, story)
  }
}

async function appendSummary(io: CliIo, input: CommandInput, story: RunStory): Promise<void> {
  const path = io.env['GITHUB_STEP_SUMMARY'] ?? ''
  if (path === '') return
  try {
    await appendFile(path, io.mask(renderJobSummary(story)))
  } catch {
    warn(io, input, 'summary-not-written', 'The summary of the job could not be written to the file that GITHUB_STEP_SUMMARY names.')
  }
}

async function postFailure(io: CliIo, input: CommandInput, story: RunStory): Promise<void> {
  const url = io.env['SQLFLOW_FAILURE_WEBHOOK'] ?? ''
  const text = url === '' ? undefined : renderFailureLine(story, githubRun(io.env))
  if (text === undefined) return
  const problem =
    /^https?:\/\//i.test(url) && URL.canParse(url)
      ? await postText({ url, text: io.mask(text), timeout: 10_000, pause: 1000 })
      : 'its address does not begin with https://'
  if (problem !== undefined) warn(io, input, 'webhook-failed', `SQLFLOW_FAILURE_WEBHOOK could not be told of the failure: ${problem}.`)
}

function githubRun(env: CliIo['env']): string | undefined {
  const [server, repository, run] = ['GITHUB_SERVER_URL', 'GITHUB_REPOSITORY', 'GITHUB_RUN_ID'].map((name) => env[name] ?? '')
  return server === '' || repository === '' || run === '' ? undefined : `${server}/${repository}/actions/runs/${run}`
}

function warn(io: CliIo, { options }: CommandInput, code: string, message: string): void {
  reportDiagnostics(io, options, [warningDiagnostic(code, message)], () => undefined)
}
