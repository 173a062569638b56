/** The name that the author may have meant. */
import { distance } from 'fastest-levenshtein'

/** The closest of `names` to `name`, if it is close enough to be a slip of the hand; ignores case. */
export function findNearestName(name: string, names: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase()
  let best: string | undefined
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1
  for (const candidate of names) {
    const d = distance(wanted, candidate.toLowerCase())
    if (d < bestDistance) {
      best = candidate
      bestDistance = d
    }
  }
  return best
}

/** "Did you mean `orders`?", or nothing. */
export function didYouMean(name: string, names: Iterable<string>): string | undefined {
  const nearest = findNearestName(name, names)
  return nearest === undefined ? undefined : `Did you mean \`${nearest}\`?`
}
