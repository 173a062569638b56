/**
 * The facts of unchanged files, kept in one file under `.sqlflow/cache`: a line each (kind, key, JSON, separated by tabs), so that a
 * command parses only the facts that it asks for. Read at the first question. New facts are appended, a later line counting for more than an
 * earlier one; when most lines are of no use any more, the file is written anew. Whatever is wrong with it (absent, cut off, another version's,
 * not writable) costs time and nothing else.
 */
import { hash } from 'node:crypto'
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ContentCache } from '../core/content-cache.ts'

export interface StoredContentCache extends ContentCache {
  /** Writes what is new. An entry that was not asked for since the cache was opened stays while there is room. */
  readonly save: () => void
}

/**
 * The kind of the facts that every load asks for, all of them (`load-files.ts`): an entry that was not asked for belongs to a file
 * that is gone. Of other kinds, the entries used last are kept.
 */
export const documentFacts = 'document'
const spareLines = 30_000

/** By kind and key, separated by a tab: the line's JSON. */
type Lines = Map<string, string>

interface Stored {
  readonly lines: Lines
  /** Lines in the file, those that a later one replaces among them; undefined where the file is of no use. */
  count: number | undefined
}

/** `version` is the tool's: entries of another version are discarded. */
export function openContentCache(root: string, version: string): StoredContentCache {
  const path = join(root, '.sqlflow', 'cache', 'facts.jsonl')
  const header = JSON.stringify({ format: 'sqlflow-facts-1', version })
  let stored: Stored | undefined
  const used = new Set<string>()
  const fresh: Lines = new Map()
  const load = (): Stored => (stored ??= readStored(path, header))

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows what it put under the kind
  function get<T>(kind: string, key: string): T | undefined {
    const id = `${kind}\t${key}`
    const json = load().lines.get(id)
    if (json === undefined) return undefined
    used.add(id)
    return parseLine(json) as T | undefined
  }

  function set(kind: string, key: string, value: unknown): void {
    const id = `${kind}\t${key}`
    const json = JSON.stringify(value)
    load().lines.set(id, json)
    used.add(id)
    fresh.set(id, json)
  }

  function save(): void {
    const { lines, count } = load()
    const needed = 4 * used.size + spareLines
    if (count === undefined || count + fresh.size > needed) {
      if (used.size > 0) stored = rewrite(path, header, keepLines(lines, used))
    } else if (fresh.size > 0) {
      append(path, fresh)
      load().count = count + fresh.size
    }
    fresh.clear()
  }

  return { get, set, save }
}

/** A key for `ContentCache`: 16 bytes of SHA-256, URL-safe. */
export function contentKey(...parts: readonly string[]): string {
  return hash('sha256', parts.join('\0'), 'base64url').slice(0, 22)
}

/** Lines used last stand last, and the first ones go when there are too many. */
function keepLines(lines: Lines, used: ReadonlySet<string>): Lines {
  const ofDocuments = `${documentFacts}\t`
  const isDocument = (id: string): boolean => id.startsWith(ofDocuments)
  const wholeDocuments = [...used].some(isDocument)
  const unused = [...lines].filter(([id]) => !used.has(id) && !(wholeDocuments && isDocument(id)))
  const current = [...lines].filter(([id]) => used.has(id))
  const room = Math.max(current.length, spareLines)
  return new Map([...unused.slice(-room), ...current])
}

function readStored(path: string, header: string): Stored {
  const lines: Lines = new Map()
  const text = readText(path)
  if (!text.startsWith(`${header}\n`)) return { lines, count: undefined }
  let count = 0
  for (let start = header.length + 1; start < text.length; count++) {
    const end = text.indexOf('\n', start)
    if (end === -1) break
    const key = text.indexOf('\t', text.indexOf('\t', start) + 1)
    if (key !== -1 && key < end) lines.set(text.slice(start, key), text.slice(key + 1, end))
    start = end + 1
  }
  return { lines, count }
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

function toText(lines: Lines): string {
  let text = ''
  for (const [id, json] of lines) text += `${id}\t${json}\n`
  return text
}

/** In one write. It begins with a line's end, because what a crash cut off may stand before it. */
function append(path: string, lines: Lines): void {
  try {
    appendFileSync(path, `\n${toText(lines)}`)
  } catch {
    // Nothing is kept in a folder that cannot be written to.
  }
}

/** Written aside and renamed. */
function rewrite(path: string, header: string, lines: Lines): Stored {
  const aside = `${path}.${process.pid}`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(aside, `${header}\n${toText(lines)}`)
    renameSync(aside, path)
    return { lines, count: lines.size }
  } catch {
    removeQuietly(aside)
    return { lines, count: undefined }
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // A folder that cannot be written to holds nothing to remove.
  }
}
