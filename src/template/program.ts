/**
 * A parsed template as a small program of nested arrays: plain JSON, so that it can be cached, and compact, so that ten
 * thousand of them fit in memory. `start` and `end` are offsets in the text that was parsed, which is needed to render.
 *
 * Whitespace control has been applied: a `text` statement spans exactly what it prints. Inline partials stand first in
 * the body that defines them, because they can be called before their definition.
 */
export type Template = Body
export type Body = readonly Statement[]

export type Statement =
  | readonly [op: 'text', start: number, end: number]
  | readonly [op: 'print', start: number, end: number, value: Expression]
  | BlockStatement
  | PartialStatement
  | readonly [op: 'inline', name: string, body: Body]

/** `{{#call}}body{{else}}inverse{{/call}}`, with block parameters. */
export type BlockStatement = readonly [op: 'block', call: Call | Path, params: readonly string[], body: Body, inverse: Body | null]

/** `{{> name context key=value}}`; `indent` is the white space that stands before it alone on its line; `body` that of `{{#> name}}`. */
export type PartialStatement = readonly [
  op: 'partial',
  start: number,
  end: number,
  name: string | Expression,
  context: Expression | null,
  hash: Hash,
  indent: string,
  body: Body | null,
]

export type Expression = Literal | Path | Call

/** A string stands between `start` and `end` with its quotes. */
export type Literal = readonly [op: 'value', start: number, end: number, value: string | number | boolean | null]

/**
 * `name`: a bare name, looked up in the scopes. `this`: from the context, `depth` levels up. `data`: `@name`, `depth` levels up.
 * `parts` are the properties that follow.
 */
export type Path =
  | readonly [op: 'name', start: number, end: number, name: string, parts: readonly string[]]
  | readonly [op: 'this', start: number, end: number, depth: number, parts: readonly string[]]
  | readonly [op: 'data', start: number, end: number, name: string, parts: readonly string[], depth: number]

/** `start` to `end` is from the name to the last argument; of a subexpression, with its parentheses. */
export type Call = readonly [op: 'call', start: number, end: number, name: string, args: readonly Expression[], hash: Hash]

export type Hash = readonly HashPair[]
export type HashPair = readonly [start: number, end: number, key: string, value: Expression]
