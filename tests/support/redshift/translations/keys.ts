/** Keys and references, which Redshift keeps as information alone: no rule checks them. https://docs.aws.amazon.com/redshift/latest/dg/t_Defining_constraints.html */
import { closingOf, isSymbol, isWord, quoteFullName, type Range, readName, splitByComma, type Word } from '../words.ts'

export interface TableKey {
  readonly name: string
  readonly type: 'p' | 'u' | 'f'
  readonly columns: readonly string[]
  /** What a foreign key refers to. */
  readonly refers?: string
}

/** The key that a constraint declares, of a table or, where `column` is given, of that column. */
export function readKey(words: readonly Word[], { from, to }: Range, table: string, column?: string): TableKey | undefined {
  const named = isWord(words[from], 'constraint') ? words[from + 1]?.text : undefined
  const at = named === undefined ? from : from + 2
  const type = isWord(words[at], 'primary')
    ? 'p'
    : isWord(words[at], 'unique')
      ? 'u'
      : isWord(words[at], 'foreign', 'references')
        ? 'f'
        : undefined
  if (type === undefined) return undefined
  const columns = column === undefined ? listedColumns(words, at, to) : [column]
  const references = words.findIndex((word, index) => index >= at && index < to && isWord(word, 'references'))
  const refers = type === 'f' && references !== -1 ? readName(words, references + 1) : undefined
  const name = named ?? (type === 'p' ? `${table}_pkey` : `${table}_${columns.join('_')}_${type === 'u' ? 'key' : 'fkey'}`)
  return { name, type, columns, ...(refers && { refers: quoteFullName(refers) }) }
}

function listedColumns(words: readonly Word[], from: number, to: number): readonly string[] {
  const open = words.findIndex((word, index) => index >= from && index < to && isSymbol(word, '('))
  return open === -1 ? [] : splitByComma(words, { from: open + 1, to: closingOf(words, open) }).map((part) => words[part.from]!.text)
}
