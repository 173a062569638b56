/**
 * What only rendering can tell (a model of two statements, a name that no item of a loop has), of a project that cannot run because of other
 * mistakes: so that one report holds all of them. What has a mistake in its own templates is left alone, for one mistake there leads to others.
 */
import { noCache } from '../core/content-cache.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import type { Project } from '../core/project.ts'
import { dialectOf } from '../dialects/dialect-of.ts'
import type { LinkedProject } from '../graph/link-project.ts'
import { ephemeralsUnder, findCompilable, type Compilable } from './compilable.ts'
import { createCompiler } from './compiler.ts'

/** Of files whose SQL is not there, or is not what the author sees. */
const blankCodes: ReadonlySet<string> = new Set(['empty-sql', 'unreadable-file', 'not-utf8', 'nul-character', 'front-matter-not-closed'])

/** `known`: what loading and linking found. */
export function findRenderingMistakes(project: Project, linked: LinkedProject, known: readonly Diagnostic[]): readonly Diagnostic[] {
  const broken = filesOf(linked.diagnostics)
  const brokenMacros = filesOf(known)
  const blank = filesOf(known.filter(({ code }) => blankCodes.has(code)))
  const isSound = ({ source, uses }: Compilable): boolean =>
    !broken.has(source.file) &&
    !blank.has(source.file) &&
    uses.macros.every((name) => !brokenMacros.has(linked.macros.get(name)?.file ?? ''))
  const compiler = createCompiler({ project, linked, cache: noCache, dialect: dialectOf(project.target), run: { id: '', started_at: '' } })
  return linked.graph.order.flatMap((id): readonly Diagnostic[] => {
    const one = findCompilable(linked, id)
    if (!one || !isSound(one)) return []
    if (!ephemeralsUnder(linked, one.uses).every(isSound)) return []
    const result = compiler.compile(id)
    return result.ok ? [] : result.diagnostics
  })
}

function filesOf(diagnostics: readonly Diagnostic[]): ReadonlySet<string> {
  return new Set(diagnostics.flatMap(({ severity, at }) => (severity === 'error' && at ? [at.file] : [])))
}
