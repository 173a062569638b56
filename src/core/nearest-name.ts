/** The name that the author may have meant. */

/** The closest of `names` to `name`, if it is close enough to be a slip of the hand; ignores case. The first of several that are as close. */
function findNearestName(name: string, names: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase()
  let best: string | undefined
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1
  for (const candidate of names) {
    const given = candidate.toLowerCase()
    if (Math.abs(given.length - wanted.length) >= bestDistance) continue
    const edits = countEdits(wanted, given)
    if (edits >= bestDistance || edits >= wanted.length) continue
    best = candidate
    bestDistance = edits
  }
  return best
}

/** The closest of `names`, or else one that holds `name` or is held in it: what a column may be called since it was renamed. */
export function findRelatedName(name: string, names: readonly string[]): string | undefined {
  const wanted = name.toLowerCase()
  const isPart = (whole: string, part: string): boolean => part.length > 2 && `_${whole}_`.includes(`_${part}_`)
  return findNearestName(name, names) ?? names.find((one) => isPart(one.toLowerCase(), wanted) || isPart(wanted, one.toLowerCase()))
}

/** "Did you mean `orders`?", or nothing. */
export function didYouMean(name: string, names: Iterable<string>): string | undefined {
  const nearest = findNearestName(name, names)
  return nearest === undefined ? undefined : `Did you mean \`${nearest}\`?`
}

/** Characters to insert, delete, replace, or swap with the next one, until `a` is `b` (optimal string alignment). */
function countEdits(a: string, b: string): number {
  let beforeLast: readonly number[] = []
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const edits = [row]
    for (let column = 1; column <= b.length; column++) {
      const replaced = last[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1)
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      const swapped = isSwap ? beforeLast[column - 2]! + 1 : replaced
      edits.push(Math.min(replaced, swapped, last[column]! + 1, edits[column - 1]! + 1))
    }
    beforeLast = last
    last = edits
  }
  return last[b.length]!
}
