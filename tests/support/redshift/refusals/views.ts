/** What Redshift does not take of views, materialized views and comments. */
import { cteNames, readRelations } from '../relations.ts'
import { findAtDepth, isWord, matchPattern, type Word } from '../words.ts'
import { begins, guide, type Refusal, syntaxError } from './refusal.ts'

const materialized = guide('materialized-view-create-sql-command')

export const viewRefusals: readonly Refusal[] = [
  {
    refuses: 'names without a schema in a late-binding view',
    text: 'All the relation names inside should be qualified when creating VIEW WITH NO SCHEMA BINDING.',
    sqlstate: '0A000',
    wording: 'reported',
    source: guide('r_CREATE_VIEW'),
    find: ({ words }) => {
      if (matchPattern(words, words.length - 4, 'with no schema binding') === undefined || !isWord(words[0], 'create')) return undefined
      const named = cteNames(words)
      const bare = readRelations(words).find(({ schema, name }) => schema === undefined && !named.has(name))
      return bare && words[bare.from]
    },
  },
  {
    refuses: 'alter view',
    ...syntaxError,
    source: guide('c_SQL_commands'),
    find: ({ words }) => (begins(words, 'alter view') ? words[1] : undefined),
  },
  {
    refuses: 'options of a view',
    ...syntaxError,
    source: guide('r_CREATE_VIEW'),
    find: ({ words }) =>
      matchPattern(words, 0, 'create or? replace? view') === undefined
        ? undefined
        : words.find((_, at) => matchPattern(words, at - 1, 'with (|cascaded|local|check') !== undefined),
  },
  {
    refuses: 'recursive and temporary views by keyword',
    ...syntaxError,
    source: guide('r_CREATE_VIEW'),
    find: ({ words }) =>
      begins(words, 'create or? replace? recursive view') ? words.find((word) => isWord(word, 'recursive')) : undefined,
  },
  {
    refuses: 'if not exists and or replace of a materialized view',
    ...syntaxError,
    source: materialized,
    find: ({ words }) =>
      matchPattern(words, 0, 'create materialized view if') !== undefined
        ? words[3]
        : matchPattern(words, 0, 'create or replace materialized') !== undefined
          ? words[3]
          : undefined,
  },
  {
    refuses: 'with data and with no data of a materialized view',
    ...syntaxError,
    source: materialized,
    find: ({ words }) =>
      isMaterialized(words) ? words.find((_, at) => matchPattern(words, at, 'with no? data') !== undefined) : undefined,
  },
  {
    refuses: 'order and limit of a materialized view',
    text: 'ORDER BY, LIMIT and OFFSET are not supported in a materialized view',
    sqlstate: '0A000',
    wording: 'assumed',
    source: materialized,
    find: ({ words }) => {
      if (!isMaterialized(words)) return undefined
      const query = words.findIndex((word) => isWord(word, 'as')) + 1
      return words[findAtDepth(words, { from: query, to: words.length }, 'order', 'limit', 'offset')]
    },
  },
  {
    refuses: 'a materialized view that is renamed',
    text: 'ALTER MATERIALIZED VIEW RENAME is not supported',
    sqlstate: '0A000',
    wording: 'assumed',
    source: materialized,
    find: ({ words }) =>
      matchPattern(words, 0, 'alter materialized view') !== undefined && words.some((word) => isWord(word, 'rename', 'set'))
        ? words[0]
        : undefined,
  },
  {
    refuses: 'concurrent refresh',
    ...syntaxError,
    source: guide('materialized-view-refresh-sql-command'),
    find: ({ words }) => (matchPattern(words, 0, 'refresh materialized view concurrently') !== undefined ? words[3] : undefined),
  },
  {
    refuses: 'comments on other than tables, columns, constraints, databases and views',
    ...syntaxError,
    source: guide('r_COMMENT'),
    find: ({ words }) =>
      matchPattern(words, 0, 'comment on') !== undefined && !isWord(words[2], 'table', 'column', 'constraint', 'database', 'view')
        ? words[2]
        : undefined,
  },
]

function isMaterialized(words: readonly Word[]): boolean {
  return matchPattern(words, 0, 'create materialized view') !== undefined
}
