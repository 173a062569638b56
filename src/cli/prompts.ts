/** Questions in a terminal: the one door to the library that draws them, imported when the first is asked. */
import type { CliIo } from './io.ts'

export interface Choice<T extends string> {
  readonly value: T
  readonly label: string
  readonly hint?: string
}

/** Each resolves to undefined when the person gives up (Ctrl-C, Escape). */
export interface Prompts {
  readonly confirm: (message: string) => Promise<boolean | undefined>
  readonly choose: <T extends string>(message: string, choices: readonly Choice<T>[]) => Promise<T | undefined>
  /** `suggested` stands there already, to be taken or changed. */
  readonly text: (message: string, suggested?: string) => Promise<string | undefined>
  /** What is typed is not shown. */
  readonly secret: (message: string) => Promise<string | undefined>
}

/** They are drawn on stderr, so that stdout holds results alone. */
export function terminalPrompts(signal: CliIo['signal']): Prompts {
  const common = { output: process.stderr, signal }
  return {
    confirm: async (message) => {
      const { confirm, isCancel } = await import('@clack/prompts')
      const answer = await confirm({ ...common, message, initialValue: false })
      return isCancel(answer) ? undefined : answer
    },
    choose: async <T extends string>(message: string, choices: readonly Choice<T>[]) => {
      const { isCancel, select } = await import('@clack/prompts')
      const options = choices.map(({ value, label, hint }) => ({ value: value as string, label, ...(hint !== undefined && { hint }) }))
      const answer = await select({ ...common, message, options })
      return isCancel(answer) ? undefined : choices.find(({ value }) => value === answer)?.value
    },
    text: async (message, suggested) => {
      const { isCancel, text } = await import('@clack/prompts')
      const answer = await text({ ...common, message, ...(suggested !== undefined && { initialValue: suggested }) })
      return isCancel(answer) ? undefined : answer
    },
    secret: async (message) => {
      const { isCancel, password } = await import('@clack/prompts')
      const answer = await password({ ...common, message, mask: '•' })
      return isCancel(answer) ? undefined : answer
    },
  }
}
