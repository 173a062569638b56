/**
 * SQL as words: what the stand-in reads instead of a tree. Comments are no words; offsets lead back to the text that was sent.
 */
import { lexSql } from '../../../src/dialects/sql-lexer.ts'
import { cutName, shortenName } from './long-names.ts'

export interface Word {
  /** Keywords and names in lower case, quoted names without their quotes and in lower case as Redshift folds them; else as it stands. */
  readonly text: string
  readonly kind: 'word' | 'identifier' | 'string' | 'number' | 'symbol'
  readonly start: number
  readonly end: number
}

export interface Statement {
  /** The whole text that it stands in. */
  readonly sent: string
  readonly words: readonly Word[]
  readonly inTransaction: boolean
  /** `enable_case_sensitive_identifier` of the session. */
  readonly caseSensitive: boolean
}

export function readWords(sent: string, caseSensitive = false): readonly Word[] {
  const words: Word[] = []
  for (const { kind, start, end } of lexSql(maskEscapes(sent))) {
    if (kind === 'comment') continue
    const text = sent.slice(start, end)
    const last = words.at(-1)
    if (kind === 'word' && last?.text === '#' && last.end === start) words[words.length - 1] = temporaryName(text, last.start, end)
    else words.push({ kind, start, end, text: foldWord(kind, text, caseSensitive) })
  }
  return words
}

/** A backslash escapes in every string: https://docs.aws.amazon.com/redshift/latest/dg/r_QUOTE_LITERAL.html. Of the same length. */
function maskEscapes(sent: string): string {
  return sent.includes('\\') ? sent.replaceAll(/\\[\\']/g, '__') : sent
}

/** `#staging` is the name of a temporary table. */
function temporaryName(text: string, start: number, end: number): Word {
  return { kind: 'identifier', text: `#${text.toLowerCase()}`, start, end }
}

function foldWord(kind: Word['kind'], text: string, caseSensitive: boolean): string {
  if (kind === 'word') return cutName(text.toLowerCase())
  if (kind !== 'identifier') return text
  const name = cutName(text.slice(1, -1).replaceAll('""', '"'))
  return caseSensitive ? name : name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/** The words of each statement; empty ones are left out. */
export function splitStatements(words: readonly Word[]): readonly (readonly Word[])[] {
  const statements: Word[][] = [[]]
  for (const word of words) {
    if (isSymbol(word, ';')) statements.push([])
    else statements.at(-1)!.push(word)
  }
  return statements.filter((words) => words.length > 0)
}

/** A keyword, never a quoted name or a string. */
export function isWord(word: Word | undefined, ...texts: readonly string[]): boolean {
  return word?.kind === 'word' && texts.includes(word.text)
}

export function isSymbol(word: Word | undefined, symbol: string): boolean {
  return word?.kind === 'symbol' && word.text === symbol
}

export function isName(word: Word | undefined): word is Word {
  return word?.kind === 'word' || word?.kind === 'identifier'
}

/** The index of the parenthesis that closes the one at `open`; the end where none does. */
export function closingOf(words: readonly Word[], open: number): number {
  let depth = 0
  for (let at = open; at < words.length; at++) {
    if (isSymbol(words[at], '(')) depth++
    else if (isSymbol(words[at], ')') && --depth === 0) return at
  }
  return words.length
}

export interface Range {
  readonly from: number
  /** Exclusive. */
  readonly to: number
}

/** What stands between commas of the same depth. */
export function splitByComma(words: readonly Word[], { from, to }: Range): readonly Range[] {
  const parts: Range[] = []
  let start = from
  for (let at = from; at < to; at++) {
    if (isSymbol(words[at], '(')) at = Math.min(closingOf(words, at), to)
    else if (isSymbol(words[at], ',')) {
      parts.push({ from: start, to: at })
      start = at + 1
    }
  }
  return from === to ? [] : [...parts, { from: start, to }]
}

/** The first of `texts` at the depth of `from`, or `to`. */
export function findAtDepth(words: readonly Word[], { from, to }: Range, ...texts: readonly string[]): number {
  for (let at = from; at < to; at++) {
    if (isSymbol(words[at], '(')) at = closingOf(words, at)
    else if (isSymbol(words[at], ')')) return to
    else if (isWord(words[at], ...texts)) return at
  }
  return to
}

/**
 * Where a pattern of words begins at `from`, its end. `create unique? index` has an optional word, `create temp|temporary table` a choice, and `%` is any
 * one word. Undefined where it does not match.
 */
export function matchPattern(words: readonly Word[], from: number, pattern: string): number | undefined {
  let at = from
  for (const part of pattern.split(' ')) {
    const optional = part.endsWith('?')
    const choices = (optional ? part.slice(0, -1) : part).split('|')
    const word = words[at]
    const fits =
      word !== undefined && (choices[0] === '%' || (word.kind !== 'identifier' && word.kind !== 'string' && choices.includes(word.text)))
    if (fits) at++
    else if (!optional) return undefined
  }
  return at
}

export function matchesAny(words: readonly Word[], from: number, ...patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matchPattern(words, from, pattern) !== undefined)
}

export interface NameAt {
  readonly database?: string | undefined
  readonly schema: string | undefined
  readonly name: string
  readonly from: number
  readonly to: number
}

/** `name`, `schema.name` or `database.schema.name`. */
export function readName(words: readonly Word[], from: number): NameAt | undefined {
  const parts: string[] = []
  let at = from
  while (isName(words[at])) {
    parts.push(words[at]!.text)
    at++
    if (!isSymbol(words[at], '.') || !isName(words[at + 1])) break
    at++
  }
  return parts.length === 0 ? undefined : { database: parts.at(-3), schema: parts.at(-2), name: parts.at(-1)!, from, to: at }
}

/** As Postgres has it. */
export function quoteName(name: string): string {
  return `"${shortenName(name).replaceAll('"', '""')}"`
}

/** As Redshift reads it, and so the server behind. */
export function quoteText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}

export function quoteFullName({ schema, name }: Pick<NameAt, 'schema' | 'name'>): string {
  return schema === undefined ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`
}
