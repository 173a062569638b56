/** A query of the command line, linked as an export's would be. */
import type { ContentCache } from '../core/content-cache.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import type { Project } from '../core/project.ts'
import type { SqlSource } from '../core/span.ts'
import { indexNames } from './project-names.ts'
import { resolveMacroUses, resolveTemplate, type Linking } from './resolve-template.ts'
import type { ResolvedUses } from './resolved-uses.ts'
import { suggestFirst } from './suggest.ts'
import { templateReader } from './template-reader.ts'

export interface LinkedQuery {
  readonly uses: ResolvedUses
  readonly diagnostics: readonly Diagnostic[]
}

/** What the query uses, and its mistakes. */
export function linkQuery(project: Project, source: SqlSource, cache: ContentCache): LinkedQuery {
  return createQueryLinker(project, cache)(source)
}

/** Links one query after the other, over names that are indexed once. `macro`: whose example it is, and so stands for a place in a model. */
export function createQueryLinker(project: Project, cache: ContentCache): (source: SqlSource, macro?: string) => LinkedQuery {
  const known: Diagnostic[] = []
  const linking: Linking = {
    project,
    names: indexNames(project),
    reader: templateReader(cache, known),
    suggest: suggestFirst(20),
    diagnostics: known,
    macroUses: new Map(),
  }
  for (const macro of linking.names.macros.values()) resolveMacroUses(linking, macro)
  return (source, macro) => {
    const before = known.length
    const uses = resolveTemplate(
      linking,
      source,
      macro === undefined ? { kind: 'export', name: '--inline' } : { kind: 'macro', name: macro },
    )
    return { uses, diagnostics: known.slice(before) }
  }
}
