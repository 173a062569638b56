/** A macro, or an argument of one, cannot have the name of a built-in word: the template would never reach it. */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { Macro } from '../core/project.ts'
import { builtInWords } from '../template/built-in-words.ts'

export function checkMacroNames(macros: readonly Macro[]): readonly Diagnostic[] {
  return macros.flatMap(({ name, at, args }) => [
    ...(builtInWords.has(name)
      ? [
          errorDiagnostic('reserved-name', `A macro cannot be named \`${name}\`: that is a built-in word of templates.`, {
            at,
            hint: 'Rename its file.',
          }),
        ]
      : []),
    ...args
      .filter((arg) => builtInWords.has(arg.name))
      .map((arg) =>
        errorDiagnostic(
          'reserved-name',
          `The macro \`${name}\` cannot have an argument named \`${arg.name}\`: that is a built-in word of templates.`,
          {
            at,
            hint: 'Give the argument another name.',
          },
        ),
      ),
  ])
}
