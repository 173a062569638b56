/**
 * Expressions: names, paths, literals and calls. Strict: what is not known is a mistake wherever it stands, and only own
 * properties of JSON are properties.
 */
import { didYouMean } from '../core/nearest-name.ts'
import { toSpan } from '../core/span.ts'
import { builtInWords, findBuiltInWord } from './built-in-words.ts'
import { callBuiltIn, described } from './built-in-functions.ts'
import { fail, type Frame, type Placed } from './frame.ts'
import { bindArguments } from './macro-arguments.ts'
import { addVerbatimPieces, finishOutput, newOutput, writeComputed, writeRendered, type Output } from './output.ts'
import type { Call, Expression, Hash, Literal, Path } from './program.ts'
import { trimEndRendered } from './rendered.ts'
import type { MacroDefinition, Piece } from './template.ts'
import { findTrace, isList, isRecord, traced, type Value, type ValueRecord, withoutTrace } from './value.ts'

type NamePath = Extract<Path, readonly ['name', ...unknown[]]>
type ThisPath = Extract<Path, readonly ['this', ...unknown[]]>
type DataPath = Extract<Path, readonly ['data', ...unknown[]]>

/** `asTag`: a bare name may call a macro, as it may in `{{name}}` but not in an argument. */
export function evaluate(frame: Frame, expression: Expression, asTag = false): Value {
  switch (expression[0]) {
    case 'value':
      return frame.machine.mapped && typeof expression[3] === 'string' ? traceLiteral(frame, expression, expression[3]) : expression[3]
    case 'call':
      return evaluateCall(frame, expression)
    case 'name':
      return evaluateName(frame, expression, asTag)
    case 'this':
      return followParts(frame, contextAt(frame, expression), expression[4], expression)
    case 'data':
      return evaluateData(frame, expression)
    default:
      return expression satisfies never
  }
}

/** Prints a value for the tag at `place`. */
export function printValue(frame: Frame, value: Value, place: Placed, output: Output): void {
  if (typeof value === 'object') {
    const trace = findTrace(value)
    if (trace) return writeRendered(output, trace)
    fail(frame, place, whyNoText(value))
  }
  const text = String(value)
  if (output.pieces) writeComputed(output, text, toSpan(frame.source, place[1], place[2]), frame.calls)
  else output.sql += text
}

function whyNoText(value: Value): { code: string; message: string; hint: string } {
  const code = 'no-text'
  if (value === null)
    return { code, message: 'Null has no text.', hint: 'Write {{literal ...}} for an SQL null, or {{default ... }} for another value.' }
  if (isList(value)) return { code, message: 'A list has no text.', hint: "Write {{join list ', '}}, {{literal list}}, or {{#each list}}." }
  return { code, message: 'An object has no text.', hint: 'Name one of its properties, or write {{literal ...}} for JSON.' }
}

/** A literal leads to where it stands, so that an error in it is found there even after it went through macros. */
function traceLiteral({ source, calls }: Frame, [, start, end]: Literal, text: string): Value {
  if (text === '') return text
  const verbatim = source.text.slice(start + 1, end - 1) === text
  const pieces: Piece[] = []
  if (verbatim) addVerbatimPieces(pieces, 0, { source, start: start + 1, end: end - 1, calls })
  else pieces.push({ at: 0, span: toSpan(source, start, end), verbatim: false, calls })
  return traced({ sql: text, pieces })
}

function evaluateCall(frame: Frame, call: Call): Value {
  const [, , , name, args, hash] = call
  if (name === 'join') return joinItems(frame, call)
  if (findBuiltInWord(name)) {
    const values = args.map((arg) => evaluate(frame, arg))
    const refuse = (index: number, message: string, hint?: string): never =>
      fail(frame, args[index] ?? call, { code: 'bad-arguments', message, hint })
    const value = callBuiltIn(name, { scope: frame.machine.scope, args: values, refuse })
    return value === undefined ? unknownName(frame, call, name) : value
  }
  if (findLocal(frame, name) !== undefined || Object.hasOwn(frame.root, name))
    return fail(frame, call, { code: 'bad-arguments', message: `\`${name}\` is a value and takes no arguments.` })
  const macro = frame.machine.scope.macro(name)
  return macro ? callMacro(frame, macro, call, args, hash) : unknownName(frame, call, name)
}

function joinItems(frame: Frame, call: Call): Value {
  const [items, separator] = call[4]
  const list = evaluate(frame, items!)
  if (!isList(list))
    return fail(frame, items!, {
      code: 'bad-arguments',
      message: `A list is expected here, not ${described(list)}.`,
      hint: "Write (list 'a' 'b').",
    })
  const between = separator ? evaluate(frame, separator) : ', '
  const output = newOutput(frame.machine.mapped)
  list.forEach((item, index) => {
    if (index > 0) printValue(frame, between, call, output)
    printValue(frame, item, call, output)
  })
  return frame.machine.mapped ? traced(finishOutput(output)) : output.sql
}

function callMacro(frame: Frame, macro: MacroDefinition, place: Call | NamePath, args: readonly Expression[], hash: Hash): Value {
  if (frame.macros.includes(macro.name)) failRecursion(frame, macro.name, place)
  const given = {
    macro,
    place,
    args: args.map((arg) => ({ value: evaluate(frame, arg), place: arg })),
    hash: hash.map(([start, end, key, value]) => ({ key, value: evaluate(frame, value), place: ['pair', start, end] as const })),
  }
  const root = bindArguments(frame, given)
  const output = newOutput(frame.machine.mapped)
  const body: Frame = {
    ...rootFrame(frame, root),
    source: macro.sql,
    calls: [toSpan(frame.source, place[1], place[2]), ...frame.calls],
    macros: [macro.name, ...frame.macros],
  }
  frame.machine.renderBody(body, macro.template, output)
  return frame.machine.mapped ? traced(trimEndRendered(finishOutput(output))) : output.sql.trimEnd()
}

/** A macro sees its arguments, and nothing of its caller. */
function rootFrame({ machine, source, calls, macros }: Frame, root: ValueRecord): Frame {
  const context = { value: root, up: undefined }
  return {
    machine,
    source,
    calls,
    macros,
    root,
    context,
    locals: undefined,
    loop: undefined,
    partials: undefined,
    partialBlock: undefined,
    partialDepth: 0,
  }
}

function failRecursion(frame: Frame, name: string, place: Placed): never {
  const chain = [...frame.macros.slice(0, frame.macros.indexOf(name) + 1).reverse(), name]
  return fail(frame, place, { code: 'macro-recursion', message: `The macro \`${name}\` calls itself: ${chain.join(' → ')}.` })
}

function evaluateName(frame: Frame, path: NamePath, asTag: boolean): Value {
  const [, , , name, parts] = path
  const value = findNamed(frame, path)
  if (value !== undefined) return parts.length === 0 ? value : followParts(frame, value, parts, path)
  const call: Call = ['call', path[1], path[2], name, [], []]
  if (asTag && parts.length === 0 && findBuiltInWord(name)) return evaluateCall(frame, call)
  const macro = frame.machine.scope.macro(name)
  if (!macro) return unknownName(frame, path, name)
  if (asTag && parts.length === 0) return callMacro(frame, macro, path, [], [])
  return fail(frame, path, {
    code: 'bad-arguments',
    message: `\`${name}\` is a macro, which is called in parentheses.`,
    hint: `Write (${name}).`,
  })
}

/** Null is a value. */
function findNamed(frame: Frame, path: NamePath): Value | undefined {
  const local = findLocal(frame, path[3])
  if (local !== undefined) return local
  const word = findValueWord(frame, path)
  return word === undefined ? findProperty(frame, path[3]) : word
}

function findLocal({ locals }: Frame, name: string): Value | undefined {
  for (let local = locals; local !== undefined; local = local.next) if (local.name === name) return local.value
  return undefined
}

function findValueWord(frame: Frame, path: NamePath): Value | undefined {
  const { scope } = frame.machine
  switch (path[3]) {
    case 'self':
      return (
        scope.self ??
        fail(frame, path, { code: 'misplaced-state', message: '`self` is the relation that is built, and nothing is built here.' })
      )
    case 'incremental':
      return scope.incremental
    case 'target':
      return { ...scope.target }
    case 'run':
      return { ...scope.run }
    default:
      return undefined
  }
}

/** Of `this`, else of the template as a whole. Built-in words are no properties: `this.list` is. */
function findProperty({ context, root }: Frame, name: string): Value | undefined {
  if (builtInWords.has(name)) return undefined
  if (isRecord(context.value) && Object.hasOwn(context.value, name)) return context.value[name]
  return Object.hasOwn(root, name) ? root[name] : undefined
}

function contextAt(frame: Frame, path: ThisPath): Value {
  let context: Frame['context'] | undefined = frame.context
  for (let depth = path[3]; depth > 0 && context !== undefined; depth--) context = context.up
  if (context === undefined) return fail(frame, path, { code: 'unknown-name', message: '`..` leads out of the template.' })
  return context.value
}

function evaluateData(frame: Frame, path: DataPath): Value {
  const [, , , name, parts, depth] = path
  if (name === 'root') return followParts(frame, frame.root, parts, path)
  let loop = frame.loop
  for (let level = depth; level > 0 && loop !== undefined; level--) loop = loop.up
  if (loop === undefined) return fail(frame, path, { code: 'unknown-name', message: `\`@${name}\` is known in {{#each}} alone.` })
  const value = name === 'index' ? loop.index : name === 'key' ? loop.key : name === 'first' ? loop.first : loop.last
  return followParts(frame, value, parts, path)
}

function followParts(frame: Frame, from: Value, parts: readonly string[], path: Path): Value {
  let value = from
  for (const part of parts) value = propertyOf(frame, value, part, path)
  return value
}

function propertyOf(frame: Frame, holder: Value, name: string, path: Path): Value {
  const plain = withoutTrace(holder)
  if (isRecord(plain)) {
    if (Object.hasOwn(plain, name)) return plain[name]!
    return fail(frame, path, {
      code: 'unknown-name',
      message: `\`${written(frame, path)}\` is not known.`,
      hint: didYouMean(name, Object.keys(plain)),
    })
  }
  if (isList(plain) || typeof plain === 'string') {
    if (name === 'length') return plain.length
    const item = isList(plain) && /^\d+$/.test(name) ? plain[Number(name)] : undefined
    if (item !== undefined) return item
  }
  return fail(frame, path, {
    code: 'unknown-name',
    message: `\`${written(frame, path)}\` is not known: ${described(plain)} has no \`${name}\`.`,
  })
}

function written({ source }: Frame, [, start, end]: Path): string {
  return source.text.slice(start, end)
}

/** With the nearest of all names that mean something there. */
export function unknownName(frame: Frame, place: Placed, name: string): never {
  const { context, root, machine } = frame
  const locals: string[] = []
  for (let local = frame.locals; local !== undefined; local = local.next) locals.push(local.name)
  const properties = isRecord(context.value) ? Object.keys(context.value) : []
  const hint = Object.hasOwn(machine.scope.vars, name)
    ? `It is a variable: write {{var '${name}'}}.`
    : didYouMean(name, [...locals, ...properties, ...Object.keys(root), ...builtInWords])
  return fail(frame, [place[0], place[1], Math.max(place[2], place[1])], {
    code: 'unknown-name',
    message: `\`${name}\` is not known here.`,
    hint,
  })
}
