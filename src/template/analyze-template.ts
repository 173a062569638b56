/**
 * What a template uses and what is wrong with it, found without running anything: every branch, loop and inline partial
 * is read, also those that a run would not enter.
 */
import { didYouMean } from '../core/nearest-name.ts'
import type { SqlSource } from '../core/span.ts'
import { calledName, emptyFacts, report, type Reading, type Surroundings } from './analysis.ts'
import { builtInWords, findBuiltInWord } from './built-in-words.ts'
import type { BlockStatement, Body, Call, PartialStatement, Path, Statement, Template } from './program.ts'
import { readBuiltInCall, readExpression } from './read-expression.ts'
import type { TemplateAnalysis } from './template.ts'

export function analyzeTemplate(template: Template, source: SqlSource): TemplateAnalysis {
  const facts = emptyFacts()
  const reading: Reading = { source, facts, diagnostics: [], partials: new Set(inlineNames(template)) }
  readBody(reading, template, { locals: [], hasItem: false, inLoop: false })
  return { facts, diagnostics: reading.diagnostics }
}

function inlineNames(body: Body): string[] {
  return body.flatMap((statement) => {
    if (statement[0] === 'inline') return [statement[1], ...inlineNames(statement[2])]
    if (statement[0] === 'block') return [...inlineNames(statement[3]), ...inlineNames(statement[4] ?? [])]
    if (statement[0] === 'partial') return inlineNames(statement[7] ?? [])
    return []
  })
}

function readBody(reading: Reading, body: Body, around: Surroundings): void {
  for (const statement of body) readStatement(reading, statement, around)
}

function readStatement(reading: Reading, statement: Statement, around: Surroundings): void {
  switch (statement[0]) {
    case 'text':
      return
    case 'print':
      return readExpression(reading, statement[3], around, 'tag')
    case 'block':
      return readBlock(reading, statement, around)
    case 'partial':
      return readPartial(reading, statement, around)
    case 'inline':
      return readBody(reading, statement[2], { ...around, hasItem: true, inLoop: true })
    default:
      return statement satisfies never
  }
}

function readBlock(reading: Reading, [, call, params, body, inverse]: BlockStatement, around: Surroundings): void {
  const name = calledName(call)
  const word = around.locals.includes(name) ? undefined : findBuiltInWord(name)
  if (word?.kind === 'block') readBuiltInCall(reading, call, word, around)
  else readExpression(reading, call, around, 'block')
  const named = name === 'let' && call[0] === 'call' ? call[5].map(([, , key]) => key) : []
  for (const local of [...named, ...params]) checkLocal(reading, local, call)
  const isSection = word === undefined
  readBody(reading, body, {
    locals: [...params, ...named, ...around.locals],
    hasItem: around.hasItem || name === 'each' || name === 'with' || isSection,
    inLoop: around.inLoop || name === 'each' || isSection,
  })
  if (inverse) readBody(reading, inverse, around)
}

function checkLocal(reading: Reading, local: string, place: Call | Path): void {
  if (builtInWords.has(local)) report(reading, 'reserved-name', `\`${local}\` is a built-in word, and cannot name something else.`, place)
}

function readPartial(reading: Reading, partial: PartialStatement, around: Surroundings): void {
  const [, , , name, context, hash, , body] = partial
  if (typeof name !== 'string') readExpression(reading, name, around, 'argument')
  else if (body === null && name !== '@partial-block' && !reading.partials.has(name)) {
    const inline =
      'Partials are the inline ones of the same file: {{#*inline "name"}}...{{/inline}}. For SQL that files share, write a macro.'
    report(
      reading,
      'unknown-partial',
      `No inline partial \`${name}\` is in this file.`,
      partial,
      didYouMean(name, reading.partials) ?? inline,
    )
  }
  if (context) readExpression(reading, context, around, 'argument')
  for (const [, , , value] of hash) readExpression(reading, value, around, 'argument')
  if (body) readBody(reading, body, around)
}
