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

/** The lines of one kind: JSON by key. */
interface KindLines {
  readonly lines: Map<string, string>
  /** Keys that were asked for or set since the cache was opened. */
  readonly used: Set<string>
  /** Of `used`, those that the file does not hold. */
  readonly fresh: Set<string>
}

interface Stored {
  readonly kinds: Map<string, KindLines>
  /** Lines in the file, those that a later one replaces among them; undefined where the file is of no use. */
  count: number | undefined
}

/** `version` is the tool's: entries of another version are discarded. */
export function openContentCache(root: string, version: string): StoredContentCache {
  const path = join(root, '.sqlflow', 'cache', 'facts.jsonl')
  const header = JSON.stringify({ format: 'sqlflow-facts-1', version })
  let stored: Stored | undefined
  const load = (): Stored => (stored ??= readStored(path, header))

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows what it put under the kind
  function get<T>(kind: string, key: string): T | undefined {
    const ofKind = load().kinds.get(kind)
    const json = ofKind?.lines.get(key)
    if (ofKind === undefined || json === undefined) return undefined
    ofKind.used.add(key)
    return parseLine(json) as T | undefined
  }

  function set(kind: string, key: string, value: unknown): void {
    const { lines, used, fresh } = linesOf(load(), kind)
    lines.set(key, JSON.stringify(value))
    used.add(key)
    fresh.add(key)
  }

  function save(): void {
    const all = load()
    const used = sum(all, (one) => one.used.size)
    const fresh = sum(all, (one) => one.fresh.size)
    const isTooLong = all.count === undefined || all.count + fresh > 4 * used + spareLines
    if (isTooLong ? used === 0 : fresh === 0) return
    if (isTooLong) {
      dropUnused(all)
      rewrite(path, header, all)
    } else append(path, all, fresh)
    for (const one of all.kinds.values()) one.fresh.clear()
  }

  return { get, set, save }
}

function linesOf({ kinds }: Stored, kind: string): KindLines {
  const known = kinds.get(kind)
  if (known !== undefined) return known
  const made: KindLines = { lines: new Map(), used: new Set(), fresh: new Set() }
  kinds.set(kind, made)
  return made
}

function sum({ kinds }: Stored, count: (one: KindLines) => number): number {
  return [...kinds.values()].reduce((total, one) => total + count(one), 0)
}

/** A key for `ContentCache`: 16 bytes of SHA-256, URL-safe. */
export function contentKey(...parts: readonly string[]): string {
  return hash('sha256', parts.join('\0'), 'base64url').slice(0, 22)
}

/** Keeps as many unused lines as used ones, those written last; of documents none, when any was asked for. */
function dropUnused({ kinds }: Stored): void {
  for (const [kind, { lines, used }] of kinds) {
    const unused = [...lines.keys()].filter((key) => !used.has(key))
    const room = kind === documentFacts && used.size > 0 ? 0 : Math.max(used.size, spareLines / 10)
    for (const key of unused.slice(0, Math.max(0, unused.length - room))) lines.delete(key)
  }
}

function readStored(path: string, header: string): Stored {
  const stored: Stored = { kinds: new Map(), count: undefined }
  const text = readText(path)
  if (!text.startsWith(`${header}\n`)) return stored
  let count = 0
  let last: { readonly kind: string; readonly lines: Map<string, string> } | undefined
  for (let start = header.length + 1; start < text.length; count++) {
    const end = text.indexOf('\n', start)
    if (end === -1) break
    const afterKind = text.indexOf('\t', start)
    const afterKey = text.indexOf('\t', afterKind + 1)
    if (afterKind < afterKey && afterKey < end) {
      if (last === undefined || last.kind.length !== afterKind - start || !text.startsWith(last.kind, start)) {
        const kind = text.slice(start, afterKind)
        last = { kind, lines: linesOf(stored, kind).lines }
      }
      last.lines.set(text.slice(afterKind + 1, afterKey), text.slice(afterKey + 1, end))
    }
    start = end + 1
  }
  stored.count = count
  return stored
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

function toText({ kinds }: Stored, keysOf: (one: KindLines) => Iterable<string>): string {
  let text = ''
  for (const [kind, one] of kinds) for (const key of keysOf(one)) text += `${kind}\t${key}\t${one.lines.get(key)!}\n`
  return text
}

/** In one write. It begins with a line's end, because what a crash cut off may stand before it. */
function append(path: string, stored: Stored, count: number): void {
  try {
    appendFileSync(path, `\n${toText(stored, (one) => one.fresh)}`)
    stored.count = (stored.count ?? 0) + count
  } catch {
    // Nothing is kept in a folder that cannot be written to.
  }
}

/** Written aside and renamed. */
function rewrite(path: string, header: string, stored: Stored): void {
  const aside = `${path}.${process.pid}`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(aside, `${header}\n${toText(stored, (one) => one.lines.keys())}`)
    renameSync(aside, path)
    stored.count = sum(stored, (one) => one.lines.size)
  } catch {
    removeQuietly(aside)
    stored.count = undefined
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // A folder that cannot be written to holds nothing to remove.
  }
}
