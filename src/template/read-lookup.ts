/** `ref`, `source`, `var` and `env`: names of nodes and variables are literal, so that they are known without running anything. */
import { report, type Reading } from './analysis.ts'
import type { Call, Expression } from './program.ts'
import type { Use } from './template.ts'

type LookupWord = 'ref' | 'source' | 'var' | 'env'
const factOf: Readonly<Record<LookupWord, 'refs' | 'sources' | 'vars' | 'envs'>> = {
  ref: 'refs',
  source: 'sources',
  var: 'vars',
  env: 'envs',
}

export function readLookup(reading: Reading, word: LookupWord, [, , , , args]: Call): void {
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
