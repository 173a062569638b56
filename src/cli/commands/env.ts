import { type CommandSpec } from '../command.ts'
import { outputOptions, projectOptions } from '../shared-options.ts'

export const envCommand: CommandSpec = {
  name: 'env',
  group: 'Maintain',
  summary: 'List the environment variables that the project reads',
  description:
    'Name, where declared, whether set and from where. Values are never shown. Exits 2 when one that the target needs is missing.',
  options: [...projectOptions, ...outputOptions],
  examples: [
    { command: 'sqlflow env', explains: 'what to put in .env' },
    { command: 'sqlflow env --target prod', explains: 'what production needs' },
  ],
  json: 'One variable a line: `{ name, secret, targets?, description?, declaredAt, isSet, from?, needed }`, `from` being `environment`, `.env` or `default`.',
  run: async (io, input) => (await import('../env-action.ts')).showEnvironment(io, input),
}
