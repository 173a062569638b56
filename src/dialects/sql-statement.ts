/**
 * What a text of SQL is as a whole: whether it is one query that only reads, where it ends, and where common table
 * expressions can be put before it. Decided from tokens alone, so that a model is refused before a warehouse sees it.
 */
import { lexSql, type Token } from './sql-lexer.ts'

export type SingleSelect =
  | {
      readonly ok: true
      /** Up to its last token: trailing `;`, white space and comments are gone; what stands before is kept as it is. */
      readonly sql: string
      /** Length of `sql`. */
      readonly end: number
    }
  | {
      readonly ok: false
      /** A full sentence. */
      readonly reason: string
      /** Offset of the token that is wrong. */
      readonly at: number
      /** Where that token ends. */
      readonly end: number
      readonly hint?: string
    }

type Refusal = Extract<SingleSelect, { ok: false }>

/** One SELECT, VALUES or TABLE, parenthesised or not, with its WITH: the only thing that a model, a test or an export may be. */
export function checkSingleSelect(sql: string): SingleSelect {
  const all = lexSql(sql)
  const open = all.find((token) => !token.closed)
  if (open !== undefined) return notClosed(sql, open)
  const words = readWords(sql, all)
  const unbalanced = findUnbalanced(words)
  if (unbalanced !== undefined) return unbalanced
  const last = words.findLast(({ word }) => word !== ';')
  if (last === undefined) return refuse('There is no SQL here, and one SELECT is needed.', { start: 0, end: sql.length })
  const wrong = findSecondStatement(words) ?? checkQuery(sql, words) ?? findWrites(words)
  return wrong ?? { ok: true, sql: sql.slice(0, last.end), end: last.end }
}

/** Where common table expressions go: `sql.slice(0, at) + before + ctes.join(',\n') + after + sql.slice(at)`. */
export interface CteInsertion {
  readonly at: number
  readonly before: string
  readonly after: string
}

/**
 * The place for CTEs at the head of a query that `checkSingleSelect` accepts: in front of its own ones where it has a WITH (also
 * a recursive one), else before its first token (also where that is a parenthesis). Leading comments stay at the head.
 */
export function findCteInsertion(sql: string): CteInsertion {
  const [first, second] = readWords(sql, lexSql(sql))
  if (first?.word !== 'with') return { at: first?.start ?? sql.length, before: 'with ', after: '\n' }
  const last = second?.word === 'recursive' ? second : first
  return { at: last.end, before: ' ', after: ',' }
}

/** A token that is no comment. */
interface Word {
  /** Lower case for a plain word, the character for a symbol, else empty: quoted things are never keywords. */
  readonly word: string
  readonly start: number
  readonly end: number
}

function readWords(sql: string, tokens: readonly Token[]): readonly Word[] {
  const words: Word[] = []
  for (const { kind, start, end } of tokens) {
    if (kind === 'comment') continue
    const word = kind === 'symbol' ? sql.slice(start, end) : kind === 'word' ? sql.slice(start, end).toLowerCase() : ''
    words.push({ word, start, end })
  }
  return words
}

function refuse(reason: string, { start, end }: { readonly start: number; readonly end: number }, hint?: string): Refusal {
  return { ok: false, reason, at: start, end, ...(hint !== undefined && { hint }) }
}

const kindNames: Partial<Record<Token['kind'], string>> = { string: 'string', identifier: 'quoted identifier', comment: 'comment' }

function notClosed(sql: string, { kind, start }: Token): Refusal {
  const opening = /^(?:\$\w*\$|[a-zA-Z]?['"]|\/\*)/.exec(sql.slice(start))?.[0] ?? ''
  return refuse(`The ${kindNames[kind] ?? 'text'} that begins here is never closed.`, { start, end: start + Math.max(1, opening.length) })
}

function findUnbalanced(words: readonly Word[]): Refusal | undefined {
  const open: Word[] = []
  for (const word of words) {
    if (word.word === '(') open.push(word)
    else if (word.word === ')' && open.pop() === undefined) return refuse('This parenthesis closes none.', word)
  }
  const last = open.pop()
  return last && refuse('The parenthesis that opens here is never closed.', last)
}

function findSecondStatement(words: readonly Word[]): Refusal | undefined {
  const semicolon = words.findIndex(({ word }) => word === ';')
  if (semicolon === -1) return undefined
  const next = words.slice(semicolon).find(({ word }) => word !== ';')
  if (next === undefined) return undefined
  if (semicolon === 0) return refuse('A `;` stands before the SELECT.', words[0]!, 'Delete it.')
  return refuse('A second statement begins here, and only one SELECT is allowed.', next, 'Move it into a model of its own.')
}

const queryWords = new Set(['select', 'values', 'table', 'with'])

function checkQuery(sql: string, words: readonly Word[]): Refusal | undefined {
  let at = skipOpening(words, 0)
  if (words[at]?.word === 'with') at = skipOpening(words, skipCtes(words, at))
  const found = words[at]
  if (found === undefined) return refuse('The SQL ends before its SELECT.', words.at(-1)!)
  return queryWords.has(found.word)
    ? undefined
    : refuse(`One SELECT is expected here, not \`${sql.slice(found.start, found.end)}\`.`, found)
}

function skipOpening(words: readonly Word[], from: number): number {
  let at = from
  while (words[at]?.word === '(') at++
  return at
}

/** The index of the first word behind the list of CTEs of the WITH at `from`. */
function skipCtes(words: readonly Word[], from: number): number {
  let at = from + 1
  if (words[at]?.word === 'recursive') at++
  for (;;) {
    at = skipCte(words, at)
    if (words[at]?.word !== ',') return at
    at++
  }
}

/** `name [(columns)] as [[not] materialized] (query) [search ... set column] [cycle ... using column]` */
function skipCte(words: readonly Word[], from: number): number {
  let at = skipGroup(words, from + 1)
  while (['as', 'not', 'materialized'].includes(words[at]?.word ?? '')) at++
  at = skipGroup(words, at)
  if (words[at]?.word === 'search') at = skipPast(words, at, 'set')
  if (words[at]?.word === 'cycle') at = skipPast(words, at, 'using')
  return at
}

/** Past the parentheses that open at `from`, if any do. */
function skipGroup(words: readonly Word[], from: number): number {
  if (words[from]?.word !== '(') return from
  let depth = 0
  for (let at = from; at < words.length; at++) {
    const { word } = words[at]!
    if (word === '(') depth++
    else if (word === ')' && --depth === 0) return at + 1
  }
  return words.length
}

/** Past the name that follows `word`. */
function skipPast(words: readonly Word[], from: number, word: string): number {
  const at = words.findIndex((one, index) => index > from && one.word === word)
  return at === -1 ? words.length : at + 2
}

const writingWords = new Set(['insert', 'update', 'delete', 'merge'])

/** CTEs that change data, at any depth, and SELECT ... INTO. */
function findWrites(words: readonly Word[]): Refusal | undefined {
  const wordAt = (index: number): string => words[index]?.word ?? ''
  for (let at = 1; at < words.length; at++) {
    const { word } = words[at]!
    if (writingWords.has(word) && wordAt(at - 1) === '(' && ['as', 'materialized'].includes(wordAt(at - 2)))
      return refuse(`This common table expression changes data (${word.toUpperCase()}), and only SELECT is allowed.`, words[at]!)
    if (word === 'into' && wordAt(at - 1) !== 'as' && wordAt(at - 1) !== '.')
      return refuse(
        'SELECT ... INTO makes a table, and only SELECT is allowed.',
        words[at]!,
        'The materialization makes the table: leave INTO out.',
      )
  }
  return undefined
}
