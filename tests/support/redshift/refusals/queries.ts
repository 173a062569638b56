/** What SELECT of Redshift does not take. */
import { isSymbol, isWord, matchesAny, matchPattern } from '../words.ts'
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
        ? words.find((_, at) => matchesAny(words, at, 'for update|share', 'for no key update', 'for key share'))
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
  {
    refuses: 'fetch first',
    ...syntaxError,
    source: guide('r_ORDER_BY_clause'),
    find: ({ words }) =>
      isWord(words[0], 'fetch') ? undefined : words.find((_, at) => matchPattern(words, at, 'fetch first|next') !== undefined),
  },
  { refuses: 'tablesample', ...syntaxError, source: guide('r_FROM_clause30'), find: containing('tablesample') },
  {
    refuses: 'casts to types that it does not have',
    text: 'type "{word}" does not exist',
    sqlstate: '42704',
    wording: 'grammar',
    source: guide('c_unsupported-postgresql-datatypes'),
    find: ({ words }) =>
      words.find(
        (word, at) =>
          isWord(word, 'json', 'jsonb', 'uuid', 'xml', 'hstore', 'tsvector', 'tsquery') &&
          ((isSymbol(words[at - 1], ':') && isSymbol(words[at - 2], ':')) ||
            (isWord(words[at - 1], 'as') && isSymbol(words[at + 1], ')') && words.some((other) => isWord(other, 'cast')))),
      ),
  },
  {
    refuses: 'explain analyze',
    ...syntaxError,
    source: guide('r_EXPLAIN'),
    find: ({ words }) => (matchPattern(words, 0, 'explain analyze|(') === undefined ? undefined : words[1]),
  },
]
