/** `sqlflow env`: the environment that the project reads, without a single value. */
import type { Diagnostic } from '../core/diagnostic.ts'
import { SqlflowError } from '../core/errors.ts'
import { listEnvVariables } from '../project/environment.ts'
import { projectFile } from '../project/find-project.ts'
import { flagOption, type CommandInput } from './command.ts'
import type { CliIo, ExitCode } from './io.ts'
import { commandStyle, loadOnly, reportDiagnostics } from './open-project.ts'
import { placeLabel } from './render-diagnostic.ts'
import { renderTextTable } from './text-table.ts'

export async function showEnvironment(io: CliIo, input: CommandInput): Promise<ExitCode> {
  const { loaded, readText } = await loadOnly(io, input)
  const { project } = loaded
  reportDiagnostics(io, input.options, loaded.diagnostics.filter(isOfConfiguration), readText)
  if (!project) throw new SqlflowError('no-project', 'The project could not be loaded.')
  const listed = listEnvVariables(project)
  const missing = listed.filter((one) => one.needed && !one.isSet)
  if (flagOption(input.options, 'json')) {
    for (const one of listed) io.stdout.write(`${JSON.stringify({ ...one, declaredAt: placeLabel(one.declaredAt, readText) })}\n`)
  } else if (listed.length === 0) {
    io.stdout.write('The project declares no environment variables: `env:` in sqlflow.yml is where they go.\n')
  } else {
    const style = commandStyle(io, input.options).out
    io.stdout.write(
      `${renderTextTable({
        columns: ['name', 'state', 'secret', 'targets', 'declared'],
        rows: listed.map((one) => [
          one.name,
          one.isSet ? `set (${one.from ?? 'environment'})` : one.needed ? 'missing' : 'not set',
          one.secret ? 'secret' : '',
          one.targets?.join(' ') ?? 'all',
          placeLabel(one.declaredAt, readText),
        ]),
        head: (text) => style('dim', text),
      })}\n`,
    )
  }
  return missing.length > 0 ? 2 : 0
}

/** What is missing is what the command lists, and what is wrong elsewhere does not concern it. */
function isOfConfiguration({ severity, code, at }: Diagnostic): boolean {
  return severity === 'error' && code !== 'missing-env' && (at === undefined || at.file === projectFile)
}
