/** The examples of macros are compiled with every `build` and `test`: an example that does not compile is a mistake like any other. */
import type { Diagnostic } from '../core/diagnostic.ts'
import type { Compiler } from '../compile/compiler.ts'
import { createQueryLinker } from '../graph/link-query.ts'
import type { CommandInput } from './command.ts'
import type { CliIo } from './io.ts'
import { reportDiagnostics, type OpenedProject } from './open-project.ts'

export function reportExampleMistakes(
  io: CliIo,
  input: CommandInput,
  { project, cache, readText }: OpenedProject,
  compiler: Compiler,
): void {
  const examples = project.macros.flatMap((macro) => macro.examples.map((example) => ({ macro: macro.name, example })))
  if (examples.length === 0) return
  const diagnostics: Diagnostic[] = []
  const link = createQueryLinker(project, cache)
  for (const { macro, example } of examples) {
    const { uses, diagnostics: mistakes } = link(example, macro)
    diagnostics.push(...mistakes)
    if (mistakes.length > 0 || uses.usesSelf || uses.usesIncremental) continue // what only a model has
    const rendered = compiler.renderFragment(example)
    if (!rendered.ok) diagnostics.push(...rendered.diagnostics)
  }
  reportDiagnostics(io, input.options, diagnostics, readText)
}
