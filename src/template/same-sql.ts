/**
 * Whether two templates render to the same SQL whatever is put into them: the same tokens in the same order, in every branch, once and twice
 * around each loop. White space, and where comments stand between tokens, do not count; operators that white space takes apart do. Pure.
 */
import { lexSql } from '../dialects/sql-lexer.ts'
import { parseTemplate } from './parse-template.ts'
import type { Body, Statement, Template } from './program.ts'

export function isSameSql(before: string, after: string): boolean {
  const [one, other] = [parse(before), parse(after)]
  if (!one || !other) return false
  if (!equal(tagsOf(one, before), tagsOf(other, after))) return false
  const words = new Map<string, string>()
  return ways.every((way) => {
    const [a, b] = [readSql(renderWay(one, before, way, words)), readSql(renderWay(other, after, way, words))]
    return equal(a.tokens, b.tokens) && equal(a.comments, b.comments)
  })
}

function parse(text: string): Template | undefined {
  const parsed = parseTemplate({ file: '', text, segments: [{ text: 0, file: 0 }] })
  return parsed.ok ? parsed.template : undefined
}

/** Every tag that does something, in order, and where blocks end. */
function tagsOf(body: Body, text: string): readonly string[] {
  return body.flatMap((statement): readonly string[] => {
    switch (statement[0]) {
      case 'text':
        return []
      case 'print':
        return [text.slice(statement[1], statement[2])]
      case 'block': {
        const [, call, params, inside, inverse] = statement
        const otherwise = inverse ? ['else', ...tagsOf(inverse, text)] : []
        return [`#${text.slice(call[1], call[2])} ${params.join(' ')}`, ...tagsOf(inside, text), ...otherwise, '/']
      }
      case 'partial':
        return statement[7] ? ['>', ...tagsOf(statement[7], text), '/'] : [text.slice(statement[1], statement[2])]
      case 'inline':
        return [`*${statement[1]}`, ...tagsOf(statement[2], text), '/']
      default:
        return statement satisfies never
    }
  })
}

/** How often a block is entered, and whether its `else` is: alone, the one after the other, and twice. */
interface Way {
  readonly body: number
  readonly inverse: boolean
}

const ways: readonly Way[] = [
  { body: 1, inverse: false },
  { body: 0, inverse: true },
  { body: 0, inverse: false },
  { body: 2, inverse: false },
  { body: 1, inverse: true },
]

function renderWay(body: Body, text: string, way: Way, words: Map<string, string>): string {
  return body.map((statement) => renderStatement(statement, text, way, words)).join('')
}

function renderStatement(statement: Statement, text: string, way: Way, words: Map<string, string>): string {
  const wordFor = (start: number, end: number): string => {
    const tag = text.slice(start, end)
    const word = words.get(tag) ?? `\u0167${words.size}\u0167`
    words.set(tag, word)
    return word
  }
  switch (statement[0]) {
    case 'text':
      return text.slice(statement[1], statement[2])
    case 'print':
      return wordFor(statement[1], statement[2])
    case 'block': {
      const [, , , body, inverse] = statement
      return renderWay(body, text, way, words).repeat(way.body) + (way.inverse && inverse ? renderWay(inverse, text, way, words) : '')
    }
    case 'partial': {
      const body = statement[7]
      return body ? renderWay(body, text, way, words) : wordFor(statement[1], statement[2])
    }
    case 'inline':
      return renderWay(statement[2], text, way, words)
    default:
      return statement satisfies never
  }
}

interface SqlTokens {
  readonly tokens: readonly string[]
  readonly comments: readonly string[]
}

function readSql(sql: string): SqlTokens {
  const tokens: string[] = []
  const comments: string[] = []
  let operator = ''
  let end = 0
  const flush = (): void => {
    if (operator !== '') tokens.push(...splitOperators(operator))
    operator = ''
  }
  for (const token of lexSql(sql)) {
    const text = sql.slice(token.start, token.end)
    const isOperator = token.kind === 'symbol' && /^[-+*/<>=~!@#%^&|`?:]$/.test(text)
    if (!isOperator || token.start !== end) flush()
    if (isOperator) operator += text
    else if (token.kind === 'comment') comments.push(text.trimEnd())
    else tokens.push(token.kind === 'string' && /\n/.test(sql.slice(end, token.start)) && isString(tokens.at(-1)) ? `\n${text}` : text)
    end = token.end
  }
  flush()
  return { tokens, comments }
}

/** Two strings with a line break between them are one. */
function isString(token: string | undefined): boolean {
  return token !== undefined && token.endsWith("'")
}

/** As Postgres reads a run of operator characters: one operator, but for signs at its end. */
function splitOperators(run: string): readonly string[] {
  if (run.includes(':')) return [run]
  let length = run.length
  if (!/[~!@#%^&|`?]/.test(run)) while (length > 1 && /[-+]/.test(run.charAt(length - 1))) length--
  return length === run.length ? [run] : [run.slice(0, length), ...splitOperators(run.slice(length))]
}

function equal(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index])
}
