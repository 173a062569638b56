/** What CREATE TABLE and ALTER TABLE of Redshift do not take. */
import { columnDefinitions, readTableHead } from '../table-head.ts'
import { closingOf, isSymbol, isWord, matchesAny, matchPattern, splitByComma, type Statement, type Word } from '../words.ts'
import { guide, type Refusal, syntaxError } from './refusal.ts'

const createTable = guide('r_CREATE_TABLE_NEW')
const alterTable = guide('r_ALTER_TABLE')

const missingTypes = new Set(
  'serial bigserial smallserial serial4 serial8 serial2 uuid json jsonb xml money inet cidr macaddr bit interval bytea tsvector tsquery point line box path polygon circle hstore int4range int8range numrange daterange tsrange tstzrange oid regclass'.split(
    ' ',
  ),
)

export const tableRefusals: readonly Refusal[] = [
  {
    refuses: 'if not exists of a table from a query',
    ...syntaxError,
    source: guide('r_CREATE_TABLE_AS'),
    find: ({ words }) => {
      const head = readTableHead(words)
      return head?.ifNotExists === true && head.query !== undefined ? words[head.query - 1] : undefined
    },
  },
  {
    refuses: 'types for the columns of a table from a query',
    ...syntaxError,
    source: guide('r_CREATE_TABLE_AS'),
    find: ({ words }) => {
      const head = readTableHead(words)
      if (head?.query === undefined || head.columns === undefined) return undefined
      const typed = splitByComma(words, head.columns).find(({ from, to }) => to - from > 1)
      return typed && words[typed.from + 1]
    },
  },
  {
    refuses: 'columns of types that it does not have',
    text: 'Column "{word}" has unsupported type "{type}".',
    sqlstate: '0A000',
    wording: 'reported',
    source: guide('c_unsupported-postgresql-datatypes'),
    find: ({ words }) =>
      definitionsOf(words).find(
        ({ type }) => type !== undefined && (missingTypes.has(words[type]?.text ?? '') || isSymbol(words[type + 1], '[')),
      )?.name,
  },
  {
    refuses: 'check constraints',
    ...syntaxError,
    source: guide('c_unsupported-postgresql-features'),
    find: ({ words }) =>
      isWord(words[0], 'create', 'alter') && readTableHead(words)?.query === undefined && isTableStatement(words)
        ? words.find((word, at) => isWord(word, 'check') && isSymbol(words[at + 1], '('))
        : undefined,
  },
  {
    refuses: 'inheritance, partitions, tablespaces and what happens on commit',
    ...syntaxError,
    source: guide('c_unsupported-postgresql-features'),
    find: ({ words }) => {
      const head = readTableHead(words)
      return head?.query === undefined && head !== undefined
        ? words.slice(head.attributes.from).find((word) => isWord(word, 'inherits', 'partition', 'tablespace', 'with', 'using', 'on'))
        : undefined
    },
  },
  {
    refuses: 'computed columns',
    ...syntaxError,
    source: createTable,
    find: ({ words }) => {
      if (readTableHead(words) === undefined) return undefined
      return words.find((_, at) => matchPattern(words, at - 3, 'generated always as (') !== undefined)
    },
  },
  {
    refuses: 'defaults that read columns or queries',
    text: 'cannot use column references or subqueries in default expression',
    sqlstate: '0A000',
    wording: 'assumed',
    source: createTable,
    find: ({ words }) => {
      const open =
        readTableHead(words)?.query === undefined && isTableStatement(words)
          ? words.findIndex((word, at) => isWord(word, 'default') && isSymbol(words[at + 1], '('))
          : -1
      if (open === -1) return undefined
      return words.slice(open, closingOf(words, open + 1)).find((word) => isWord(word, 'select'))
    },
  },
  {
    refuses: 'several actions in one ALTER TABLE',
    ...syntaxError,
    source: alterTable,
    find: ({ words }) => {
      if (matchPattern(words, 0, 'alter table') === undefined) return undefined
      const parts = splitByComma(words, { from: 0, to: words.length })
      const second = parts[1]
      if (
        second === undefined ||
        parts.every(({ from, to }) => words.slice(from, to).some((word) => isWord(word, 'encode', 'distkey', 'sortkey', 'diststyle')))
      )
        return undefined
      return words[second.from - 1]
    },
  },
  {
    refuses: 'if exists of a table that is altered',
    ...syntaxError,
    source: alterTable,
    find: ({ words }) => (matchPattern(words, 0, 'alter table if exists') === undefined ? undefined : words[2]),
  },
  {
    refuses: 'a table that changes its schema',
    ...syntaxError,
    source: alterTable,
    find: ({ words }) =>
      matchPattern(words, 0, 'alter table') === undefined
        ? undefined
        : words.find((_, at) => matchPattern(words, at - 1, 'set schema') !== undefined),
  },
  {
    refuses: 'if exists and if not exists of a column',
    ...syntaxError,
    source: alterTable,
    find: ({ words }) =>
      matchPattern(words, 0, 'alter table') === undefined
        ? undefined
        : words.find((_, at) => matchesAny(words, at - 1, 'add|drop if') || matchesAny(words, at - 2, 'add|drop column if')),
  },
  {
    refuses: 'nullability and defaults changed afterwards',
    text: 'ALTER COLUMN SET/DROP NOT NULL/DEFAULT is not supported',
    sqlstate: '0A000',
    wording: 'assumed',
    source: alterTable,
    find: ({ words }) => {
      if (matchPattern(words, 0, 'alter table') === undefined) return undefined
      return words.find((_, at) => matchesAny(words, at, 'set|drop not null', 'set|drop default'))
    },
  },
  {
    refuses: 'types changed other than to a longer varchar',
    text: 'target data type "{word}" is not supported',
    sqlstate: '0A000',
    wording: 'assumed',
    source: alterTable,
    find: ({ words }) => {
      if (matchPattern(words, 0, 'alter table') === undefined) return undefined
      const at = words.findIndex((_, index) => matchPattern(words, index, 'alter column? % type') !== undefined)
      const type = at === -1 ? -1 : words.findIndex((word, index) => index > at && isWord(word, 'type')) + 1
      return type === -1 || isWord(words[type], 'varchar', 'character', 'nvarchar') ? undefined : words[type]
    },
  },
  {
    refuses: 'columns altered inside a transaction',
    text: 'ALTER TABLE ALTER COLUMN cannot run inside a transaction block',
    sqlstate: '25001',
    wording: 'reported',
    source: alterTable,
    find: ({ words, inTransaction }) => {
      if (!inTransaction || matchPattern(words, 0, 'alter table') === undefined) return undefined
      return words.find((_, at) => matchPattern(words, at, 'alter column? % type|encode') !== undefined)
    },
  },
]

function isTableStatement(words: readonly Word[]): boolean {
  return readTableHead(words) !== undefined || matchPattern(words, 0, 'alter table') !== undefined
}

function definitionsOf(words: Statement['words']): readonly { readonly name: Word; readonly type: number | undefined }[] {
  const head = readTableHead(words)
  if (head?.columns !== undefined && head.query === undefined) {
    return columnDefinitions(words, head.columns).map(({ from }) => ({ name: words[from]!, type: from + 1 }))
  }
  if (matchPattern(words, 0, 'alter table') === undefined) return []
  const add = words.findIndex((word) => isWord(word, 'add'))
  if (add === -1 || isWord(words[add + 1], 'constraint', 'primary', 'unique', 'foreign', 'check')) return []
  const name = isWord(words[add + 1], 'column') ? add + 2 : add + 1
  return words[name] === undefined ? [] : [{ name: words[name], type: name + 1 }]
}
