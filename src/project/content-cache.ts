/**
 * The facts of unchanged files, kept under `.sqlflow/cache`: a file for each kind of fact, read at the first question of that kind, so that a command
 * reads only what it uses; in it a line for each fact (key, JSON, separated by a tab), of which only those that are asked for are parsed. New facts are
 * appended, a later line counting for more than an earlier one; when most lines are of no use any more, the file is written anew. Whatever is wrong with
 * a file (absent, cut off, another version's, not writable) costs time and nothing else.
 */
import { hash } from 'node:crypto'
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ContentCache } from '../core/content-cache.ts'
import { writeAside } from './write-aside.ts'

export interface StoredContentCache extends ContentCache {
  /** Writes what is new. An entry that was not asked for since the cache was opened stays while there is room. */
  readonly save: () => void
}

/**
 * The kind of the facts that every load asks for, all of them (`load-files.ts`): an entry that was not asked for belongs to a file
 * that is gone. Of other kinds, the entries used last are kept.
 */
export const documentFacts = 'document'
const spareLines = 6000

interface Fact {
  readonly json: string
  /** Asked for or set since the cache was opened. */
  isUsed: boolean
}

/** The facts of one kind. */
interface FactFile {
  readonly path: string
  readonly header: string
  readonly facts: Map<string, Fact>
  /** How many facts are used. */
  used: number
  /** Keys of those that the file does not hold. */
  readonly fresh: Set<string>
  /** Lines in the file, those that a later one replaces among them; undefined where the file is of no use. */
  count: number | undefined
}

/** `version` is the tool's: entries of another version are discarded. */
export function openContentCache(root: string, version: string): StoredContentCache {
  const header = JSON.stringify({ format: 'sqlflow-facts-3', version })
  const files = new Map<string, FactFile>()
  const fileOf = (kind: string): FactFile => {
    const known = files.get(kind)
    if (known !== undefined) return known
    const read = readFacts(join(root, '.sqlflow', 'cache', `${kind}.jsonl`), header)
    files.set(kind, read)
    return read
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows what it put under the kind
  function get<T>(kind: string, key: string): T | undefined {
    const file = fileOf(kind)
    const fact = file.facts.get(key)
    if (fact === undefined) return undefined
    if (!fact.isUsed) file.used++
    fact.isUsed = true
    return parseLine(fact.json) as T | undefined
  }

  function set(kind: string, key: string, value: unknown): void {
    const file = fileOf(kind)
    if (!file.facts.get(key)?.isUsed) file.used++
    file.facts.set(key, { json: JSON.stringify(value), isUsed: true })
    file.fresh.add(key)
  }

  function save(): void {
    for (const [kind, file] of files) saveFacts(kind, file)
  }

  return { get, set, save }
}

/** A key for `ContentCache`: 16 bytes of SHA-256, URL-safe. */
export function contentKey(...parts: readonly string[]): string {
  return hash('sha256', parts.join('\0'), 'base64url').slice(0, 22)
}

function saveFacts(kind: string, file: FactFile): void {
  const { count, used, fresh } = file
  const isTooLong = count === undefined || count + fresh.size > 4 * used + spareLines
  if (isTooLong ? used === 0 : fresh.size === 0) return
  if (isTooLong) {
    dropUnused(kind, file)
    rewrite(file)
  } else append(file)
  fresh.clear()
}

/** Keeps as many unused lines as used ones, those written last; of documents none, when any was asked for. */
function dropUnused(kind: string, { facts, used }: FactFile): void {
  const unused = [...facts.keys()].filter((key) => !facts.get(key)!.isUsed)
  const room = kind === documentFacts && used > 0 ? 0 : Math.max(used, spareLines / 2)
  for (const key of unused.slice(0, Math.max(0, unused.length - room))) facts.delete(key)
}

function readFacts(path: string, header: string): FactFile {
  const file: FactFile = { path, header, facts: new Map(), used: 0, fresh: new Set(), count: undefined }
  const text = readText(path)
  if (!text.startsWith(`${header}\n`)) return file
  file.count = 0
  let start = header.length + 1
  for (let end = text.indexOf('\n', start); end !== -1; end = text.indexOf('\n', start)) {
    const tab = text.indexOf('\t', start)
    if (tab !== -1 && tab < end) file.facts.set(text.slice(start, tab), { json: text.slice(tab + 1, end), isUsed: false })
    file.count++
    start = end + 1
  }
  return file
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

function toText(facts: FactFile['facts'], keys: Iterable<string>): string {
  let text = ''
  for (const key of keys) text += `${key}\t${facts.get(key)!.json}\n`
  return text
}

/** In one write. It begins with a line's end, because what a crash cut off may stand before it. */
function append(file: FactFile): void {
  try {
    appendFileSync(file.path, `\n${toText(file.facts, file.fresh)}`)
    file.count = (file.count ?? 0) + file.fresh.size
  } catch {
    // Nothing is kept in a folder that cannot be written to.
  }
}

function rewrite(file: FactFile): void {
  const { path, header, facts } = file
  try {
    writeAside(path, `${header}\n${toText(facts, facts.keys())}`)
    file.count = facts.size
  } catch {
    file.count = undefined // nothing is kept in a folder that cannot be written to
  }
}
