/** What an option takes, told in help, in the reference and in the refusal of anything else. */
import { SqlflowError } from '../core/errors.ts'
import { didYouMean } from '../core/nearest-name.ts'
import type { OptionSpec } from './command.ts'

/** `how to print them: table, csv or json (default: table)`. */
export function describeOption({ description, choices, default: standard }: OptionSpec): string {
  return `${description}${choices ? `: ${oneOf(choices)}` : ''}${standard === undefined ? '' : ` (default: ${standard})`}`
}

/** Throws `bad-usage` for a value that is none of the option's choices. */
export function refuseOtherThan({ flags, choices }: OptionSpec, value: string): void {
  if (!choices || choices.includes(value)) return
  throw new SqlflowError('bad-usage', `\`${longName(flags)}\` takes ${oneOf(choices)}, not \`${value}\`.`, {
    hint: didYouMean(value, choices),
  })
}

/** `-t` and `--target` of `-t, --target <name>`. */
export function optionNames({ flags }: OptionSpec): readonly string[] {
  return flags.split(/[ ,]+/).filter((word) => word.startsWith('-'))
}

/** `--target` of `-t, --target <name>`. */
export function longName(flags: string): string {
  return /--[\w-]+/.exec(flags)?.[0] ?? flags
}

function oneOf(choices: readonly string[]): string {
  return `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`
}
