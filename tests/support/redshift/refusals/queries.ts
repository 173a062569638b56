/** What SELECT of Redshift does not take. */
import { isSymbol, isWord, matchPattern } from '../words.ts'
import { containing, guide, type Refusal, syntaxError } from './refusal.ts'

const features = guide('c_unsupported-postgresql-features')
const functions = guide('c_unsupported-postgresql-functions')

export const queryRefusals: readonly Refusal[] = [
  {
    refuses: 'distinct on',
    text: 'SELECT DISTINCT ON is not supported',
    sqlstate: '0A000',
    wording: 'reported',
    source: guide('r_SELECT_list'),
    find: containing('distinct on (', 1),
  },
  { refuses: 'filter of an aggregate', ...syntaxError, source: guide('c_Aggregate_Functions'), find: containing(') filter ( where', 2) },
  { refuses: 'lateral', ...syntaxError, source: guide('r_FROM_clause30'), find: containing('lateral (', 2) },
  { refuses: 'is distinct from', ...syntaxError, source: functions, find: containing('is not? distinct from', 1) },
  {
    refuses: 'arrays',
    text: 'syntax error at or near "["',
    sqlstate: '42601',
    wording: 'assumed',
    source: features,
    find: containing('array [', 1),
  },
  {
    refuses: 'values as a table',
    ...syntaxError,
    source: features,
    find: ({ words }) =>
      words.find((word, at) => isWord(word, 'values') && isSymbol(words[at - 1], '(') && isWord(words[at - 2], 'from', 'join', 'as')),
  },
  { refuses: 'values alone', ...syntaxError, source: features, find: ({ words }) => (isWord(words[0], 'values') ? words[0] : undefined) },
  {
    refuses: 'collations by name',
    ...syntaxError,
    source: features,
    find: ({ words }) => words.find((word, at) => isWord(word, 'collate') && !isWord(words[at + 1], 'case_sensitive', 'case_insensitive')),
  },
  {
    refuses: 'locks of rows',
    text: 'SELECT FOR UPDATE/SHARE is not supported',
    sqlstate: '0A000',
    wording: 'assumed',
    source: guide('r_SELECT_synopsis'),
    find: ({ words }) =>
      isWord(words[0], 'select', 'with')
        ? words.find(
            (_, at) =>
              matchPattern(words, at, 'for update|share') ??
              matchPattern(words, at, 'for no key update') ??
              matchPattern(words, at, 'for key share') !== undefined,
          )
        : undefined,
  },
  {
    refuses: 'common table expressions that write',
    ...syntaxError,
    source: guide('r_WITH_clause'),
    find: ({ words }) =>
      words.find((word, at) => isWord(word, 'insert', 'update', 'delete') && isSymbol(words[at - 1], '(') && isWord(words[at - 2], 'as')),
  },
  {
    refuses: 'materialized of a common table expression',
    ...syntaxError,
    source: guide('r_WITH_clause'),
    find: containing('as not? materialized (', 1),
  },
]
