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

/** What the query uses, and its mistakes. */
export function linkQuery(
  project: Project,
  source: SqlSource,
  cache: ContentCache,
): { readonly uses: ResolvedUses; readonly diagnostics: readonly Diagnostic[] } {
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
  const before = known.length
  const uses = resolveTemplate(linking, source, { kind: 'export', name: '--inline' })
  return { uses, diagnostics: known.slice(before) }
}
