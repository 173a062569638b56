/** What the built-in functions compute. `built-in-words.ts` says how many arguments each takes, which has been checked. */
import { didYouMean } from '../core/nearest-name.ts'
import type { RenderScope } from './template.ts'
import { isList, isRecord, isTruthy, kindOf, toJson, withoutTrace, type Value } from './value.ts'

export interface FunctionCall {
  readonly scope: RenderScope
  readonly args: readonly Value[]
  /** Reports a mistake in the argument at `index` (0-based). */
  readonly refuse: (index: number, message: string, hint?: string) => never
}

/** Undefined where `name` is no built-in function. `join` is the evaluator's, because it prints. */
export function callBuiltIn(name: string, call: FunctionCall): Value | undefined {
  return Object.hasOwn(functions, name) ? functions[name]!(call) : undefined
}

const functions: Readonly<Record<string, (call: FunctionCall) => Value>> = {
  ref: (call) => call.scope.ref(textOf(call, 0)),
  source: (call) => call.scope.source(textOf(call, 0), textOf(call, 1)),
  var: readVar,
  env: (call) => call.scope.env(textOf(call, 0)),
  literal: ({ scope, args, refuse }) => literal(scope, args[0]!, refuse),
  ident: (call) => call.args.map((_, index) => call.scope.quoteIdentifier(identifier(call, index))).join('.'),
  eq: (call) => isEqual(call),
  ne: (call) => !isEqual(call),
  lt: (call) => compare(call) < 0,
  le: (call) => compare(call) <= 0,
  gt: (call) => compare(call) > 0,
  ge: (call) => compare(call) >= 0,
  and: ({ args }) => args.every(isTruthy),
  or: ({ args }) => args.some(isTruthy),
  not: ({ args }) => !isTruthy(args[0]!),
  in: isIn,
  list: ({ args }) => args,
  upper: (call) => textOf(call, 0).toUpperCase(),
  lower: (call) => textOf(call, 0).toLowerCase(),
  default: ({ args }) => (args[0] === null ? args[1]! : args[0]!),
  lookup: lookUp,
}

function textOf({ args, refuse }: FunctionCall, index: number): string {
  const value = withoutTrace(args[index]!)
  return typeof value === 'string' ? value : refuse(index, `Text is expected here, not ${described(args[index]!)}.`)
}

function identifier(call: FunctionCall, index: number): string {
  const name = textOf(call, index)
  return name === '' ? call.refuse(index, 'An identifier is never empty.') : name
}

function readVar(call: FunctionCall): Value {
  const name = textOf(call, 0)
  const { vars } = call.scope
  if (Object.hasOwn(vars, name)) return vars[name]!
  return call.refuse(0, `No variable \`${name}\` is declared.`, didYouMean(name, Object.keys(vars)))
}

/** A list is a parenthesised one, for `in {{literal states}}`; an empty one would change the meaning of `not in`. */
function literal(scope: RenderScope, value: Value, refuse: FunctionCall['refuse']): string {
  if (!isList(value)) return scope.quoteLiteral(toJson(value))
  if (value.length === 0) return refuse(0, 'An empty list has no SQL literal.', 'Ask with {{#if}} whether it has items.')
  return `(${value.map((item) => scope.quoteLiteral(toJson(item))).join(', ')})`
}

/** Null equals null alone; two kinds are never compared in silence. */
function isEqual({ args, refuse }: FunctionCall): boolean {
  const [left, right] = [withoutTrace(args[0]!), withoutTrace(args[1]!)]
  if (left === null || right === null) return left === right
  const kind = kindOf(left)
  if (kind === 'list' || kind === 'object') return refuse(0, `A ${kind} cannot be compared.`)
  if (kind !== kindOf(right)) return refuse(1, `${sentence(described(left))} is compared with ${described(right)}, which are never equal.`)
  return left === right
}

function compare({ args, refuse }: FunctionCall): number {
  const [left, right] = [withoutTrace(args[0]!), withoutTrace(args[1]!)]
  if (typeof left === 'number' && typeof right === 'number') return left - right
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0
  const index = typeof left === 'number' || typeof left === 'string' ? 1 : 0
  return refuse(index, `Two numbers or two texts have an order; here ${described(left)} meets ${described(right)}.`)
}

/** `(in x list)`, or `(in x a b c)`; values of another kind are never equal, which is refused as in `eq`. */
function isIn({ args, refuse }: FunctionCall): boolean {
  const [needle, ...rest] = args.map(withoutTrace)
  const [first] = rest
  const inList = rest.length === 1 && first !== undefined && isList(first)
  const items = inList ? first.map(withoutTrace) : rest
  const kind = kindOf(needle!)
  const wrong = items.findIndex((item) => item !== null && kind !== 'null' && kindOf(item) !== kind)
  if (wrong !== -1)
    return refuse(
      inList ? 1 : wrong + 1,
      `${sentence(described(needle!))} is looked for among values of which one is ${described(items[wrong]!)}.`,
    )
  return items.includes(needle!)
}

function lookUp({ args, refuse }: FunctionCall): Value {
  const [holder, key] = [args[0]!, withoutTrace(args[1]!)]
  if (isList(holder)) {
    const item = typeof key === 'number' ? holder[key] : undefined
    return item === undefined
      ? refuse(1, `The list has no item ${JSON.stringify(toJson(key))}: it has ${holder.length}, counted from 0.`)
      : item
  }
  if (!isRecord(holder)) return refuse(0, `A list or an object is expected here, not ${described(holder)}.`)
  const name =
    typeof key === 'string' || typeof key === 'number' ? String(key) : refuse(1, `A name is expected here, not ${described(key)}.`)
  return Object.hasOwn(holder, name) ? holder[name]! : refuse(1, `There is no \`${name}\` in it.`, didYouMean(name, Object.keys(holder)))
}

const articles = { text: 'text', number: 'a number', boolean: 'a boolean', null: 'null', list: 'a list', object: 'an object' }

/** For messages: `a number`. */
export function described(value: Value): string {
  return articles[kindOf(value)]
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
