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
  const tokens = all.filter((token) => token.kind !== 'comment')
  if (open !== undefined) return notClosed(sql, open)
  const unbalanced = findUnbalanced(sql, tokens)
  if (unbalanced !== undefined) return unbalanced
  const last = lastOfStatement(sql, tokens)
  if (last === undefined) return refuse('There is no SQL here, and one SELECT is needed.', 0, sql.length)
  const wrong = findSecondStatement(sql, tokens) ?? checkQuery(sql, tokens, 0) ?? findWrites(sql, tokens)
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
  const tokens = lexSql(sql).filter((token) => token.kind !== 'comment')
  const first = tokens[0]
  if (first === undefined || wordOf(sql, first) !== 'with') return { at: first?.start ?? sql.length, before: 'with ', after: '\n' }
  const second = tokens[1]
  const last = second !== undefined && wordOf(sql, second) === 'recursive' ? second : first
  return { at: last.end, before: ' ', after: ',' }
}

function refuse(reason: string, at: number, end: number, hint?: string): Refusal {
  return { ok: false, reason, at, end, ...(hint !== undefined && { hint }) }
}

/** Lower case for a plain word, the character for a symbol, else empty: quoted things are never keywords. */
function wordOf(sql: string, token: Token | undefined): string {
  if (token === undefined) return ''
  if (token.kind === 'word') return sql.slice(token.start, token.end).toLowerCase()
  return token.kind === 'symbol' ? sql.slice(token.start, token.end) : ''
}

function notClosed(sql: string, token: Token): Refusal {
  const kinds: Partial<Record<Token['kind'], string>> = { string: 'string', identifier: 'quoted identifier', comment: 'comment' }
  const opening = /^(?:\$\w*\$|[a-zA-Z]?['"]|\/\*)/.exec(sql.slice(token.start))?.[0] ?? ''
  return refuse(
    `The ${kinds[token.kind] ?? 'text'} that begins here is never closed.`,
    token.start,
    token.start + Math.max(1, opening.length),
  )
}

function findUnbalanced(sql: string, tokens: readonly Token[]): Refusal | undefined {
  const open: Token[] = []
  for (const token of tokens) {
    const word = wordOf(sql, token)
    if (word === '(') open.push(token)
    else if (word === ')' && open.pop() === undefined) return refuse('This parenthesis closes none.', token.start, token.end)
  }
  const last = open.pop()
  return last && refuse('The parenthesis that opens here is never closed.', last.start, last.end)
}

function lastOfStatement(sql: string, tokens: readonly Token[]): Token | undefined {
  return tokens.findLast((token) => wordOf(sql, token) !== ';')
}

function findSecondStatement(sql: string, tokens: readonly Token[]): Refusal | undefined {
  const semicolon = tokens.findIndex((token) => wordOf(sql, token) === ';')
  if (semicolon === -1) return undefined
  const next = tokens.slice(semicolon).find((token) => wordOf(sql, token) !== ';')
  if (next === undefined) return undefined
  if (semicolon === 0) return refuse('A `;` stands before the SELECT.', tokens[0]!.start, tokens[0]!.end, 'Delete it.')
  return refuse('A second statement begins here, and only one SELECT is allowed.', next.start, next.end, 'Move it into a model of its own.')
}

const queryWords = new Set(['select', 'values', 'table'])

/** The tokens from `from` on begin a query. */
function checkQuery(sql: string, tokens: readonly Token[], from: number): Refusal | undefined {
  let at = from
  while (wordOf(sql, tokens[at]) === '(') at++
  if (wordOf(sql, tokens[at]) === 'with') {
    at = skipCtes(sql, tokens, at)
    while (wordOf(sql, tokens[at]) === '(') at++
  }
  const token = tokens[at]
  const word = wordOf(sql, token)
  if (queryWords.has(word) || word === 'with') return undefined
  if (token === undefined) return refuse('The SQL ends before its SELECT.', tokens.at(-1)!.start, tokens.at(-1)!.end)
  return refuse(`One SELECT is expected here, not \`${sql.slice(token.start, token.end)}\`.`, token.start, token.end)
}

/** The index of the first token behind the list of CTEs of the WITH at `from`. */
function skipCtes(sql: string, tokens: readonly Token[], from: number): number {
  let at = from + 1
  if (wordOf(sql, tokens[at]) === 'recursive') at++
  for (;;) {
    at = skipCte(sql, tokens, at)
    if (wordOf(sql, tokens[at]) !== ',') return at
    at++
  }
}

/** `name [(columns)] as [[not] materialized] (query) [search ... set column] [cycle ... using column]` */
function skipCte(sql: string, tokens: readonly Token[], from: number): number {
  let at = skipGroup(sql, tokens, from + 1)
  while (['as', 'not', 'materialized'].includes(wordOf(sql, tokens[at]))) at++
  at = skipGroup(sql, tokens, at)
  if (wordOf(sql, tokens[at]) === 'search') at = skipPast(sql, tokens, at, 'set')
  if (wordOf(sql, tokens[at]) === 'cycle') at = skipPast(sql, tokens, at, 'using')
  return at
}

/** Past the parentheses that open at `from`, if any do. */
function skipGroup(sql: string, tokens: readonly Token[], from: number): number {
  if (wordOf(sql, tokens[from]) !== '(') return from
  let depth = 0
  for (let at = from; at < tokens.length; at++) {
    const word = wordOf(sql, tokens[at])
    if (word === '(') depth++
    else if (word === ')' && --depth === 0) return at + 1
  }
  return tokens.length
}

/** Past the name that follows `word`. */
function skipPast(sql: string, tokens: readonly Token[], from: number, word: string): number {
  const at = tokens.findIndex((token, index) => index > from && wordOf(sql, token) === word)
  return at === -1 ? tokens.length : at + 2
}

const writingWords = new Set(['insert', 'update', 'delete', 'merge'])

/** CTEs that change data, at any depth, and SELECT ... INTO. */
function findWrites(sql: string, tokens: readonly Token[]): Refusal | undefined {
  for (let at = 1; at < tokens.length; at++) {
    const token = tokens[at]!
    const word = wordOf(sql, token)
    const before = wordOf(sql, tokens[at - 1])
    if (writingWords.has(word) && before === '(' && ['as', 'materialized'].includes(wordOf(sql, tokens[at - 2])))
      return refuse(
        `This common table expression changes data (${word.toUpperCase()}), and only SELECT is allowed.`,
        token.start,
        token.end,
      )
    if (word === 'into' && before !== 'as' && before !== '.')
      return refuse(
        'SELECT ... INTO makes a table, and only SELECT is allowed.',
        token.start,
        token.end,
        'The materialization makes the table: leave INTO out.',
      )
  }
  return undefined
}
