/** Before anything is locked or built: what a run reads of sources is there, may be read, and has the columns that are declared. */
import { DiagnosticsError, type ReadText } from '../core/errors.ts'
import { hasErrors } from '../core/diagnostic.ts'
import type { Project, SourceTable } from '../core/project.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Emitter } from './emitter.ts'
import { judgeSources, type JudgedSources, type SheetReading } from './judge-sources.ts'
import type { WithSession } from './run-sessions.ts'

export interface CheckSourcesOptions {
  readonly sources: readonly SourceTable[]
  readonly project: Project
  readonly dialect: Dialect
  readonly withSession: WithSession
  readonly readText: ReadText
  readonly emitter: Pick<Emitter, 'emit'>
  readonly columns: 'compared' | 'ignored'
  readonly sheets: SheetReading
}

/** Sources that are to be loaded: by their samples, by the sheets that they are. */
export type SourcesToLoad = Pick<JudgedSources, 'samples' | 'sheets'>

/** One round trip, none without sources. Warnings are emitted. Throws DiagnosticsError with all that is wrong. */
export async function checkSources(options: CheckSourcesOptions): Promise<SourcesToLoad> {
  const { sources, withSession, emitter, readText } = options
  if (sources.length === 0) return { samples: [], sheets: [] }
  const relations = sources.map(({ relation }) => relation)
  const catalog = await withSession((session) => session.catalog.sources(relations))
  const { diagnostics, ...toLoad } = judgeSources(sources, catalog, options)
  if (hasErrors(diagnostics)) throw new DiagnosticsError(diagnostics, readText)
  for (const diagnostic of diagnostics) emitter.emit({ type: 'warning', diagnostic })
  return toLoad
}
