/**
 * A late-binding view is a view without columns, whose text is a comment on its rule: it goes where the view goes, is a part of its transaction, and has
 * no part in conflicts of transactions. Reading it puts its text in its place.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_VIEW.html, materialized-view-create-sql-command.html, materialized-view-refresh-sql-command.html
 */
import { isSymbol, isWord, matchPattern, quoteFullName, quoteName, quoteText, readName, splitByComma, closingOf } from '../words.ts'
import { gapBefore, type Rendering } from './rendering.ts'
import { readAttributes, type TableDesign } from './tables.ts'
import type { Translated } from './translated.ts'

export function translateCreateView(input: Rendering): Translated | undefined {
  const { words, sent } = input
  const at = matchPattern(words, 0, 'create or? replace? view')
  const name = at === undefined ? undefined : readName(words, at)
  if (at === undefined || name === undefined || matchPattern(words, words.length - 4, 'with no schema binding') === undefined)
    return undefined
  const as = words.findIndex((word, index) => index >= name.to && isWord(word, 'as'))
  const query = sent.slice(words[as + 1]?.start ?? sent.length, words[words.length - 5]!.end)
  const columns = isSymbol(words[name.to], '(')
    ? splitByComma(words, { from: name.to + 1, to: closingOf(words, name.to) }).map(({ from }) => quoteName(words[from]!.text))
    : []
  const text = columns.length === 0 ? query : `select * from (${query}) as named (${columns.join(', ')})`
  const full = quoteFullName(name)
  const replace = isWord(words[1], 'or') ? 'or replace ' : ''
  return {
    before: replace === '' ? [] : [`select pg_catalog.drop_bound_view(${quoteText(full)})`],
    main: [
      { text: `create ${replace}view `, about: words[0]!.start },
      ...input.render({ from: name.from, to: name.to }),
      { text: ' as select from pg_catalog.late_binding()' },
    ],
    after: [`comment on rule "_RETURN" on ${full} is ${quoteText(text)}`],
  }
}

/** Of a materialized view too, which is a view to Redshift. https://docs.aws.amazon.com/redshift/latest/dg/r_COMMENT.html */
export function translateComment({ words, sent }: Rendering): Translated | undefined {
  const name = matchPattern(words, 0, 'comment on view') === undefined ? undefined : readName(words, 3)
  const last = words.at(-1)
  if (name === undefined || last === undefined || !isWord(words[name.to], 'is')) return undefined
  const call = `select pg_catalog.comment_on_view(${quoteText(quoteFullName(name))}, ${sent.slice(last.start, last.end)})`
  return { before: [], main: [{ text: call, about: words[0]!.start }], after: [] }
}

export function translateMaterializedView(input: Rendering): Translated | undefined {
  const { words } = input
  if (matchPattern(words, 0, 'refresh materialized view') !== undefined) {
    return {
      before: [],
      main: input.render({ from: 0, to: isWord(words.at(-1), 'cascade', 'restrict') ? words.length - 1 : words.length }),
      after: [],
    }
  }
  const name = matchPattern(words, 0, 'create materialized view') === undefined ? undefined : readName(words, 3)
  if (name === undefined) return undefined
  const as = words.findIndex((word, at) => at >= name.to && isWord(word, 'as'))
  const design: TableDesign = {}
  readAttributes(words, { from: name.to, to: as }, design)
  return {
    before: [],
    main: [
      ...input.render({ from: 0, to: name.to }),
      { text: ' as' },
      gapBefore(input, as + 1),
      ...input.render({ from: as + 1, to: words.length }),
    ],
    after: [`select pg_catalog.keep_design(${quoteText(quoteFullName(name))}, ${quoteText(JSON.stringify(design))}, false)`],
  }
}
