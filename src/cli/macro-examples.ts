/** The examples of macros are compiled with every `build` and `test`: an example that does not compile is a mistake like any other. */
import type { Diagnostic } from '../core/diagnostic.ts'
import type { Compiler } from '../compile/compiler.ts'
import { linkQuery } from '../graph/link-query.ts'
import type { CommandInput } from './command.ts'
import type { CliIo } from './io.ts'
import { reportDiagnostics, type OpenedProject } from './open-project.ts'

export function reportExampleMistakes(
  io: CliIo,
  input: CommandInput,
  { project, cache, readText }: OpenedProject,
  compiler: Compiler,
): void {
  const diagnostics: Diagnostic[] = []
  for (const example of project.macros.flatMap((macro) => macro.examples)) {
    const linked = linkQuery(project, example, cache)
    diagnostics.push(...linked.diagnostics)
    if (linked.diagnostics.length > 0) continue
    const rendered = compiler.renderFragment(example)
    if (!rendered.ok) diagnostics.push(...rendered.diagnostics)
  }
  reportDiagnostics(io, input.options, diagnostics, readText)
}
