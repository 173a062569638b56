/** `seeds/**\/*.csv`: one table a file, named by it. Contents are read when they are loaded, not here. */
import type { Seed } from '../core/project.ts'
import { isEnabled, placeColumns, resolveBuildable, type BuildableFile } from './buildable-nodes.ts'
import { listOf } from './compact.ts'
import { describedBy, type Description } from './description.ts'
import { placeKeys } from './design.ts'
import { emptyDocument } from './document.ts'
import { stemOf } from './file-names.ts'
import type { LoadContext } from './load-context.ts'
import type { SeedConfig } from './schemas/nodes.ts'

/** `samples`: files that stand in for the tables of sources, and are no seeds. */
export function resolveSeeds(context: LoadContext, files: readonly string[], samples: ReadonlySet<string>): readonly Seed[] {
  return files
    .filter((file) => !samples.has(file))
    .flatMap((file) => {
      const seed = resolveSeed(context, file)
      return seed ? [seed] : []
    })
}

function resolveSeed(context: LoadContext, file: string): Seed | undefined {
  const name = stemOf(file)
  const entry = context.properties.seeds.get(name)
  const description: Description<SeedConfig> = describedBy(entry?.document ?? emptyDocument(file, {}))
  const place: BuildableFile = { name, file, folder: context.folderOf(file), describedIn: entry?.at.file }
  if (!isEnabled(context, 'seed', place, description)) return undefined
  const { value } = description
  const delimiter = value.delimiter ?? (file.toLowerCase().endsWith('.tsv') ? '\t' : ',')
  const parts = resolveBuildable(context, place, description)
  return {
    kind: 'seed',
    ...parts,
    columns: placeColumns(description, parts.columns),
    keyColumns: placeKeys(description, parts.design, parts.at),
    delimiter,
    nullValues: listOf(value.null_values),
  }
}
