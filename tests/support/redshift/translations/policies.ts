/**
 * `attach rls policy name on table to ...` and `attach masking policy name on table (column) to ...`: kept, and nothing more.
 * https://docs.aws.amazon.com/redshift/latest/dg/ r_ATTACH_RLS_POLICY, r_ATTACH_MASKING_POLICY
 */
import { isWord, quoteFullName, quoteText, readName } from '../words.ts'
import type { Rendering } from './rendering.ts'
import type { Translated } from './translated.ts'

export function translatePolicy({ words }: Rendering): Translated | undefined {
  if (!isWord(words[0], 'attach') || !isWord(words[2], 'policy')) return undefined
  const on = words.findIndex((word) => isWord(word, 'on'))
  const table = readName(words, isWord(words[on + 1], 'table') ? on + 2 : on + 1)
  if (words[3] === undefined || table === undefined) return undefined
  const kept = JSON.stringify({ [isWord(words[1], 'rls') ? 'policies' : 'masks']: [words[3].text] })
  return {
    before: [],
    main: [{ text: `select pg_catalog.change_design(${quoteText(quoteFullName(table))}, ${quoteText(kept)})`, about: words[0]!.start }],
    after: [],
  }
}
