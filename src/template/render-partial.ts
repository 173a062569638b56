/**
 * Inline partials, as Handlebars has them: known from the head of the block that defines them, called by name with a
 * context and values, or around a block that they print as `@partial-block`.
 */
import { sliceRendered } from './rendered.ts'
import { didYouMean } from '../core/nearest-name.ts'
import { toSpan } from '../core/span.ts'
import { evaluate } from './evaluate.ts'
import { enterContext, fail, type Frame, type InlinePartial } from './frame.ts'
import { finishOutput, newOutput, writeComputed, writeRendered, type Output } from './output.ts'
import type { Body, Hash, PartialStatement } from './program.ts'
import { isRecord, withoutTrace, type Value } from './value.ts'

/** The inline partials at the head of `body` added to those that are known. */
export function definePartials(frame: Frame, body: Body): Frame {
  let partials = frame.partials
  for (const statement of body) {
    if (statement[0] !== 'inline') break
    partials = { name: statement[1], body: statement[2], frame, next: partials }
  }
  return { ...frame, partials }
}

const deepest = 200

export function renderPartial(frame: Frame, statement: PartialStatement, output: Output): void {
  const [, start, end, , , , indent] = statement
  if (frame.partialDepth >= deepest)
    fail(frame, statement, { code: 'partial-recursion', message: 'This partial calls itself without end.' })
  if (indent === '') return renderCalled(frame, statement, output)
  const inner = newOutput(frame.machine.mapped)
  renderCalled(frame, statement, inner)
  indentLines(inner, output, (line) => writeComputed(line, indent, toSpan(frame.source, start, end), frame.calls))
}

/** Each line behind the white space that stands before the tag, as Handlebars does for a partial alone on its line. */
function indentLines(inner: Output, output: Output, writeIndent: (output: Output) => void): void {
  const rendered = finishOutput(inner)
  for (let from = 0; from < rendered.sql.length;) {
    const lineBreak = rendered.sql.indexOf('\n', from)
    const to = lineBreak === -1 ? rendered.sql.length : lineBreak + 1
    writeIndent(output)
    writeRendered(output, sliceRendered(rendered, from, to))
    from = to
  }
}

function renderCalled(frame: Frame, statement: PartialStatement, output: Output): void {
  const [, , , , context, hash, , block] = statement
  const given = context ? evaluate(frame, context) : frame.context.value
  const value = hash.length === 0 ? given : mergeHash(frame, given, hash)
  const name = partialName(frame, statement)
  if (name === '@partial-block') return renderPartialBlock(frame, statement, value, output)
  const around: Frame = block ? definePartials(frame, block) : frame
  const partial = findPartial(around, name)
  if (!partial && !block) failUnknown(frame, statement, name)
  const definition = partial?.frame ?? frame
  const inside: Frame = {
    ...enterContext(definition, value),
    loop: frame.loop,
    partials: around.partials,
    partialBlock: block && partial ? { body: block, frame } : frame.partialBlock,
    partialDepth: frame.partialDepth + 1,
  }
  frame.machine.renderBody(inside, partial?.body ?? block ?? [], output)
}

function partialName(frame: Frame, statement: PartialStatement): string {
  const name = statement[3]
  if (typeof name === 'string') return name
  const value = withoutTrace(evaluate(frame, name))
  return typeof value === 'string' ? value : fail(frame, statement, { code: 'bad-arguments', message: 'The name of a partial is text.' })
}

function findPartial(frame: Frame, name: string): InlinePartial | undefined {
  for (let partial = frame.partials; partial !== undefined; partial = partial.next) if (partial.name === name) return partial
  return undefined
}

function failUnknown(frame: Frame, statement: PartialStatement, name: string): never {
  const known: string[] = []
  for (let partial = frame.partials; partial !== undefined; partial = partial.next) known.push(partial.name)
  return fail(frame, statement, {
    code: 'unknown-partial',
    message: `No inline partial \`${name}\` is known here.`,
    hint: didYouMean(name, known),
  })
}

/** The block runs with the names of where it was written, and with the block, if any, that was around it there. */
function renderPartialBlock(frame: Frame, statement: PartialStatement, value: Value, output: Output): void {
  const { partialBlock } = frame
  if (partialBlock === undefined)
    return fail(frame, statement, {
      code: 'unknown-partial',
      message: '`@partial-block` is known in a partial that is called around a block.',
    })
  const { body, frame: written } = partialBlock
  const inside: Frame = {
    ...enterContext(written, value),
    loop: frame.loop,
    partials: frame.partials,
    partialDepth: frame.partialDepth + 1,
  }
  frame.machine.renderBody(inside, body, output)
}

function mergeHash(frame: Frame, context: Value, hash: Hash): Value {
  const merged = Object.create(null) as Record<string, Value>
  if (isRecord(context)) Object.assign(merged, context)
  for (const [, , key, value] of hash) merged[key] = evaluate(frame, value)
  return merged
}
