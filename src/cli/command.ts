/**
 * What a command is: one file in `commands/`, one line in its registry. A command's file is light; `run` imports what it needs, so that
 * `--help` and completion load nothing else.
 */
import type { CliIo, ExitCode } from './io.ts'

export interface CommandSpec {
  /** Of a command of a group two words: `sources pull`. */
  readonly name: string
  /** Under which title help lists it. */
  readonly group?: 'Begin' | 'Build' | 'Inspect' | 'Maintain'
  /** One line, as a verb phrase: `Build the selected nodes, test them, export the results`. */
  readonly summary: string
  /** What else one should know; paragraphs. */
  readonly description?: string
  readonly argument?: ArgumentSpec
  readonly secondArgument?: ArgumentSpec
  readonly options: readonly OptionSpec[]
  readonly examples: readonly Example[]
  /** What `--json` prints, for the reference; absent where the command takes none. */
  readonly json?: string
  /** Not listed in help. */
  readonly hidden?: boolean
  readonly run: (io: CliIo, input: CommandInput) => Promise<ExitCode>
}

/** Commands whose names begin with one word. */
export interface CommandGroup {
  readonly name: string
  readonly summary: string
  readonly group: NonNullable<CommandSpec['group']>
}

export interface ArgumentSpec {
  /** As help shows it: `[selectors...]`. */
  readonly usage: string
  readonly description: string
}

export type OptionGroup = 'Run' | 'Selection' | 'Project' | 'Output'

export interface OptionSpec {
  /** As commander reads it: `-t, --target <name>`. */
  readonly flags: string
  readonly description: string
  /** Under which title help lists it; `Options` where it is the command's own. */
  readonly group?: OptionGroup
  /** May be given more than once; the values add up. */
  readonly repeatable?: boolean
  readonly choices?: readonly string[]
  readonly default?: string
}

export interface Example {
  readonly command: string
  readonly explains: string
}

export interface CommandInput {
  readonly command: string
  readonly args: readonly string[]
  readonly options: Options
}

/** Options by camel-case name, as given. */
export type Options = Readonly<Record<string, unknown>>

export function textOption(options: Options, name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}

export function listOption(options: Options, name: string): readonly string[] {
  const value = options[name]
  return Array.isArray(value) ? value.map(String) : []
}

export function flagOption(options: Options, name: string): boolean {
  return options[name] === true
}
