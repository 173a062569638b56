/**
 * Reads the commonest tags without Handlebars, whose lexer is slow: `{{name}}`, `{{name 'text' 12 other.name key=value (call ...)}}`, with nothing
 * that Handlebars treats in a way of its own (keywords, escapes, whitespace control). What is read here is exactly what `build-program.ts`
 * makes of Handlebars' tree; anything else is left to Handlebars. To Handlebars, what is read here is text: neither is ever alone on its line.
 */
import type { Call, Expression, HashPair, Path, Statement } from './program.ts'
import { placeholder, type Tag } from './scan-tags.ts'

export type PrintStatement = Extract<Statement, readonly ['print', ...unknown[]]>

export interface ReadTags {
  /** In the order of the text. */
  readonly simple: readonly PrintStatement[]
  /** For Handlebars. */
  readonly others: readonly Tag[]
}

export function readSimpleTags(text: string, tags: readonly Tag[]): ReadTags {
  const simple: PrintStatement[] = []
  const others: Tag[] = []
  for (const tag of tags) {
    const statement = readSimpleTag(text, tag)
    if (statement) simple.push(statement)
    else others.push(tag)
  }
  return { simple, others }
}

/** `text` with the tags that are read as characters that mean nothing, so that no offset moves. */
export function maskSimpleTags(text: string, simple: readonly PrintStatement[]): string {
  let masked = ''
  let copied = 0
  for (const [, start, end] of simple) {
    masked += text.slice(copied, start) + placeholder.repeat(end - start)
    copied = end
  }
  return masked + text.slice(copied)
}

/** The stretch of a text from `start` to `end`, with the simple tags in it. */
export function toStatements(start: number, end: number, simple: readonly PrintStatement[]): readonly Statement[] {
  const statements: Statement[] = []
  let copied = start
  for (let index = firstFrom(simple, start); index < simple.length; index++) {
    const tag = simple[index]!
    if (tag[1] >= end) break
    if (tag[1] > copied) statements.push(['text', copied, tag[1]])
    statements.push(tag)
    copied = tag[2]
  }
  if (copied < end) statements.push(['text', copied, end])
  return statements
}

/** The index of the first that begins at or after `start`. */
function firstFrom(simple: readonly PrintStatement[], start: number): number {
  let low = 0
  let high = simple.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (simple[middle]![1] < start) low = middle + 1
    else high = middle
  }
  return low
}

/** Undefined where Handlebars must read it. */
function readSimpleTag(text: string, { kind, start, end, closed }: Tag): PrintStatement | undefined {
  if (kind !== 'handlebars' || !closed || text.charAt(start - 1) === '\\') return undefined
  const cursor: Cursor = { text, at: start + 2 }
  skipSpace(cursor)
  const value = readCall(cursor, cursor.at)
  skipSpace(cursor)
  return value && cursor.at === end - 2 && text.startsWith('}}', cursor.at) ? ['print', start, end, value] : undefined
}

interface Cursor {
  readonly text: string
  at: number
}

/** A name with its arguments, from `start`; a path where there are none. */
function readCall(cursor: Cursor, start: number): Call | Path | undefined {
  const path = readPath(cursor)
  if (path === undefined || !isSeparated(cursor)) return undefined
  const args: Expression[] = []
  const hash: HashPair[] = []
  let end = cursor.at
  while (skipSpace(cursor) && !isEnd(cursor)) {
    const key = match(cursor, hashKey)
    if (key === undefined && hash.length > 0) return undefined
    const from = cursor.at - (key?.length ?? 0)
    const value = readArgument(cursor)
    if (value === undefined) return undefined
    if (key === undefined) args.push(value)
    else if (keywords.has(key.slice(0, -1)) || hash.some((pair) => pair[2] === key.slice(0, -1))) return undefined
    else hash.push([from, cursor.at, key.slice(0, -1), value])
    end = cursor.at
  }
  if (args.length === 0 && hash.length === 0) return path
  return path[0] === 'name' && path[4].length === 0 ? ['call', start, end, path[3], args, hash] : undefined
}

function isEnd({ text, at }: Cursor): boolean {
  const next = text.charCodeAt(at)
  return next === closingBrace || next === closingParenthesis
}

function readArgument(cursor: Cursor): Expression | undefined {
  const start = cursor.at
  const value = readValue(cursor, start)
  return isSeparated(cursor) ? value : undefined
}

function isSeparated(cursor: Cursor): boolean {
  return isEnd(cursor) || isSpace(cursor.text.charCodeAt(cursor.at))
}

function readValue(cursor: Cursor, start: number): Expression | undefined {
  if (cursor.text.charAt(start) === '(') return readSubexpression(cursor, start)
  const string = match(cursor, quoted)
  if (string !== undefined) return ['value', start, cursor.at, string.slice(1, -1)]
  const number = match(cursor, digits)
  if (number !== undefined) return ['value', start, cursor.at, Number(number)]
  return readPath(cursor)
}

function readSubexpression(cursor: Cursor, start: number): Call | undefined {
  cursor.at++
  const call = readCall(cursor, cursor.at)
  if (call === undefined || cursor.text.charAt(cursor.at) !== ')') return undefined
  cursor.at++
  if (call[0] === 'call') return ['call', start, cursor.at, call[3], call[4], call[5]]
  return call[0] === 'name' && call[4].length === 0 ? ['call', start, cursor.at, call[3], [], []] : undefined
}

function readPath(cursor: Cursor): Path | undefined {
  const start = cursor.at
  const written = match(cursor, dottedName)
  if (written === undefined) return undefined
  if (written === 'this') return ['this', start, cursor.at, 0, []]
  const [name = '', ...parts] = written.split('.')
  if (keywords.has(name) || name.startsWith('else') || parts.some((part) => keywords.has(part))) return undefined
  return ['name', start, cursor.at, name, parts]
}

const keywords: ReadonlySet<string> = new Set(['this', 'true', 'false', 'null', 'undefined', 'as'])
const dottedName = /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/y
const hashKey = /[A-Za-z_]\w*=/y
const quoted = /'[^'\\{}]*'|"[^"\\{}]*"/y
const digits = /-?\d+(?:\.\d+)?/y
const closingBrace = 0x7d
const closingParenthesis = 0x29

function match(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at
  if (!pattern.test(cursor.text)) return undefined
  const found = cursor.text.slice(cursor.at, pattern.lastIndex)
  cursor.at = pattern.lastIndex
  return found
}

/** True, for use in a condition. */
function skipSpace(cursor: Cursor): true {
  while (isSpace(cursor.text.charCodeAt(cursor.at))) cursor.at++
  return true
}

/** Blank, tab, line feed, carriage return: other white space is left to Handlebars. */
function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13 && code !== 11 && code !== 12)
}
