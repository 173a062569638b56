/**
 * External schemas and tables, as the catalog tells of them; what they hold is in no file here, so that no row can be read.
 * https://docs.aws.amazon.com/redshift/latest/dg/ r_CREATE_EXTERNAL_SCHEMA, r_CREATE_EXTERNAL_TABLE
 */
import { closingOf, isSymbol, isWord, quoteText, type Range, readName, splitByComma } from '../words.ts'
import type { Rendering } from './rendering.ts'
import type { Translated } from './translated.ts'

export function translateExternal({ words, sent }: Rendering): Translated | undefined {
  if (!isWord(words[0], 'create') || !isWord(words[1], 'external')) return undefined
  const answer = (text: string): Translated => ({ before: [], main: [{ text, about: words[0]!.start }], after: [] })
  const name = readName(words, 3)
  if (name === undefined) return undefined
  if (isWord(words[2], 'schema')) return answer(`create schema ${JSON.stringify(name.name)}`)
  const lists: Range[] = []
  for (let at = name.to; at < words.length; at++)
    if (isSymbol(words[at], '(') && (at === name.to || isWord(words[at - 1], 'by'))) lists.push({ from: at + 1, to: closingOf(words, at) })
  const columns = lists
    .flatMap((list) => splitByComma(words, list))
    .map(({ from, to }) => [words[from]!.text, sent.slice(words[from + 1]!.start, words[to - 1]!.end)])
  const key = [name.schema ?? '', name.name].map(quoteText).join(', ')
  return answer(`select pg_catalog.keep_external(${key}, ${quoteText(JSON.stringify(columns))})`)
}
