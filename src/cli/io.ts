/** What a command may touch of the process: passed in, so that a test or another program can call it. */
import type { Prompts } from './prompts.ts'

export interface CliIo {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly stdout: Output
  readonly stderr: Output
  /** All of stdin, to its end. */
  readonly readStdin: () => Promise<string>
  readonly now: () => Date
  /** Aborted by Ctrl-C or a termination signal. */
  readonly signal: AbortSignal
  /** Absent where nobody can answer: no terminal, or CI. */
  readonly prompts?: Prompts
  /** Every text that goes out passes through: replaced once the secrets of the project are known. */
  mask: (text: string) => string
}

export interface Output {
  readonly write: (text: string) => void
  readonly isTerminal: boolean
  readonly columns: number
}

export type ExitCode = 0 | 1 | 2 | 130

/** How wide the terminal is; undefined where there is none, and lines are as long as they are. */
export function columnsOf(output: Output): number | undefined {
  return output.isTerminal ? output.columns : undefined
}
