/** From the call of a macro to the names that its body sees: by position, by name, the rest in a list, defaults. */
import type { MacroArg } from '../core/project.ts'
import { didYouMean } from '../core/nearest-name.ts'
import { described } from './built-in-functions.ts'
import { fail, type Frame, type Placed } from './frame.ts'
import type { MacroDefinition } from './template.ts'
import { isList, kindOf, withoutTrace, type Value, type ValueRecord } from './value.ts'

/** An argument as evaluated, and where it stands. */
interface GivenArgument {
  readonly value: Value
  readonly place: Placed
}

export interface MacroCall {
  readonly macro: MacroDefinition
  readonly place: Placed
  readonly args: readonly GivenArgument[]
  readonly hash: readonly (GivenArgument & { readonly key: string })[]
}

export function bindArguments(frame: Frame, call: MacroCall): ValueRecord {
  const bound = Object.create(null) as Record<string, Value>
  bindPositions(frame, call, bound)
  bindNames(frame, call, bound)
  for (const arg of call.macro.args) {
    if (!Object.hasOwn(bound, arg.name)) bound[arg.name] = absentValue(frame, call, arg)
  }
  return bound
}

function bindPositions(frame: Frame, call: MacroCall, bound: Record<string, Value>): void {
  const { macro, args } = call
  args.forEach((given, index) => {
    const arg = macro.args[index]
    if (arg?.variadic || (arg === undefined && macro.args.at(-1)?.variadic)) return
    if (arg === undefined) refuse(frame, given.place, `\`${macro.name}\` takes ${signature(macro)}, and ${countOf(args.length)} given.`)
    bound[arg.name] = checked(frame, macro, arg, given)
  })
  const rest = macro.args.findIndex((arg) => arg.variadic)
  const arg = macro.args[rest]
  if (arg && args.length > rest) bound[arg.name] = args.slice(rest).flatMap((given) => spreadItem(frame, macro, arg, given))
}

/** A list given for the rest is its items. */
function spreadItem(frame: Frame, macro: MacroDefinition, arg: MacroArg, given: GivenArgument): readonly Value[] {
  if (isList(given.value) && arg.type !== 'list') return given.value.map((value) => checked(frame, macro, arg, { ...given, value }))
  return [checked(frame, macro, arg, given)]
}

function bindNames(frame: Frame, { macro, hash }: MacroCall, bound: Record<string, Value>): void {
  for (const given of hash) {
    const arg = macro.args.find(({ name }) => name === given.key)
    if (!arg) {
      const names = macro.args.map(({ name }) => name)
      const hint = didYouMean(given.key, names) ?? `It takes ${signature(macro)}.`
      refuse(frame, given.place, `\`${macro.name}\` takes no argument named \`${given.key}\`.`, hint)
    } else if (Object.hasOwn(bound, arg.name)) {
      refuse(frame, given.place, `\`${arg.name}\` is given by position and by name.`)
    } else bound[arg.name] = arg.variadic ? spreadItem(frame, macro, arg, given) : checked(frame, macro, arg, given)
  }
}

function absentValue(frame: Frame, { macro, place }: MacroCall, arg: MacroArg): Value {
  if (arg.default !== undefined) return arg.default
  if (arg.required) refuse(frame, place, `\`${macro.name}\` needs its argument \`${arg.name}\`.`, `It takes ${signature(macro)}.`)
  return arg.variadic ? [] : null
}

const expected: Readonly<Record<MacroArg['type'], string>> = {
  sql: 'SQL, as text',
  string: 'text',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  list: 'a list',
  any: 'a value',
}

function checked(frame: Frame, macro: MacroDefinition, arg: MacroArg, { value, place }: GivenArgument): Value {
  if (fits(value, arg)) return value
  return refuse(frame, place, `\`${arg.name}\` of \`${macro.name}\` is ${expected[arg.type]}, not ${described(value)}.`)
}

function fits(value: Value, { type, required }: MacroArg): boolean {
  const kind = kindOf(value)
  if (kind === 'null' && !required) return true
  switch (type) {
    case 'any':
      return true
    case 'sql':
      return kind === 'text' || kind === 'number' || kind === 'boolean'
    case 'string':
      return kind === 'text'
    case 'integer':
      return Number.isInteger(withoutTrace(value))
    case 'number':
    case 'boolean':
    case 'list':
      return kind === type
    default:
      return type satisfies never
  }
}

/** `2 arguments (column, scale)`. */
function signature({ args }: MacroDefinition): string {
  if (args.length === 0) return 'no arguments'
  const names = args.map(({ name, variadic }) => (variadic ? `...${name}` : name)).join(', ')
  return `${args.length === 1 ? '1 argument' : `${args.length} arguments`} (${names})`
}

function countOf(count: number): string {
  return count === 1 ? '1 is' : `${count} are`
}

function refuse(frame: Frame, place: Placed, message: string, hint?: string): never {
  return fail(frame, place, { code: 'bad-arguments', message, hint })
}
