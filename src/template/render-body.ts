/** Statements: text, tags, blocks. A mistake ends its statement alone. */
import { evaluate, printValue, unknownName } from './evaluate.ts'
import { bindLocals, enterContext, fail, TemplateMistake, type Frame } from './frame.ts'
import { described } from './built-in-functions.ts'
import { writeVerbatim, type Output } from './output.ts'
import type { BlockStatement, Body, Call, Expression, Path, Statement } from './program.ts'
import { definePartials, renderPartial } from './render-partial.ts'
import { isList, isRecord, isTruthy, type Value, withoutTrace } from './value.ts'

export function renderBody(frame: Frame, body: Body, output: Output): void {
  const inside = body[0]?.[0] === 'inline' ? definePartials(frame, body) : frame
  for (const statement of body) renderStatement(inside, statement, output)
}

function renderStatement(frame: Frame, statement: Statement, output: Output): void {
  if (statement[0] === 'text') {
    if (output.pieces) writeVerbatim(output, { source: frame.source, start: statement[1], end: statement[2], calls: frame.calls })
    else output.sql += frame.source.text.slice(statement[1], statement[2])
    return
  }
  try {
    if (statement[0] === 'print') printValue(frame, evaluate(frame, statement[3], true), statement, output)
    else if (statement[0] === 'block') renderBlock(frame, statement, output)
    else if (statement[0] === 'partial') renderPartial(frame, statement, output)
  } catch (error) {
    if (!(error instanceof TemplateMistake)) throw error
    frame.machine.diagnostics.push(error.diagnostic)
  }
}

function renderBlock(frame: Frame, block: BlockStatement, output: Output): void {
  const [, call, params, body, inverse] = block
  const [subject, ...others] = call[0] === 'call' ? call[4] : []
  const choose = (holds: boolean): void => renderBranch(frame, holds ? body : inverse, output)
  switch (wordOf(call)) {
    case 'if':
      return choose(holds(frame, call, subject!))
    case 'unless':
      return choose(!holds(frame, call, subject!))
    case 'incremental':
      return choose(frame.machine.scope.incremental)
    case 'raw':
      return choose(true)
    case 'each':
      return renderEach(frame, evaluate(frame, subject!), block, output, subject!)
    case 'with': {
      const value = evaluate(frame, subject!)
      return isEmpty(value) ? choose(false) : renderItem(frame, value, [value], params, body, output)
    }
    case 'let': {
      const named = call[0] === 'call' ? call[5] : []
      const values = subject ? [subject, ...others].map((arg) => evaluate(frame, arg)) : []
      const locals = bindLocals(
        frame.locals,
        [...params.slice(0, values.length), ...named.map(([, , key]) => key)],
        [...values, ...named.map(([, , , value]) => evaluate(frame, value))],
      )
      return renderBranch({ ...frame, locals }, body, output)
    }
    default:
      return renderSection(frame, block, output)
  }
}

function renderBranch(frame: Frame, body: Body | null, output: Output): void {
  if (body) renderBody(frame, body, output)
}

function wordOf(call: Call | Path): string {
  if (call[0] === 'call') return call[3]
  return call[0] === 'name' && call[4].length === 0 ? call[3] : ''
}

/** `includeZero=true` lets 0 hold. */
function holds(frame: Frame, call: Call | Path, subject: Expression): boolean {
  const value = evaluate(frame, subject)
  if (isTruthy(value)) return true
  const zero = call[0] === 'call' ? call[5].find(([, , key]) => key === 'includeZero') : undefined
  return zero !== undefined && value === 0 && isTruthy(evaluate(frame, zero[3]))
}

function isEmpty(value: Value): boolean {
  return value !== 0 && !isTruthy(value)
}

function renderEach(
  frame: Frame,
  value: Value,
  [, , params, body, inverse]: BlockStatement,
  output: Output,
  place: Expression | Path,
): void {
  if (value !== null && !isList(value) && !isRecord(value))
    fail(frame, place, { code: 'bad-arguments', message: `{{#each}} takes a list or an object, not ${described(value)}.` })
  const entries: readonly (readonly [string | number, Value])[] =
    value === null ? [] : isList(value) ? value.map((item, index) => [index, item]) : Object.entries(value)
  entries.forEach(([key, item], index) => {
    const loop = { index, key, first: index === 0, last: index === entries.length - 1, up: frame.loop }
    renderItem({ ...frame, loop }, item, [item, key], params, body, output)
  })
  if (entries.length === 0) renderBranch(frame, inverse, output)
}

function renderItem(frame: Frame, value: Value, values: readonly Value[], params: readonly string[], body: Body, output: Output): void {
  const inside = enterContext(frame, value)
  renderBody(params.length === 0 ? inside : { ...inside, locals: bindLocals(frame.locals, params, values) }, body, output)
}

/** `{{#name}}` of a value: once with it, for each item of a list, or not at all. */
function renderSection(frame: Frame, block: BlockStatement, output: Output): void {
  const [, call, params, body, inverse] = block
  if (call[0] === 'call' || isMacro(frame, call)) refuseBlock(frame, call)
  const value = evaluate(frame, call)
  const plain = withoutTrace(value)
  if (plain === true) renderBody(frame, body, output)
  else if (plain === false || plain === null) renderBranch(frame, inverse, output)
  else if (isList(value)) renderEach(frame, value, block, output, call)
  else renderItem(frame, value, [value], params, body, output)
}

function isMacro(frame: Frame, path: Path): boolean {
  const name = wordOf(path)
  if (name === '' || Object.hasOwn(frame.root, name) || frame.machine.scope.macro(name) === undefined) return false
  for (let local = frame.locals; local !== undefined; local = local.next) if (local.name === name) return false
  const { value } = frame.context
  return !(isRecord(value) && Object.hasOwn(value, name))
}

function refuseBlock(frame: Frame, call: Call | Path): never {
  const name = wordOf(call)
  if (frame.machine.scope.macro(name) === undefined) return unknownName(frame, call, name)
  return fail(frame, call, {
    code: 'bad-block',
    message: `\`${name}\` is a macro, which is no block.`,
    hint: `Call it as {{${name} ...}}.`,
  })
}
