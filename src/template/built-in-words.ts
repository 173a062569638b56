/**
 * The words of the template language, which no macro, argument, block parameter or `let` may take: what they are called
 * with. `built-in-functions.ts` and `render-blocks.ts` say what they do.
 */
export interface BuiltInWord {
  readonly kind: 'value' | 'function' | 'block'
  /** Fewest and most arguments by position. */
  readonly least: number
  readonly most: number
  /** Arguments by name; `any` for `let`, which makes names of them. */
  readonly keys: readonly string[] | 'any'
  readonly usage: string
  /** Of a value: what may follow behind a dot. */
  readonly properties?: readonly string[]
}

const words: Readonly<Record<string, BuiltInWord>> = {
  self: value('{{self}}'),
  incremental: value('{{#incremental}}...{{/incremental}}'),
  target: { ...value('{{target.name}}'), properties: ['name', 'type', 'schema'] },
  run: { ...value('{{run.started_at}}'), properties: ['id', 'started_at'] },
  ref: call(1, 1, "{{ref 'stg_supporters'}}"),
  source: call(2, 2, "{{source 'van' 'contacts'}}"),
  var: call(1, 1, "{{var 'cycle'}}"),
  env: call(1, 1, "{{env 'REGION'}}"),
  literal: call(1, 1, "{{literal (var 'state')}}"),
  ident: call(1, Infinity, "{{ident 'Last Name'}}"),
  eq: call(2, 2, "{{#if (eq target.name 'prod')}}"),
  ne: call(2, 2, "{{#if (ne target.name 'prod')}}"),
  lt: call(2, 2, "{{#if (lt (var 'cycle') 2026)}}"),
  le: call(2, 2, "{{#if (le (var 'cycle') 2026)}}"),
  gt: call(2, 2, "{{#if (gt (var 'cycle') 2026)}}"),
  ge: call(2, 2, "{{#if (ge (var 'cycle') 2026)}}"),
  and: call(2, Infinity, '{{#if (and a b)}}'),
  or: call(2, Infinity, '{{#if (or a b)}}'),
  not: call(1, 1, '{{#if (not a)}}'),
  in: call(2, Infinity, "{{#if (in target.name 'dev' 'ci')}}"),
  list: call(0, Infinity, "(list 'PA' 'GA')"),
  join: call(1, 2, "{{join columns ', '}}"),
  upper: call(1, 1, '{{upper name}}'),
  lower: call(1, 1, '{{lower name}}'),
  default: call(2, 2, "{{default (var 'region') 'all'}}"),
  lookup: call(2, 2, '{{lookup labels state}}'),
  if: block(1, ['includeZero'], '{{#if condition}}...{{else}}...{{/if}}'),
  unless: block(1, ['includeZero'], '{{#unless condition}}...{{/unless}}'),
  each: block(1, [], '{{#each states as |state|}}...{{/each}}'),
  with: block(1, [], '{{#with region}}...{{/with}}'),
  let: { kind: 'block', least: 0, most: Infinity, keys: 'any', usage: "{{#let states=(list 'PA' 'GA')}}...{{/let}}" },
  raw: block(0, [], '{{{{raw}}}}...{{{{/raw}}}}'),
}

function value(usage: string): BuiltInWord {
  return { kind: 'value', least: 0, most: 0, keys: [], usage }
}

function call(least: number, most: number, usage: string): BuiltInWord {
  return { kind: 'function', least, most, keys: [], usage }
}

function block(args: number, keys: readonly string[], usage: string): BuiltInWord {
  return { kind: 'block', least: args, most: args, keys, usage }
}

export const builtInWords: ReadonlySet<string> = new Set([...Object.keys(words), 'this', 'else', 'inline'])

export function findBuiltInWord(name: string): BuiltInWord | undefined {
  return Object.hasOwn(words, name) ? words[name] : undefined
}

/** The words behind `@`. */
export const dataWords: readonly string[] = ['index', 'key', 'first', 'last', 'root']
