/**
 * What a template uses and what is wrong with it, found without running anything: every branch, loop and inline partial
 * is read, also those that a run would not enter.
 */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { didYouMean } from '../core/nearest-name.ts'
import { toSpan, type SqlSource } from '../core/span.ts'
import { builtInWords, dataWords, findBuiltInWord, type BuiltInWord } from './built-in-words.ts'
import type { BlockStatement, Body, Call, Expression, Hash, PartialStatement, Path, Statement } from './program.ts'
import type { Template } from './program.ts'
import type { TemplateAnalysis, TemplateFacts, Use } from './template.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer I)[] ? I[] : T[K] }

interface Reading {
  readonly source: SqlSource
  readonly facts: Mutable<TemplateFacts>
  readonly diagnostics: Diagnostic[]
  /** Every inline partial of the file. */
  readonly partials: ReadonlySet<string>
}

/** What stands around a place of the template. */
interface Surroundings {
  /** Block parameters and names of `let`, innermost first. */
  readonly locals: readonly string[]
  /** `this` is an item, whose properties are names. */
  readonly hasItem: boolean
  /** `@index` and its kin mean something. */
  readonly inLoop: boolean
}

/** Where an expression stands decides whether a bare name calls a macro. */
type Position = 'tag' | 'block' | 'argument'

export function analyzeTemplate(template: Template, source: SqlSource): TemplateAnalysis {
  const facts = emptyFacts()
  const reading: Reading = { source, facts, diagnostics: [], partials: new Set(inlineNames(template)) }
  readBody(reading, template, { locals: [], hasItem: false, inLoop: false })
  return { facts, diagnostics: reading.diagnostics }
}

export function emptyFacts(): Mutable<TemplateFacts> {
  return {
    refs: [],
    sources: [],
    vars: [],
    envs: [],
    names: [],
    stateUses: [],
    usesSelf: false,
    usesIncremental: false,
    usesRun: false,
    usesTarget: false,
  }
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

/** The word that a tag begins with, when it is a bare one. */
function calledName(call: Call | Path): string {
  if (call[0] === 'call') return call[3]
  return call[0] === 'name' && call[4].length === 0 ? call[3] : ''
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

function readExpression(reading: Reading, expression: Expression, around: Surroundings, position: Position): void {
  switch (expression[0]) {
    case 'value':
      return
    case 'call':
      return readCall(reading, expression, around, position)
    case 'name':
      return readName(reading, expression, around, position)
    case 'this':
      return readThis(reading, expression, around)
    case 'data':
      return readData(reading, expression, around)
    default:
      return expression satisfies never
  }
}

function readCall(reading: Reading, call: Call, around: Surroundings, position: Position): void {
  const [, start, , name] = call
  const word = findBuiltInWord(name)
  if (name === '') readArguments(reading, call, around)
  else if (around.locals.includes(name)) report(reading, 'bad-arguments', `\`${name}\` is a value and takes no arguments.`, call)
  else if (word === undefined) {
    const nameStart = reading.source.text.indexOf(name, start)
    reading.facts.names.push({ name, start: nameStart, end: nameStart + name.length })
    readArguments(reading, call, around)
  } else if (word.kind === 'block') report(reading, 'bad-block', `\`${name}\` is a block.`, call, `Write ${word.usage}.`)
  else if (position === 'block' && word.kind === 'function') reportNoBlock(reading, name, call)
  else readBuiltInCall(reading, call, word, around)
}

function readArguments(reading: Reading, [, , , , args, hash]: Call, around: Surroundings): void {
  for (const arg of args) readExpression(reading, arg, around, 'argument')
  for (const [, , , value] of hash) readExpression(reading, value, around, 'argument')
}

function reportNoBlock(reading: Reading, name: string, place: Call | Path): void {
  const condition = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'and', 'or', 'not', 'in'].includes(name)
  const hint = condition ? `Write {{#if (${name} ...)}}.` : `Write ${findBuiltInWord(name)?.usage ?? ''}.`
  report(reading, 'bad-block', `\`${name}\` is no block.`, place, hint)
}

function readBuiltInCall(reading: Reading, call: Call | Path, word: BuiltInWord, around: Surroundings): void {
  const name = calledName(call)
  const [args, hash]: [readonly Expression[], Hash] = call[0] === 'call' ? [call[4], call[5]] : [[], []]
  const complete = checkArguments(reading, call, word, args, hash)
  if (call[0] !== 'call') return
  if (name === 'ref' || name === 'source' || name === 'var' || name === 'env') {
    if (complete) readLookup(reading, name, call)
  } else readArguments(reading, call, around)
}

function checkArguments(reading: Reading, place: Call | Path, word: BuiltInWord, args: readonly Expression[], hash: Hash): boolean {
  const name = calledName(place)
  const { keys, least, most, usage } = word
  const unknown = keys === 'any' ? undefined : hash.find(([, , key]) => !keys.includes(key))
  if (unknown) {
    const known = keys === 'any' || keys.length === 0 ? `Write ${usage}.` : didYouMean(unknown[2], keys)
    report(reading, 'bad-arguments', `\`${name}\` takes no argument named \`${unknown[2]}\`.`, unknown, known)
  }
  const enough = args.length >= least && args.length <= most
  if (!enough) report(reading, 'bad-arguments', wrongCount(name, word, args.length), place, `Write ${usage}.`)
  return enough && unknown === undefined
}

function wrongCount(name: string, { least, most }: BuiltInWord, given: number): string {
  const range = least === most ? String(least) : most === Infinity ? `at least ${least}` : `${least} to ${most}`
  const wanted =
    least === 0 && most === 0 ? 'no argument' : `${range} ${(most === Infinity ? least : most) === 1 ? 'argument' : 'arguments'}`
  return `\`${name}\` takes ${wanted}, and ${given === 0 ? 'none is' : given === 1 ? 'one is' : `${given} are`} given.`
}

type LookupWord = 'ref' | 'source' | 'var' | 'env'
const factOf: Readonly<Record<LookupWord, 'refs' | 'sources' | 'vars' | 'envs'>> = {
  ref: 'refs',
  source: 'sources',
  var: 'vars',
  env: 'envs',
}

/** Names of nodes and variables are literal, so that they are known without running anything. */
function readLookup(reading: Reading, word: LookupWord, [, , , , args]: Call): void {
  const names: string[] = []
  for (const arg of args) {
    if (arg[0] === 'value' && typeof arg[3] === 'string') names.push(arg[3])
    else return reportComputed(reading, word, arg)
  }
  const use: Use = { name: names.join('.'), start: args[0]![1], end: args.at(-1)![2] }
  reading.facts[factOf[word]].push(use)
}

function reportComputed(reading: Reading, word: LookupWord, arg: Expression): void {
  const written = reading.source.text.slice(arg[1], arg[2])
  const what = word === 'ref' || word === 'source' ? 'What a file reads' : 'Which variables a file reads'
  const message = `\`${word}\` takes a name in quotes: \`${written}\` is computed. ${what} is found without running it.`
  report(reading, 'computed-name', message, arg, hintForComputed(word, written, arg))
}

function hintForComputed(word: LookupWord, written: string, arg: Expression): string {
  if (word === 'source')
    return "Write {{source 'name' 'table'}} once in each branch of an {{#if}}, or give a macro the relation itself: (source 'name' 'table')."
  const isBare = arg[0] === 'name' && arg[4].length === 0
  if (word !== 'ref') return isBare ? `Write {{${word} '${written}'}}.` : `Put one {{${word} '...'}} in each branch of an {{#if}}.`
  return `${isBare ? `Write {{ref '${written}'}} if that is its name; else put` : 'Put'} one {{ref '...'}} in each branch of an {{#if}}, or give a macro the relation itself: (ref '...').`
}

function readName(reading: Reading, path: Extract<Path, readonly ['name', ...unknown[]]>, around: Surroundings, position: Position): void {
  const [, start, end, name, parts] = path
  if (name === '' || around.locals.includes(name)) return
  const word = findBuiltInWord(name)
  if (word === undefined) {
    if (parts.length > 0 && around.hasItem) return
    const use = { name, start, end: parts.length === 0 ? end : start + name.length }
    reading.facts.names.push(around.hasItem ? { ...use, maybe: true } : use)
  } else if (word.kind === 'value') readValueWord(reading, path, word, position)
  else if (word.kind === 'block') report(reading, 'bad-block', `\`${name}\` is a block.`, path, `Write ${word.usage}.`)
  else if (position === 'block') reportNoBlock(reading, name, path)
  else if (position === 'argument')
    report(reading, 'bad-arguments', `\`${name}\` is a function, which is called in parentheses.`, path, `Write ${word.usage}.`)
  else checkArguments(reading, path, word, [], [])
}

function readValueWord(
  reading: Reading,
  path: Extract<Path, readonly ['name', ...unknown[]]>,
  word: BuiltInWord,
  position: Position,
): void {
  const [, start, end, name, parts] = path
  const { facts } = reading
  if (name === 'self' || name === 'incremental') {
    facts.stateUses.push({ name, start, end })
    if (name === 'self') facts.usesSelf = true
    else facts.usesIncremental = true
  } else if (name === 'run') facts.usesRun = true
  else facts.usesTarget = true
  const { properties } = word
  const [property] = parts
  const usage = `Write ${word.usage}.`
  if (properties === undefined) {
    if (property !== undefined) report(reading, 'unknown-name', `\`${name}\` has no properties.`, path, usage)
  } else if (property === undefined)
    report(
      reading,
      'unknown-name',
      `\`${name}\` has no text: it has ${properties.map((one) => `\`${name}.${one}\``).join(', ')}.`,
      path,
      usage,
    )
  else if (parts.length > 1 || !properties.includes(property)) {
    report(
      reading,
      'unknown-name',
      `\`${name}.${parts.join('.')}\` is not known.`,
      path,
      didYouMean(property, properties)?.replace('`', `\`${name}.`) ?? usage,
    )
  }
  if (name === 'self' && position === 'block') report(reading, 'bad-block', '`self` is no block.', path, usage)
}

function readThis(reading: Reading, path: Extract<Path, readonly ['this', ...unknown[]]>, around: Surroundings): void {
  const [, , , depth, parts] = path
  if (around.hasItem || parts.length > 0) return
  if (depth > 0) report(reading, 'unknown-name', '`..` leads out of the template: there is no block around it.', path)
  else
    report(
      reading,
      'unknown-name',
      '`this` is the item of a loop, and there is no loop here.',
      path,
      'The relation that is built is {{self}}.',
    )
}

function readData(reading: Reading, path: Extract<Path, readonly ['data', ...unknown[]]>, around: Surroundings): void {
  const name = path[3]
  if (name === 'root') return
  if (!dataWords.includes(name))
    report(
      reading,
      'unknown-name',
      `\`@${name}\` is not known.`,
      path,
      didYouMean(name, dataWords)?.replace('`', '`@') ?? `There are ${dataWords.map((one) => `@${one}`).join(', ')}.`,
    )
  else if (!around.inLoop) report(reading, 'unknown-name', `\`@${name}\` is known in {{#each}} alone.`, path)
}

/** `place` begins with `start` and `end`, behind the op of an expression. */
type Placed = Expression | PartialStatement | Hash[number]

function report({ source, diagnostics }: Reading, code: string, message: string, place: Placed, hint?: string): void {
  const [start, end] = typeof place[0] === 'number' ? [place[0], place[1]] : [place[1], place[2]]
  diagnostics.push(errorDiagnostic(code, message, { at: toSpan(source, start, end), hint }))
}
