/** What to say about a word in a template that is neither built in, nor a macro, nor an argument. Runs for mistakes alone. */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { Project } from '../core/project.ts'
import type { Span } from '../core/span.ts'
import { builtInWords } from '../template/built-in-words.ts'
import type { ProjectNames } from './project-names.ts'
import type { Suggest } from './suggest.ts'

interface Known {
  readonly project: Project
  readonly names: ProjectNames
  readonly suggest: Suggest
}

/** `locals` are the names that this template has beside the built-in ones. */
export function describeName(known: Known, name: string, at: Span, locals: readonly string[]): Diagnostic {
  const hint = spelling(known, name) ?? known.suggest(name, () => [...locals, ...builtInWords, ...known.names.macros.keys()])
  return errorDiagnostic('unknown-name', `\`${name}\` is neither a built-in word nor a macro.`, { at, hint })
}

/** A name that exists, called without the word that reads it. */
function spelling({ project, names }: Known, name: string): string | undefined {
  if (Object.hasOwn(project.vars, name)) return `It is a variable: write {{var '${name}'}}.`
  if (names.refs.has(name)) return `It is a ${names.refs.get(name)!.startsWith('seed:') ? 'seed' : 'model'}: write {{ref '${name}'}}.`
  if (Object.hasOwn(project.env, name)) return `It is an environment variable: write {{env '${name}'}}.`
  const { dialect } = project.macros.find((one) => one.name === name) ?? {}
  return dialect === undefined ? undefined : `It is a macro for ${dialect} alone: write macros/${name}.sql for the others.`
}
