/**
 * `qualify <condition>` becomes a sort by `keep(condition)`, a function that returns no row where the condition is not true: Postgres computes what it sorts
 * by after window functions, and drops rows for which a set is empty. So no column is added, and `*` stays what it is.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_QUALIFY_clause.html
 */
import type { Piece } from '../pieces.ts'
import { findAtDepth, isName, isSymbol, isWord, type Range, splitByComma, type Word } from '../words.ts'
import { gapBefore, type Rendering } from './rendering.ts'

const setOperators = ['union', 'intersect', 'except', 'minus'] as const

export function renderQualify(input: Rendering, { from, to }: Range): readonly Piece[] | undefined {
  const { words } = input
  const qualify = findAtDepth(words, { from, to }, 'qualify')
  if (qualify === to || isSymbol(words[qualify - 1], '.') || isWord(words[qualify - 1], 'as')) return undefined
  const select = lastSelect(words, { from, to: qualify })
  if (select === undefined) return undefined
  const end = findAtDepth(words, { from: qualify + 1, to }, ...setOperators)
  const conditionEnd = findAtDepth(words, { from: qualify + 1, to: end }, 'order', 'limit', 'offset')
  const limit = findAtDepth(words, { from: conditionEnd, to: end }, 'limit', 'offset')
  const sorted = isWord(words[conditionEnd], 'order')
  const operand = end < to || isWord(words[select - 1], ...setOperators, 'all')
  const keep: Piece[] = [
    { text: sorted ? ', pg_catalog.keep(' : ' order by pg_catalog.keep(', about: words[qualify]!.start },
    ...renderCondition(input, select, { from: qualify + 1, to: conditionEnd }),
    { text: ')' },
  ]
  return [
    ...input.render({ from, to: select }),
    ...(select > from ? [gapBefore(input, select)] : []),
    ...(operand ? [{ text: '(' }] : []),
    ...input.render({ from: select, to: qualify }),
    ...(sorted ? [gapBefore(input, conditionEnd), ...input.render({ from: conditionEnd, to: limit })] : []),
    ...keep,
    ...(limit < end ? [{ text: ' ' }, ...input.render({ from: limit, to: end })] : []),
    ...(operand ? [{ text: ')' }] : []),
    ...(end < to ? [gapBefore(input, end), ...input.render({ from: end, to })] : []),
  ]
}

function lastSelect(words: readonly Word[], { from, to }: Range): number | undefined {
  let found: number | undefined
  for (let at = findAtDepth(words, { from, to }, 'select'); at < to; at = findAtDepth(words, { from: at + 1, to }, 'select')) found = at
  return found
}

/** A name that the list of the SELECT gives stands for its expression. */
function renderCondition(input: Rendering, select: number, { from, to }: Range): readonly Piece[] {
  const { words } = input
  const named = namedExpressions(input, select, from)
  const pieces: Piece[] = []
  let plain = from
  for (let at = from; at < to; at++) {
    const word = words[at]
    const expression =
      isName(word) && !isSymbol(words[at - 1], '.') && !isSymbol(words[at + 1], '.') && !isSymbol(words[at + 1], '(')
        ? named.get(word.text)
        : undefined
    if (expression === undefined) continue
    if (at > plain) pieces.push(...input.render({ from: plain, to: at }), { text: ' ' })
    pieces.push({ text: '(', about: word!.start }, ...input.render(expression), { text: ') ' })
    plain = at + 1
  }
  return plain < to ? [...pieces, ...input.render({ from: plain, to })] : pieces
}

function namedExpressions({ words }: Rendering, select: number, qualify: number): ReadonlyMap<string, Range> {
  const list = { from: select + 1, to: findAtDepth(words, { from: select + 1, to: qualify }, 'from') }
  const named = new Map<string, Range>()
  for (const { from, to } of splitByComma(words, list)) {
    const name = words[to - 1]
    if (!isName(name) || to - from < 2) continue
    if (isWord(words[to - 2], 'as')) named.set(name.text, { from, to: to - 2 })
    else if (isSymbol(words[to - 2], ')')) named.set(name.text, { from, to: to - 1 })
  }
  return named
}
