/** What INSERT, MERGE and COPY of Redshift do not take. */
import { isSymbol, isWord, matchPattern, readName } from '../words.ts'
import { guide, type Refusal, syntaxError } from './refusal.ts'

const merge = guide('r_MERGE')

export const writeRefusals: readonly Refusal[] = [
  {
    refuses: 'on conflict',
    ...syntaxError,
    source: guide('r_INSERT_30'),
    find: ({ words }) =>
      isWord(words[0], 'insert') ? words.find((_, at) => matchPattern(words, at, 'on conflict') !== undefined) : undefined,
  },
  {
    refuses: 'returning',
    ...syntaxError,
    source: guide('r_INSERT_30'),
    find: ({ words }) =>
      isWord(words[0], 'insert', 'update', 'delete', 'merge') ? words.find((word) => isWord(word, 'returning')) : undefined,
  },
  {
    refuses: 'copy from and to the client',
    text: 'COPY from STDIN is not supported',
    sqlstate: '0A000',
    wording: 'assumed',
    source: guide('r_COPY'),
    find: ({ words }) => (isWord(words[0], 'copy') ? words.find((word) => isWord(word, 'stdin', 'stdout')) : undefined),
  },
  {
    refuses: 'with before merge',
    ...syntaxError,
    source: merge,
    find: ({ words }) =>
      isWord(words[0], 'with') ? words.find((_, at) => matchPattern(words, at, 'merge into') !== undefined) : undefined,
  },
  {
    refuses: 'an alias for the target of merge',
    ...syntaxError,
    source: merge,
    find: ({ words }) => {
      const target = matchPattern(words, 0, 'merge into') === undefined ? undefined : readName(words, 2)
      return target === undefined || isWord(words[target.to], 'using') ? undefined : words[target.to]
    },
  },
  {
    refuses: 'a query as the source of merge',
    ...syntaxError,
    source: merge,
    find: ({ words }) => {
      const target = matchPattern(words, 0, 'merge into') === undefined ? undefined : readName(words, 2)
      return target !== undefined && isSymbol(words[target.to + 1], '(') ? words[target.to + 1] : undefined
    },
  },
  {
    refuses: 'conditions of a branch of merge',
    ...syntaxError,
    source: merge,
    find: ({ words }) =>
      isWord(words[0], 'merge') ? words.find((_, at) => matchPattern(words, at - 1, 'matched and|by') !== undefined) : undefined,
  },
  {
    refuses: 'merge without both branches',
    ...syntaxError,
    source: merge,
    find: ({ words }) => {
      if (!isWord(words[0], 'merge') || words.some((_, at) => matchPattern(words, at, 'remove duplicates') !== undefined)) return undefined
      const has = (pattern: string): boolean => words.some((_, at) => matchPattern(words, at, pattern) !== undefined)
      return has('when matched then') && has('when not matched then insert') ? undefined : words.at(-1)
    },
  },
  {
    refuses: 'several columns set at once',
    ...syntaxError,
    source: guide('r_UPDATE'),
    find: ({ words }) =>
      isWord(words[0], 'update') ? words.find((_, at) => matchPattern(words, at - 1, 'set (') !== undefined) : undefined,
  },
]
