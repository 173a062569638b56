/** The parts of CREATE TABLE, by the indexes of its words. */
import { closingOf, isSymbol, isWord, matchPattern, type NameAt, type Range, readName, splitByComma, type Word } from './words.ts'

export interface TableHead {
  readonly name: NameAt
  readonly temporary: boolean
  readonly ifNotExists: boolean
  /** Inside the parentheses. */
  readonly columns: Range | undefined
  /** Between the columns and the query. */
  readonly attributes: Range
  /** Where the query of a CREATE TABLE AS begins, behind AS. */
  readonly query: number | undefined
}

export function readTableHead(words: readonly Word[]): TableHead | undefined {
  const table = matchPattern(words, 0, 'create local? temp|temporary? table')
  if (table === undefined) return undefined
  const behindExists = matchPattern(words, table, 'if not exists')
  const name = readName(words, behindExists ?? table)
  if (name === undefined) return undefined
  const opens = isSymbol(words[name.to], '(')
  const close = opens ? closingOf(words, name.to) : name.to
  const from = opens ? close + 1 : name.to
  const as = words.findIndex((word, at) => at >= from && isWord(word, 'as'))
  return {
    name,
    temporary: isWord(words[1], 'temp', 'temporary', 'local') || name.name.startsWith('#'),
    ifNotExists: behindExists !== undefined,
    columns: opens ? { from: name.to + 1, to: close } : undefined,
    attributes: { from, to: as === -1 ? words.length : as },
    query: as === -1 ? undefined : as + 1,
  }
}

/** Those parts of the list that define a column. */
export function columnDefinitions(words: readonly Word[], columns: Range): readonly Range[] {
  return splitByComma(words, columns).filter(({ from }) => !isTableConstraint(words, from))
}

export function isTableConstraint(words: readonly Word[], from: number): boolean {
  return isWord(words[from], 'constraint', 'primary', 'unique', 'foreign', 'like', 'check', 'exclude')
}
