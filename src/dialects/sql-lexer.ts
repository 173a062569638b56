/**
 * A lexer for SQL as Postgres and its kin read it: enough to know where strings, comments, parentheses and statements end,
 * and nothing of the grammar. It never fails: what is not closed runs to the end of the text, with `closed` false.
 *
 * Tokens come in order and do not overlap; between them stands white space alone. Offsets are UTF-16 code units.
 */
type TokenKind = 'word' | 'identifier' | 'string' | 'number' | 'comment' | 'symbol'

export interface Token {
  /** `identifier` is a quoted one; `word` is a keyword or a plain name; `symbol` is one character of anything else, such as `;` or `(`. */
  readonly kind: TokenKind
  readonly start: number
  readonly end: number
  /** False for a string, identifier or comment that the text ends in. */
  readonly closed: boolean
}

export function lexSql(text: string): Token[] {
  const tokens: Token[] = []
  for (let token = nextToken(text, 0); token !== undefined; token = nextToken(text, token.end)) tokens.push(token)
  return tokens
}

/** The first token at or after `from`; undefined at the end. */
function nextToken(text: string, from: number): Token | undefined {
  const start = skipWhitespace(text, from)
  if (start >= text.length) return undefined
  const code = text.charCodeAt(start)
  if (isWordStart(code)) return wordOrPrefixedString(text, start)
  if (isDigit(code)) return token('number', start, endOfNumber(text, start))
  switch (text.charAt(start)) {
    case "'":
      return closing('string', text, start, endOfQuoted(text, start, "'"))
    case '"':
      return closing('identifier', text, start, endOfQuoted(text, start, '"'))
    case '-':
      return text[start + 1] === '-' ? token('comment', start, endOfLine(text, start)) : token('symbol', start, start + 1)
    case '/':
      return text[start + 1] === '*' ? closing('comment', text, start, endOfBlockComment(text, start)) : token('symbol', start, start + 1)
    case '$':
      return dollarToken(text, start)
    default:
      return token('symbol', start, start + 1)
  }
}

function token(kind: TokenKind, start: number, end: number): Token {
  return { kind, start, end, closed: true }
}

/** `end` is -1 where the text ends first. */
function closing(kind: TokenKind, text: string, start: number, end: number): Token {
  return end === -1 ? { kind, start, end: text.length, closed: false } : token(kind, start, end)
}

function wordOrPrefixedString(text: string, start: number): Token {
  if (text[start + 1] === "'") {
    const prefix = text[start]
    if (prefix === 'e' || prefix === 'E') return closing('string', text, start, endOfEscapeString(text, start + 1))
    if (/[bxn]/i.test(prefix ?? '')) return closing('string', text, start, endOfQuoted(text, start + 1, "'"))
  }
  return token('word', start, endOfWord(text, start))
}

/** `$tag$...$tag$`, `$1`, or a lone `$`. */
function dollarToken(text: string, start: number): Token {
  const tag = dollarTagAt(text, start)
  if (tag !== undefined) {
    const close = text.indexOf(tag, start + tag.length)
    return closing('string', text, start, close === -1 ? -1 : close + tag.length)
  }
  const end = endOfNumber(text, start + 1)
  return end > start + 1 ? token('symbol', start, end) : token('symbol', start, start + 1)
}

const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z_0-9\u0080-\uffff]*)?\$/y

/** The opening `$tag$` that stands at `at`, if one does. */
export function dollarTagAt(text: string, at: number): string | undefined {
  dollarTag.lastIndex = at
  return dollarTag.exec(text)?.[0]
}

/** Past the closing quote; a doubled quote is part of the text. -1 when it is not closed. */
function endOfQuoted(text: string, start: number, quote: string): number {
  for (let at = text.indexOf(quote, start + 1); at !== -1; at = text.indexOf(quote, at + 2)) {
    if (text[at + 1] !== quote) return at + 1
  }
  return -1
}

function endOfEscapeString(text: string, quoteAt: number): number {
  for (let at = quoteAt + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === "'") {
      if (text[at + 1] !== "'") return at + 1
      at++
    }
  }
  return -1
}

/** Block comments nest in Postgres. -1 when it is not closed. */
export function endOfBlockComment(text: string, start: number): number {
  let depth = 1
  for (let at = start + 2; at < text.length; at++) {
    if (text[at] === '*' && text[at + 1] === '/') {
      at++
      if (--depth === 0) return at + 1
    } else if (text[at] === '/' && text[at + 1] === '*') {
      at++
      depth++
    }
  }
  return -1
}

/** Where the line ends: at its `\n`, or at the end of the text. */
export function endOfLine(text: string, start: number): number {
  const at = text.indexOf('\n', start)
  return at === -1 ? text.length : at
}

function skipWhitespace(text: string, from: number): number {
  let at = from
  while (at < text.length && isWhitespace(text.charCodeAt(at))) at++
  return at
}

function isWhitespace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13)
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function isWordStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code >= 128
}

export function isWordPart(code: number): boolean {
  return isWordStart(code) || isDigit(code) || code === 36
}

function endOfWord(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && isWordPart(text.charCodeAt(at))) at++
  return at
}

/** `1`, `1.5`, `1e-5`, `0x1F`, `1_000`. A second `.` is no part of it. */
function endOfNumber(text: string, start: number): number {
  const number = /\d[\w]*(?:\.\d[\w]*)?(?:(?<=[eE])[+-]\d+)?/y
  number.lastIndex = start
  return number.test(text) ? number.lastIndex : start
}
