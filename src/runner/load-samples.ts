/**
 * Loads the samples that stand in for the tables of sources, through the machinery of seeds. Each is stamped as ours and says in its comment
 * what it was made from, so that the same sample is not loaded twice, and a table of somebody else's is never touched.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { DiagnosticsError, SqlflowError } from '../core/errors.ts'
import { nodeId } from '../core/node.ts'
import type { SourceTable } from '../core/project.ts'
import { relationKey, relationLabel } from '../core/relation.ts'
import { stampedComment } from '../materializations/aside-names.ts'
import type { SeedFile } from '../materializations/seed-inspect.ts'
import { loadCsv } from './load-csv.ts'
import type { BuildContext, RunContext } from './run-context.ts'

export type SampleContext = BuildContext & Pick<RunContext, 'root' | 'withSession' | 'readText' | 'now'>

/** `context.catalog` holds the schemas of all `samples`. Throws DiagnosticsError with what is wrong with any of them. */
export async function loadSamples(context: SampleContext, samples: readonly SourceTable[]): Promise<void> {
  const mistakes: Diagnostic[] = []
  for (const source of samples) mistakes.push(...(await loadSample(context, source)))
  if (mistakes.length > 0) throw new DiagnosticsError(mistakes, context.readText)
}

async function loadSample(context: SampleContext, source: SourceTable): Promise<readonly Diagnostic[]> {
  const { relation, columns } = source
  const file = source.sample ?? ''
  const node = nodeId('source', source.name)
  const description = await describeSample(context, source, file)
  const existing = context.catalog.relations.get(relationKey(relation))
  if (existing?.comment === stampedComment(description, { project: context.project.name, node })) return []
  const started = context.now().getTime()
  try {
    const loaded = await loadCsv(context, sampleFile(source, file), { node, relation, columns, description })
    if (!loaded.ok) return loaded.diagnostics
    context.emitter.emit({
      type: 'sample-loaded',
      source: node,
      where: relationLabel(relation),
      file,
      rows: loaded.applied.rows ?? 0,
      ms: context.now().getTime() - started,
    })
    return []
  } catch (error) {
    if (!(error instanceof SqlflowError) || context.signal.aborted) throw error
    return [
      errorDiagnostic('sample-not-loaded', `The sample of \`${source.name}\` could not be loaded: ${error.message}`, {
        at: source.at,
        hint: error.hint,
      }),
    ]
  }
}

function sampleFile({ columns }: SourceTable, file: string): SeedFile {
  return { file, columns, delimiter: file.toLowerCase().endsWith('.tsv') ? '\t' : ',', nullValues: [] }
}

/** All that decides what the sample is: the bytes of its file, and the types and descriptions of its columns. */
async function describeSample({ root }: SampleContext, { columns }: SourceTable, file: string): Promise<string> {
  const digest = createHash('sha256')
    .update(await readFile(join(root, file)).catch(() => '')) // what cannot be read is told by the inspection
    .update(JSON.stringify(columns.map(({ name, type, description }) => [name, type, description])))
    .digest('hex')
  return `Sample ${file}, ${digest.slice(0, 16)}.`
}
