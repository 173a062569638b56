/** What Redshift does not do inside a transaction, and what its cursors and locks do not take. */
import { isWord, matchPattern } from '../words.ts'
import { beginning, guide, type Refusal, syntaxError } from './refusal.ts'

export const transactionRefusals: readonly Refusal[] = [
  {
    refuses: 'savepoints',
    text: 'SQL command "{sql}" not supported.',
    sqlstate: '0A000',
    wording: 'assumed',
    source: guide('c_unsupported-postgresql-functions'),
    find: beginning('savepoint', 'release', 'rollback transaction|work? to'),
  },
  {
    refuses: 'two-phase commit',
    ...syntaxError,
    source: guide('r_COMMIT'),
    find: beginning('prepare transaction', 'commit prepared', 'rollback prepared'),
  },
  { refuses: 'notifications', ...syntaxError, source: guide('c_SQL_commands'), find: beginning('listen', 'notify', 'unlisten') },
  {
    refuses: 'vacuum inside a transaction',
    text: 'VACUUM cannot run inside a transaction block',
    sqlstate: '25001',
    wording: 'grammar',
    source: guide('r_VACUUM_command'),
    find: ({ words, inTransaction }) => (inTransaction && isWord(words[0], 'vacuum') ? words[0] : undefined),
  },
  {
    refuses: 'alter table append inside a transaction',
    text: 'ALTER TABLE APPEND cannot run inside a transaction block',
    sqlstate: '25001',
    wording: 'assumed',
    source: guide('r_ALTER_TABLE_APPEND'),
    find: ({ words, inTransaction }) =>
      inTransaction &&
      matchPattern(words, 0, 'alter table') !== undefined &&
      words.some((_, at) => matchPattern(words, at, 'append from') !== undefined)
        ? words[0]
        : undefined,
  },
  {
    refuses: 'cursors outside a transaction',
    text: 'DECLARE CURSOR may only be used in transaction blocks',
    sqlstate: '25P01',
    wording: 'grammar',
    source: guide('declare'),
    find: ({ words, inTransaction }) => (!inTransaction && isWord(words[0], 'declare') ? words[0] : undefined),
  },
  {
    refuses: 'cursors that scroll or outlive their transaction',
    ...syntaxError,
    source: guide('declare'),
    find: ({ words }) =>
      isWord(words[0], 'declare')
        ? words
            .slice(
              0,
              words.findIndex((word) => isWord(word, 'for')),
            )
            .find((word) => isWord(word, 'scroll', 'hold', 'insensitive', 'binary'))
        : undefined,
  },
  {
    refuses: 'fetches backward',
    text: 'cursor can only scan forward',
    sqlstate: '55000',
    wording: 'grammar',
    source: guide('fetch'),
    find: ({ words }) =>
      isWord(words[0], 'fetch')
        ? words.find((word) => isWord(word, 'backward', 'prior', 'last', 'absolute', 'relative', 'first'))
        : undefined,
  },
  {
    refuses: 'modes of a lock',
    ...syntaxError,
    source: guide('r_LOCK'),
    find: ({ words }) => (isWord(words[0], 'lock') ? words.find((word) => isWord(word, 'in', 'nowait')) : undefined),
  },
  {
    refuses: 'several tables in one truncate, and its options',
    ...syntaxError,
    source: guide('r_TRUNCATE'),
    find: ({ words }) =>
      isWord(words[0], 'truncate')
        ? words.find((word) => isWord(word, 'cascade', 'restart', 'restrict') || (word.kind === 'symbol' && word.text === ','))
        : undefined,
  },
]
