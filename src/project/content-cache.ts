/**
 * The facts of unchanged files, kept in one JSON file under `.sqlflow/cache`, read at the first question and written only
 * when something changed. Whatever is wrong with that file (absent, cut off, another version's, not writable) costs time and nothing else.
 */
import { hash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ContentCache } from '../core/content-cache.ts'

type Entries = Map<string, Map<string, unknown>>

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

/** `version` is the tool's: entries of another version are discarded. */
export function openContentCache(root: string, version: string): StoredContentCache {
  const path = join(root, '.sqlflow', 'cache', 'facts.json')
  let stored: Entries | undefined
  const used: Entries = new Map()
  let changed = false
  const load = (): Entries => (stored ??= readEntries(path, version))

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows what it put under the kind
  function get<T>(kind: string, key: string): T | undefined {
    const value = used.get(kind)?.get(key) ?? load().get(kind)?.get(key)
    if (value !== undefined) put(used, kind, key, value)
    return value as T | undefined
  }

  function set(kind: string, key: string, value: unknown): void {
    changed = true
    put(used, kind, key, value)
  }

  function save(): void {
    const entries = keep(load(), used)
    if (!changed && countEntries(entries) === countEntries(load())) return
    writeEntries(path, version, entries)
    changed = false
    stored = entries
  }

  return { get, set, save }
}

/** A key for `ContentCache`: 16 bytes of SHA-256, URL-safe. */
export function contentKey(...parts: readonly string[]): string {
  return hash('sha256', parts.join('\0'), 'base64url').slice(0, 22)
}

function put(entries: Entries, kind: string, key: string, value: unknown): void {
  const ofKind = entries.get(kind)
  if (ofKind) ofKind.set(key, value)
  else entries.set(kind, new Map([[key, value]]))
}

/** Entries used last stand last, and the first ones go when there are too many. */
function keep(stored: Entries, used: Entries): Entries {
  const kept: Entries = new Map()
  for (const kind of new Set([...stored.keys(), ...used.keys()])) {
    const ofUse = used.get(kind) ?? new Map<string, unknown>()
    const isWhole = kind === documentFacts && ofUse.size > 0
    const others = isWhole ? [] : [...(stored.get(kind) ?? [])].filter(([key]) => !ofUse.has(key))
    const room = Math.max(0, entriesKept - ofUse.size)
    kept.set(kind, new Map([...(room === 0 ? [] : others.slice(-room)), ...ofUse]))
  }
  return kept
}

function countEntries(entries: Entries): number {
  let count = 0
  for (const ofKind of entries.values()) count += ofKind.size
  return count
}

const format = 'sqlflow-facts-1'

function readEntries(path: string, version: string): Entries {
  const entries: Entries = new Map()
  const content = parseJson(path)
  if (!isRecord(content) || content['format'] !== format || content['version'] !== version) return entries
  const kinds = content['kinds']
  if (!isRecord(kinds)) return entries
  for (const [kind, ofKind] of Object.entries(kinds)) if (isRecord(ofKind)) entries.set(kind, new Map(Object.entries(ofKind)))
  return entries
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

function writeEntries(path: string, version: string, entries: Entries): void {
  const kinds = Object.fromEntries([...entries].map(([kind, ofKind]) => [kind, Object.fromEntries(ofKind)]))
  const aside = `${path}.${process.pid}`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(aside, JSON.stringify({ format, version, kinds }))
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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
