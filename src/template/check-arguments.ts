/** Whether a built-in word is called with as many arguments as it takes, and with names that it knows. */
import { didYouMean } from '../core/nearest-name.ts'
import { calledName, report, type Reading } from './analysis.ts'
import type { BuiltInWord } from './built-in-words.ts'
import type { Call, Expression, Hash, Path } from './program.ts'

export function checkArguments(reading: Reading, place: Call | Path, word: BuiltInWord, args: readonly Expression[], hash: Hash): boolean {
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
