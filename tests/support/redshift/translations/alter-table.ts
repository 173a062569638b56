/** ALTER TABLE of keys, encodings, and APPEND. https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html, r_ALTER_TABLE_APPEND.html */
import { isWord, matchPattern, quoteFullName, quoteText, readName } from '../words.ts'
import { readKey } from './keys.ts'
import type { Rendering } from './rendering.ts'
import { readAttributes, renderColumn, type TableDesign } from './tables.ts'
import type { Translated } from './translated.ts'

export function translateAlterTable(input: Rendering): Translated | undefined {
  const { words } = input
  const name = matchPattern(words, 0, 'alter table') === undefined ? undefined : readName(words, 2)
  if (name === undefined) return undefined
  const full = quoteText(quoteFullName(name))
  const action = name.to
  const rest = { from: action, to: words.length }
  const answer = (sql: string): Translated => ({ before: [], main: [{ text: sql, about: words[action]?.start ?? 0 }], after: [] })
  const change = (design: TableDesign): Translated => ({
    ...answer(`alter table ${quoteFullName(name)} reset (fillfactor)`),
    after: [`select pg_catalog.change_design(${full}, ${quoteText(JSON.stringify(design))})`],
  })
  if (isWord(words[action], 'append')) {
    const source = readName(words, action + 2)
    return (
      source && {
        ...answer(`alter table ${quoteFullName(name)} reset (fillfactor)`),
        before: [`select pg_catalog.append_table(${full}, ${quoteText(quoteFullName(source))})`],
      }
    )
  }
  if (isWord(words[action], 'alter') && words.slice(action, action + 3).some((word) => isWord(word, 'distkey', 'sortkey', 'diststyle'))) {
    const design: TableDesign = {}
    readAttributes(words, rest, design)
    if (words.some((_, at) => matchPattern(words, at, 'sortkey none') !== undefined)) design.sortkey = []
    return change(design)
  }
  if (isWord(words[action], 'alter') && words.slice(action).some((word) => isWord(word, 'encode'))) {
    const encode: Record<string, string> = {}
    words.forEach((word, at) => {
      if (at > action && isWord(word, 'encode') && !isWord(words[at - 1], 'alter'))
        encode[words[at - 1]!.text] = words[at + 1]?.text ?? 'raw'
    })
    return change({ encode })
  }
  if (isWord(words[action], 'add') && isWord(words[action + 1], 'constraint', 'primary', 'unique', 'foreign')) {
    const key = readKey(words, { from: action + 1, to: words.length }, name.name)
    return change(key === undefined ? {} : { keys: [key] })
  }
  if (!isWord(words[action], 'add')) return undefined
  const column = isWord(words[action + 1], 'column') ? action + 2 : action + 1
  const design: TableDesign = {}
  const main = [
    ...input.render({ from: 0, to: action }),
    { text: ' add column ' },
    ...renderColumn(input, { from: column, to: words.length }, design, name.name),
  ]
  return {
    before: [],
    main,
    after: design.encode === undefined ? [] : [`select pg_catalog.change_design(${full}, ${quoteText(JSON.stringify(design))})`],
  }
}
