/**
 * The facts of unchanged files, kept in one file under `.sqlflow/cache`: a line each (kind, key, JSON, separated by tabs), so that a
 * command parses only the facts that it asks for, and unchanged lines are written back as they are. Read at the first question, written only when
 * something changed. Whatever is wrong with that file (absent, cut off, another version's, not writable) costs time and nothing else.
 */
import { hash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ContentCache } from '../core/content-cache.ts'

export interface StoredContentCache extends ContentCache {
  /** Writes what changed. An entry that was not asked for since the cache was opened stays while there is room. */
  readonly save: () => void
}

/**
 * The kind of the facts that every load asks for, all of them (`load-files.ts`): an entry that was not asked for belongs to a file
 * that is gone. Of other kinds, the entries used last are kept.
 */
export const documentFacts = 'document'
const entriesKept = 30_000

/** By kind and key, separated by a tab: the line's JSON. */
type Lines = Map<string, string>

/** `version` is the tool's: entries of another version are discarded. */
export function openContentCache(root: string, version: string): StoredContentCache {
  const path = join(root, '.sqlflow', 'cache', 'facts.jsonl')
  const header = JSON.stringify({ format: 'sqlflow-facts-1', version })
  let stored: Lines | undefined
  const used = new Set<string>()
  const fresh: Lines = new Map()
  const load = (): Lines => (stored ??= readLines(path, header))

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows what it put under the kind
  function get<T>(kind: string, key: string): T | undefined {
    const id = `${kind}\t${key}`
    const json = fresh.get(id) ?? load().get(id)
    if (json === undefined) return undefined
    used.add(id)
    return parseLine(json) as T | undefined
  }

  function set(kind: string, key: string, value: unknown): void {
    fresh.set(`${kind}\t${key}`, JSON.stringify(value))
  }

  function save(): void {
    const kept = keepLines(load(), used, fresh)
    if (fresh.size === 0 && kept.size === load().size) return
    writeLines(path, header, kept)
    stored = kept
    fresh.clear()
  }

  return { get, set, save }
}

/** A key for `ContentCache`: 16 bytes of SHA-256, URL-safe. */
export function contentKey(...parts: readonly string[]): string {
  return hash('sha256', parts.join('\0'), 'base64url').slice(0, 22)
}

/** Lines used last stand last, and the first ones go when there are too many. */
function keepLines(stored: Lines, used: ReadonlySet<string>, fresh: Lines): Lines {
  const ofDocuments = `${documentFacts}\t`
  const isDocument = (id: string): boolean => id.startsWith(ofDocuments)
  const wholeDocuments = [...used, ...fresh.keys()].some(isDocument)
  const unused = [...stored].filter(([id]) => !used.has(id) && !fresh.has(id) && !(wholeDocuments && isDocument(id)))
  const current = [...stored].filter(([id]) => used.has(id) && !fresh.has(id))
  const room = Math.max(0, entriesKept - current.length - fresh.size)
  return new Map([...(room === 0 ? [] : unused.slice(-room)), ...current, ...fresh])
}

function readLines(path: string, header: string): Lines {
  const lines: Lines = new Map()
  const text = readText(path)
  if (!text.startsWith(`${header}\n`)) return lines
  for (let start = header.length + 1; start < text.length;) {
    const end = text.indexOf('\n', start)
    if (end === -1) break
    const key = text.indexOf('\t', text.indexOf('\t', start) + 1)
    if (key !== -1 && key < end) lines.set(text.slice(start, key), text.slice(key + 1, end))
    start = end + 1
  }
  return lines
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function parseLine(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function writeLines(path: string, header: string, lines: Lines): void {
  const aside = `${path}.${process.pid}`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(aside, `${header}\n${[...lines].map(([id, json]) => `${id}\t${json}\n`).join('')}`)
    renameSync(aside, path)
  } catch {
    removeQuietly(aside)
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // A folder that cannot be written to holds nothing to remove.
  }
}
