/**
 * Writes lock their table against each other, as in Redshift, where Postgres locks rows. TRUNCATE commits.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_LOCK.html, r_TRUNCATE.html, r_MERGE.html
 */
import { isWord, matchPattern, type NameAt, quoteFullName, quoteText, readName } from '../words.ts'
import type { Rendering } from './rendering.ts'
import type { Translated } from './translated.ts'

export function translateWrite(input: Rendering, inTransaction: boolean): Translated | undefined {
  const { words } = input
  const all = { from: 0, to: words.length }
  if (isWord(words[0], 'truncate')) return { before: [], main: input.render(all), after: inTransaction ? ['commit'] : [] }
  const main = matchPattern(words, words.length - 2, 'remove duplicates') === undefined ? input.render(all) : mergeWithoutDuplicates(input)
  const target = findTarget(input)
  if (target === undefined) return undefined
  const locks = isWord(words[0], 'insert')
    ? `select pg_catalog.lock_for_insert(${quoteText(quoteFullName(target))})`
    : `lock table ${quoteFullName(target)} in share row exclusive mode`
  return { before: [locks], main, after: [] }
}

function findTarget({ words }: Rendering): NameAt | undefined {
  const at =
    matchPattern(words, 0, 'insert into') ??
    matchPattern(words, 0, 'merge into') ??
    matchPattern(words, 0, 'delete from?') ??
    matchPattern(words, 0, 'update')
  return at === undefined ? undefined : readName(words, at)
}

/** Rows that match are replaced by those of the source, each once. */
function mergeWithoutDuplicates(input: Rendering): Translated['main'] {
  const { words } = input
  const target = readName(words, 2)!
  const on = words.findIndex((word) => isWord(word, 'on'))
  const source = input.render({ from: target.to + 1, to: on })
  const condition = input.render({ from: on + 1, to: words.length - 2 })
  const name = quoteFullName(target)
  return [
    { text: `with gone as (delete from ${name} using `, about: words[0]!.start },
    ...source,
    { text: ' where ' },
    ...condition,
    { text: `) insert into ${name} select distinct * from ` },
    ...source,
  ]
}
