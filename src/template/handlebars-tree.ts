/**
 * The door to Handlebars: its parser and its whitespace control, and nothing else of it. They are loaded when the first
 * template has to be parsed. Places in the tree are offsets, taken from the ranges that the generated lexer can count.
 */
import { createRequire } from 'node:module'

export interface Place {
  readonly start: number
  readonly end: number
}

export interface TreeProgram {
  readonly body: readonly TreeStatement[]
  readonly blockParams?: readonly string[]
  /** Made for `{{else if}}`. */
  readonly chained?: boolean
}

export type TreeStatement =
  | { readonly type: 'ContentStatement'; readonly value: string; readonly original: string; readonly loc: Place }
  | { readonly type: 'CommentStatement'; readonly loc: Place }
  | ({ readonly type: 'MustacheStatement' | 'Decorator' } & TreeCall)
  | ({ readonly type: 'PartialStatement'; readonly indent: string } & TreePartial)
  | ({ readonly type: 'PartialBlockStatement'; readonly program: TreeProgram } & TreePartial)
  | TreeBlock

export interface TreeBlock extends TreeCall {
  readonly type: 'BlockStatement' | 'DecoratorBlock'
  readonly program?: TreeProgram
  readonly inverse?: TreeProgram
}

interface TreePartial {
  readonly name: TreeExpression
  readonly params: readonly TreeExpression[]
  readonly hash?: TreeHash
  readonly loc: Place
}

export interface TreeCall {
  readonly path: TreeExpression
  readonly params: readonly TreeExpression[]
  readonly hash?: TreeHash
  readonly loc: Place
}

export interface TreeHash {
  readonly pairs: readonly { readonly key: string; readonly value: TreeExpression; readonly loc: Place }[]
}

export interface TreePath {
  readonly type: 'PathExpression'
  readonly data: boolean
  readonly depth: number
  readonly parts: readonly string[]
  readonly original: string
  readonly loc: Place
}

export type TreeExpression =
  | TreePath
  | ({ readonly type: 'SubExpression' } & TreeCall)
  | { readonly type: 'StringLiteral'; readonly value: string; readonly loc: Place }
  | { readonly type: 'NumberLiteral'; readonly value: number; readonly loc: Place }
  | { readonly type: 'BooleanLiteral'; readonly value: boolean; readonly loc: Place }
  | { readonly type: 'UndefinedLiteral' | 'NullLiteral'; readonly loc: Place }

export type TreeResult =
  | { readonly ok: true; readonly program: TreeProgram }
  /** `at` is where the lexer stood. */
  | { readonly ok: false; readonly message: string; readonly at: Place }

interface Ranged {
  readonly range: readonly [number, number]
}

interface GeneratedParser {
  yy: object
  readonly parse: (text: string) => TreeProgram
  readonly lexer: GeneratedLexer
}

/** `rules` are tried in the order of `_currentRules`, on what is left of the text; the first that matches wins. */
interface GeneratedLexer {
  readonly options: { ranges?: boolean }
  readonly yylloc: Ranged
  readonly rules: readonly RegExp[]
  readonly conditions: Readonly<Record<string, { readonly rules: readonly number[] }>>
  readonly conditionStack: readonly string[]
  readonly _input: string
  _currentRules: () => readonly number[]
}

interface Handlebars {
  readonly parser: GeneratedParser
  readonly yy: object
  readonly WhitespaceControl: new () => { readonly accept: (program: TreeProgram) => TreeProgram }
}

let loaded: Handlebars | undefined

export function parseHandlebars(text: string): TreeResult {
  const { parser, yy, WhitespaceControl } = (loaded ??= loadHandlebars())
  parser.yy = yy
  try {
    return { ok: true, program: new WhitespaceControl().accept(parser.parse(text)) }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const [start, end] = parser.lexer.yylloc.range
    return { ok: false, message: error.message, at: { start, end } }
  }
}

function loadHandlebars(): Handlebars {
  const require = createRequire(import.meta.url)
  const parser = require('handlebars/dist/cjs/handlebars/compiler/parser.js') as GeneratedParser
  const prepare = require('handlebars/dist/cjs/handlebars/compiler/helpers.js') as object
  const WhitespaceControl = require('handlebars/dist/cjs/handlebars/compiler/whitespace-control.js') as Handlebars['WhitespaceControl']
  parser.lexer.options.ranges = true
  tryFewerRules(parser.lexer)
  const locInfo = ({ range }: Ranged): Place => ({ start: range[0], end: range[1] })
  return { parser, yy: { ...prepare, locInfo }, WhitespaceControl }
}

/** In a tag the lexer tries 38 rules for each token. Those that cannot match the next character are left out: a third less time. */
function tryFewerRules(lexer: GeneratedLexer): void {
  const inTag = lexer.conditions['mu']?.rules ?? []
  const byCharacter = Array.from({ length: 128 }, (_, code) =>
    inTag.filter((rule) => mayBeginWith(lexer.rules[rule]!, String.fromCharCode(code))),
  )
  lexer._currentRules = () => {
    const condition = lexer.conditionStack.at(-1) ?? ''
    const rules = lexer.conditions[condition]?.rules ?? []
    return rules === inTag ? (byCharacter[lexer._input.charCodeAt(0)] ?? rules) : rules
  }
}

/** False only where the rule begins with another character, spelled as itself. */
function mayBeginWith({ source }: RegExp, character: string): boolean {
  const [, optional = '', escaped, plain] = /^\^\(\?:(\(~\)\?)?(?:\\([^\w\s])|([\w"'=@]))(?![?*{])/.exec(source) ?? []
  const first = escaped ?? plain
  return first === undefined || character === first || (optional !== '' && character === '~')
}
