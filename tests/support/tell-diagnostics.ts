/** Diagnostics as text to compare whole: severity, code, place, message, hint, related places. */
import type { Diagnostic } from '../../src/core/diagnostic.ts'
import type { Project } from '../../src/core/project.ts'
import type { Span, SqlSource } from '../../src/core/span.ts'

/** `project` gives the text at places in files of SQL; elsewhere the offset stands for it. */
export function tellDiagnostics(diagnostics: readonly Diagnostic[], project: Project): string {
  const texts = textsOf(project)
  const where = (at: Span): string => `${at.file} ${tellText(texts.get(at.file), at)}`
  return diagnostics
    .flatMap(({ severity, code, message, at, hint, related = [] }) => [
      `${severity} ${code}${at ? ` at ${where(at)}` : ''}`,
      `  ${message}`,
      ...(hint === undefined ? [] : [`  hint: ${hint}`]),
      ...related.map((one) => `  ${where(one.at)}: ${one.message}`),
    ])
    .join('\n')
}

function tellText(text: string | undefined, { start, end }: Span): string {
  return text === undefined || start === end ? `(${start})` : `[${text.slice(start, end)}]`
}

function textsOf({ models, macros, singularTests, genericTests }: Project): ReadonlyMap<string, string> {
  const sources: readonly SqlSource[] = [...models, ...macros, ...singularTests, ...genericTests].map(({ sql }) => sql)
  return new Map(sources.map(({ file, text }) => [file, text]))
}
