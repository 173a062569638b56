/**
 * "Did you mean" over the names of a whole project. Comparing one name with ten thousand takes milliseconds, so a
 * project that is wrong everywhere gets suggestions for its first mistakes alone.
 */
import { didYouMean } from '../core/nearest-name.ts'

/** The sentence, or nothing. */
export type Suggest = (name: string, candidates: () => Iterable<string>) => string | undefined

export function suggestFirst(limit: number): Suggest {
  let left = limit
  return (name, candidates) => (left-- > 0 ? didYouMean(name, candidates()) : undefined)
}
