/** What an expression uses: calls, bare names, values with properties, `this` and `@index`. */
import { didYouMean } from '../core/nearest-name.ts'
import { calledName, report, type Position, type Reading, type Surroundings } from './analysis.ts'
import { dataWords, findBuiltInWord, type BuiltInWord } from './built-in-words.ts'
import { checkArguments } from './check-arguments.ts'
import type { Call, Expression, Hash, Path } from './program.ts'
import { readLookup } from './read-lookup.ts'

export function readExpression(reading: Reading, expression: Expression, around: Surroundings, position: Position): void {
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

export function readBuiltInCall(reading: Reading, call: Call | Path, word: BuiltInWord, around: Surroundings): void {
  const name = calledName(call)
  const [args, hash]: [readonly Expression[], Hash] = call[0] === 'call' ? [call[4], call[5]] : [[], []]
  const complete = checkArguments(reading, call, word, args, hash)
  if (call[0] !== 'call') return
  if (name === 'ref' || name === 'source' || name === 'var' || name === 'env') {
    if (complete) readLookup(reading, name, call)
  } else readArguments(reading, call, around)
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
