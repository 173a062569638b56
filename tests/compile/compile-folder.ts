/** A project written for one test, loaded, linked and compiled as commands do, with a cache that can be kept for the next time. */
import type { ContentCache } from '../../src/core/content-cache.ts'
import { noCache } from '../../src/core/content-cache.ts'
import type { Diagnostic } from '../../src/core/diagnostic.ts'
import type { NodeId } from '../../src/core/node.ts'
import { positionAt, type Span } from '../../src/core/span.ts'
import { findCompilable } from '../../src/compile/compilable.ts'
import type { CompiledNode } from '../../src/compile/compiled-node.ts'
import { createCompiler } from '../../src/compile/compiler.ts'
import { postgresDialect } from '../../src/dialects/postgres.ts'
import { linkProject } from '../../src/graph/link-project.ts'
import { loadProject, type LoadProjectOptions } from '../../src/project/load-project.ts'
import { createTemporaryFolder } from '../support/databases.ts'
import { writeFiles, type FileContents } from '../project/load-folder.ts'

export interface CompiledFolder {
  /** The SQL of each node that has any. */
  readonly sql: Readonly<Record<string, string>>
  readonly nodes: ReadonlyMap<NodeId, CompiledNode>
  /** `code at file:line:column [text]: message`, and related places below. */
  readonly mistakes: readonly string[]
  readonly place: (at: Span) => string
}

export interface CompileFolderOptions extends Partial<Pick<LoadProjectOptions, 'target' | 'vars' | 'environment' | 'cache'>> {
  readonly startedAt?: string
}

/** A sqlflow.yml is added where `files` has none. Mistakes of loading and linking end it. */
export async function compileFolder(files: FileContents, options: CompileFolderOptions = {}): Promise<CompiledFolder> {
  const { startedAt = '2026-11-03T12:00:00Z', cache = noCache, environment = {}, ...others } = options
  await using folder = await createTemporaryFolder()
  writeFiles(folder.path, { 'sqlflow.yml': 'name: field\n', ...files })
  const loaded = await loadProject({ root: folder.path, environment, cache, ...others })
  const { project } = loaded
  if (!project) throw new Error('There is no project.')
  const linked = linkProject(project, cache)
  const place = ({ file, start, end }: Span): string => {
    const text = loaded.files.get(file) ?? ''
    const { line, column } = positionAt(text, start)
    return `${file}:${line}:${column} [${text.slice(start, end)}]`
  }
  const diagnostics: Diagnostic[] = [...loaded.diagnostics, ...linked.diagnostics]
  const nodes = new Map<NodeId, CompiledNode>()
  const run = { id: 'run-1', started_at: startedAt }
  const compiler = createCompiler({ project, linked, cache, dialect: postgresDialect, run })
  for (const id of diagnostics.length > 0 ? [] : linked.graph.order) {
    if (!findCompilable(linked, id)) continue
    const result = compiler.compile(id)
    if (result.ok) nodes.set(id, result.node)
    else diagnostics.push(...result.diagnostics)
  }
  const tell = ({ code, message, at, related = [] }: Diagnostic): readonly string[] => [
    `${code}${at ? ` at ${place(at)}` : ''}: ${message}`,
    ...related.map((one) => `  ${place(one.at)}: ${one.message}`),
  ]
  return {
    sql: Object.fromEntries([...nodes].map(([id, node]) => [id, node.sql()])),
    nodes,
    mistakes: diagnostics.flatMap(tell),
    place,
  }
}

export interface CountingCache extends ContentCache {
  /** Nodes whose SQL was rendered anew, since the last question. */
  readonly rendered: () => number
}

/** Keeps everything, as JSON, as the stored one does. */
export function countingCache(): CountingCache {
  const entries = new Map<string, string>()
  let count = 0
  return {
    get: (kind, key) => {
      const found = entries.get(`${kind}\t${key}`)
      return found === undefined ? undefined : JSON.parse(found)
    },
    set: (kind, key, value) => {
      entries.set(`${kind}\t${key}`, JSON.stringify(value))
      if (kind === 'compiled') count++
    },
    rendered: () => {
      const before = count
      count = 0
      return before
    },
  }
}
