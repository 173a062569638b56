/**
 * CREATE TABLE: distribution and sort keys, encodings and BACKUP are kept as JSON in a comment on the row type of the table, which goes where the table goes,
 * is a part of its transaction, and has no part in conflicts of transactions. Keys and references are information alone, as in Redshift.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html, r_CREATE_TABLE_AS.html
 */
import type { Piece } from '../pieces.ts'
import { isTableConstraint, readTableHead, type TableHead } from '../table-head.ts'
import { closingOf, isSymbol, isWord, quoteFullName, quoteText, type Range, splitByComma, type Word } from '../words.ts'
import { readKey, type TableKey } from './keys.ts'
import { gapBefore, type Rendering } from './rendering.ts'
import type { Translated } from './translated.ts'

export interface TableDesign {
  diststyle?: string
  distkey?: string
  sortstyle?: 'compound' | 'interleaved' | 'auto'
  sortkey?: string[]
  backup?: boolean
  encode?: Record<string, string>
  autorefresh?: 't' | 'f'
  keys?: readonly TableKey[]
}

export function translateCreateTable(input: Rendering): Translated | undefined {
  const { words } = input
  const head = readTableHead(words)
  if (head === undefined) return undefined
  const design: TableDesign = {}
  const nameStart = head.name.from
  const made: Piece[] = [
    ...input.render({ from: 0, to: 1 }),
    { text: head.temporary ? ' temp table ' : ' table ' },
    { text: head.ifNotExists ? 'if not exists ' : '' },
    ...input.render({ from: nameStart, to: head.name.to }),
  ]
  if (head.columns !== undefined) made.push({ text: ' (' }, ...renderColumns(input, head, design), { text: ')' })
  readAttributes(words, head.attributes, design)
  if (head.query !== undefined)
    made.push({ text: ' as' }, gapBefore(input, head.query), ...input.render({ from: head.query, to: words.length }))
  return { before: [], main: made, after: [keepDesign(head, design)] }
}

function keepDesign({ name, ifNotExists, temporary }: TableHead, design: TableDesign): string {
  const full = quoteFullName(temporary && name.schema === undefined ? { schema: 'pg_temp', name: name.name } : name)
  const text = quoteText(JSON.stringify(design))
  return `select pg_catalog.keep_design(${quoteText(full)}, ${text}, ${ifNotExists})`
}

function renderColumns(input: Rendering, head: TableHead, design: TableDesign): readonly Piece[] {
  const { words } = input
  const parts = splitByComma(words, head.columns!)
  if (head.query !== undefined) return input.render(head.columns!)
  const kept = parts.filter(({ from }) => !isTableConstraint(words, from) || isWord(words[from], 'like'))
  const keys = parts.filter(
    ({ from, to }) => isTableConstraint(words, from) && words.slice(from, to).some((word) => isWord(word, 'primary')),
  )
  for (const part of parts) if (isTableConstraint(words, part.from)) addKey(design, readKey(words, part, head.name.name))
  return [
    ...kept.flatMap((part, index) => [
      ...(index > 0 ? [{ text: ',' }] : []),
      gapBefore(input, part.from),
      ...renderColumn(input, part, design, head.name.name),
    ]),
    ...keys.flatMap(({ from, to }) => notNullKeys(words.slice(from, to), kept.length > 0)),
  ]
}

function addKey(design: TableDesign, key: TableKey | undefined): void {
  if (key !== undefined) design.keys = [...(design.keys ?? []), key]
}

/** Columns of a primary key hold no NULL, though nothing keeps them apart. */
function notNullKeys(words: readonly Word[], others: boolean): readonly Piece[] {
  const open = words.findIndex((word) => isSymbol(word, '('))
  return splitByComma(words, { from: open + 1, to: closingOf(words, open) }).map(({ from }) => ({
    text: `${others ? ', ' : ''}not null ${JSON.stringify(words[from]!.text)}`,
  }))
}

/** A column without what Postgres does not know. */
export function renderColumn(input: Rendering, { from, to }: Range, design: TableDesign, table: string): readonly Piece[] {
  const { words } = input
  if (isWord(words[from], 'like')) return input.render({ from, to })
  const name = words[from]!.text
  const typeEnd = endOfType(words, { from: from + 1, to })
  const made: Piece[] = [...input.render({ from, to: from + 1 }), { text: ' ' }, ...renderType(input, { from: from + 1, to: typeEnd })]
  for (let at = typeEnd; at < to;) {
    const word = words[at]
    if (isWord(word, 'primary', 'unique', 'references')) addKey(design, readKey(words, { from: at, to }, table, name))
    if (isWord(word, 'distkey')) design.distkey = name
    else if (isWord(word, 'sortkey')) design.sortkey = [...(design.sortkey ?? []), name]
    if (isWord(word, 'distkey', 'sortkey', 'unique')) at++
    else if (isWord(word, 'encode')) {
      design.encode = { ...design.encode, [name]: words[at + 1]?.text ?? 'raw' }
      at += 2
    } else if (isWord(word, 'primary')) {
      made.push({ text: ' not null', about: word!.start })
      at += 2
    } else if (isWord(word, 'references')) {
      at += isSymbol(words[at + 2], '.') ? 4 : 2
      if (isSymbol(words[at], '(')) at = closingOf(words, at) + 1
    } else if (isWord(word, 'collate')) at += 2
    else if (isWord(word, 'identity')) {
      const close = closingOf(words, at + 1)
      const [seed, step] = splitByComma(words, { from: at + 2, to: close }).map((part) =>
        input.sent.slice(words[part.from]!.start, words[part.to - 1]!.end),
      )
      const given = isWord(words[at - 1], 'as')
      made.push({ text: `${given ? '' : ' generated always as'} identity (start ${seed ?? 1} increment ${step ?? 1})`, about: word!.start })
      at = close + 1
    } else {
      const next = isSymbol(words[at + 1], '(') ? closingOf(words, at + 1) + 1 : at + 1
      made.push(gapBefore(input, at), ...input.render({ from: at, to: Math.min(next, to) }))
      at = next
    }
  }
  return made
}

function endOfType(words: readonly Word[], { from, to }: Range): number {
  let at = from + 1
  while (at < to && isWord(words[at], 'varying', 'precision', 'without', 'with', 'time', 'zone')) at++
  if (isSymbol(words[at], '(') && at < to) at = closingOf(words, at) + 1
  while (at < to && isWord(words[at], 'without', 'with', 'time', 'zone')) at++
  return Math.min(at, to)
}

/** A text is a varchar(256), and so is a varchar of no length. https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html */
function renderType(input: Rendering, range: Range): readonly Piece[] {
  const type = input.words
    .slice(range.from, range.to)
    .map(({ text }) => text)
    .join(' ')
  if (['text', 'varchar', 'character varying', 'nvarchar'].includes(type))
    return [{ text: 'varchar(256)', about: input.words[range.from]!.start }]
  if (type === 'bpchar') return [{ text: 'char(256)', about: input.words[range.from]!.start }]
  return input.render(range)
}

/** Reads `diststyle`, `distkey`, `sortkey`, `backup` and `auto refresh`. */
export function readAttributes(words: readonly Word[], { from, to }: Range, design: TableDesign): void {
  for (let at = from; at < to; at++) {
    if (isWord(words[at], 'diststyle')) design.diststyle = words[at + 1]?.text ?? 'auto'
    else if (isWord(words[at], 'distkey')) design.distkey = (isSymbol(words[at + 1], '(') ? words[at + 2] : words[at + 1])?.text ?? ''
    else if (isWord(words[at], 'refresh')) design.autorefresh = isWord(words[at + 1], 'yes') ? 't' : 'f'
    else if (isWord(words[at], 'backup')) design.backup = isWord(words[at + 1], 'yes')
    else if (isWord(words[at], 'sortkey')) readSortKey(words, at, design)
  }
}

function readSortKey(words: readonly Word[], at: number, design: TableDesign): void {
  delete design.sortkey
  delete design.sortstyle
  if (isWord(words[at + 1], 'auto')) design.sortstyle = 'auto'
  else if (isSymbol(words[at + 1], '(')) {
    design.sortkey = splitByComma(words, { from: at + 2, to: closingOf(words, at + 1) }).map(({ from }) => words[from]!.text)
    design.sortstyle = isWord(words[at - 1], 'interleaved') ? 'interleaved' : 'compound'
  }
}
