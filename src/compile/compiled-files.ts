/**
 * Compiled SQL as files under `target/<target>/compiled/`, laid out as the project is. A file that already holds what it should (by the size
 * and time it was written with, kept in the cache) is not written again.
 */
import { existsSync, lstatSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ContentCache } from '../core/content-cache.ts'
import type { GraphNode } from '../graph/graph.ts'
import { createBackgroundWriter } from './background-writer.ts'
import type { CompiledNode } from './compiled-node.ts'
import { writeFiles, type FileOnDisk, type FileToWrite } from './write-files.ts'

export interface CompiledFiles {
  /** Relative to the root. */
  readonly folder: string
  /** Returns the path of the file, relative to the root. */
  readonly write: (node: GraphNode, compiled: Pick<CompiledNode, 'hash' | 'sql'>) => string
  /** For many: they are on the disk when `finish` resolves. */
  readonly writeLater: (node: GraphNode, compiled: CompiledNode) => void
  readonly finish: () => Promise<void>
  /** Removes what this command did not write: files of nodes that are gone. Only after writing all nodes. */
  readonly removeOthers: () => void
}

interface WrittenFile {
  readonly hash: string
  readonly size: number
  readonly mtimeMs: number
}

export function compiledFilesOf(root: string, target: string, cache: ContentCache): CompiledFiles {
  const folder = `target/${target}/compiled`
  const kept = new Set<string>()
  const made = new Set<string>()
  const later = createBackgroundWriter()
  const hashes = new Map<string, string>()
  const remember = ({ path, size, mtimeMs }: FileOnDisk, hash: string): void =>
    cache.set('compiled-file', path.slice(root.length + 1), { hash, size, mtimeMs } satisfies WrittenFile)

  /** What has to be written; undefined where it stands there. */
  const find = (node: GraphNode, compiled: Pick<CompiledNode, 'hash' | 'sql'>): { readonly path: string; readonly file?: FileToWrite } => {
    const path = `${folder}/${compiledName(node)}`
    const absolute = `${root}/${path}`
    kept.add(path)
    const before = cache.get<WrittenFile>('compiled-file', path)
    if (before?.hash === compiled.hash && isUntouched(absolute, before)) return { path }
    return { path, file: { path: absolute, text: `${compiled.sql()}\n` } }
  }
  return {
    folder,
    write: (node, compiled) => {
      const { path, file } = find(node, compiled)
      if (file) for (const one of writeFiles([file], made)) remember(one, compiled.hash)
      return path
    },
    writeLater: (node, compiled) => {
      const { file } = find(node, compiled)
      if (!file) return
      hashes.set(file.path, compiled.hash)
      later.write(file)
    },
    finish: async () => {
      for (const one of await later.finish()) remember(one, hashes.get(one.path)!)
    },
    removeOthers: () => {
      if (existsSync(join(root, folder))) removeAllBut(kept, root, folder)
    },
  }
}

/** Names alone are read: there is a file for every node. */
function removeAllBut(kept: ReadonlySet<string>, root: string, folder: string): void {
  for (const name of readdirSync(join(root, folder))) {
    const path = `${folder}/${name}`
    if (kept.has(path)) continue
    const stats = lstatSync(join(root, path))
    if (stats.isDirectory()) removeAllBut(kept, root, path)
    else if (stats.isFile()) rmSync(join(root, path))
  }
}

/** `models/marts/turf_list.sql`; SQL out of YAML stands beside it as `.sql`. */
export function compiledName(node: GraphNode): string {
  if (node.kind === 'model') return node.model.file
  if (node.kind === 'export') return node.export.file.replace(/\.ya?ml$/, '.sql')
  if (node.kind === 'test') return node.test === 'singular' ? node.definition.file : `tests/${node.name}.sql`
  throw new Error(`${node.id} has no SQL.`)
}

function isUntouched(path: string, before: WrittenFile): boolean {
  const now = statSync(path, { throwIfNoEntry: false })
  return now !== undefined && now.size === before.size && now.mtimeMs === before.mtimeMs
}
