/**
 * Compiled SQL as files under `target/<target>/compiled/`, laid out as the project is. A file that already holds what it should (by the size
 * and time it was written with, kept in the cache) is not written again.
 */
import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ContentCache } from '../core/content-cache.ts'
import type { GraphNode } from '../graph/graph.ts'
import type { CompiledNode } from './compiled-node.ts'

export interface CompiledFiles {
  /** Relative to the root. */
  readonly folder: string
  /** Returns the path of the file, relative to the root. */
  readonly write: (node: GraphNode, compiled: CompiledNode) => string
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
  const made = new Set<string>()
  const written = new Set<string>()
  return {
    folder,
    write: (node, compiled) => {
      const path = `${folder}/${compiledName(node)}`
      const absolute = `${root}/${path}`
      written.add(path)
      const before = cache.get<WrittenFile>('compiled-file', path)
      if (before?.hash === compiled.hash && isUntouched(absolute, before)) return path
      makeFolder(dirname(absolute), made)
      writeFileSync(absolute, `${compiled.sql()}\n`)
      const { size, mtimeMs } = statSync(absolute)
      cache.set('compiled-file', path, { hash: compiled.hash, size, mtimeMs } satisfies WrittenFile)
      return path
    },
    removeOthers: () => {
      if (existsSync(join(root, folder))) removeAllBut(written, root, folder)
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
function compiledName(node: GraphNode): string {
  if (node.kind === 'model') return node.model.file
  if (node.kind === 'export') return node.export.file.replace(/\.ya?ml$/, '.sql')
  if (node.kind === 'test') return node.test === 'singular' ? node.definition.file : `tests/${node.name}.sql`
  throw new Error(`${node.id} has no SQL.`)
}

function isUntouched(path: string, before: WrittenFile): boolean {
  const now = statSync(path, { throwIfNoEntry: false })
  return now !== undefined && now.size === before.size && now.mtimeMs === before.mtimeMs
}

function makeFolder(path: string, made: Set<string>): void {
  if (made.has(path)) return
  mkdirSync(path, { recursive: true })
  made.add(path)
}
