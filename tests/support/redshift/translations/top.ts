/** `select top 10 ...` is `select ... limit 10`. https://docs.aws.amazon.com/redshift/latest/dg/r_TOP_clause.html */
import type { Piece } from '../pieces.ts'
import { findAtDepth, isWord, type Range } from '../words.ts'
import { gapBefore, type Rendering } from './rendering.ts'

export function renderTop(input: Rendering, { from, to }: Range): readonly Piece[] | undefined {
  const { words, sent } = input
  const top = findTop(input, { from, to })
  if (top === undefined) return undefined
  const end = findAtDepth(words, { from: top + 2, to }, 'union', 'intersect', 'except', 'minus')
  const count = words[top + 1]!
  return [
    ...input.render({ from, to: top }),
    gapBefore(input, top + 2),
    ...input.render({ from: top + 2, to: end }),
    { text: ` limit ${sent.slice(count.start, count.end)}`, about: count.start },
    ...(end < to ? [gapBefore(input, end), ...input.render({ from: end, to })] : []),
  ]
}

function findTop({ words }: Rendering, { from, to }: Range): number | undefined {
  for (let at = from; at < to; at = findAtDepth(words, { from: at + 1, to }, 'select')) {
    const next = isWord(words[at + 1], 'distinct', 'all') ? at + 2 : at + 1
    if (
      next < to &&
      isWord(words[at], 'select') &&
      isWord(words[next], 'top') &&
      (words[next + 1]?.kind === 'number' || words[next + 1]?.text.startsWith('$') === true)
    )
      return next
  }
  return undefined
}
