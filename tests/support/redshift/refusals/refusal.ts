import { matchesAny, matchPattern, type Statement, type Word } from '../words.ts'

/** What Redshift refuses, as data. */
export interface Refusal {
  /** A phrase, which the report of the tests shows. */
  readonly refuses: string
  /** Redshift's words; `{sql}` is the statement, `{word}` the word that is refused. */
  readonly text: string
  readonly sqlstate: string
  /** What Redshift says before it, a notice. */
  readonly info?: string
  /** Whether the words are in the guide, follow from Postgres 8.0's grammar, were reported by users, or are the best guess. */
  readonly wording: 'guide' | 'grammar' | 'reported' | 'assumed'
  /** The page of the Redshift Database Developer Guide that says that there is no such thing. */
  readonly source: string
  /** The word that is refused. */
  readonly find: (statement: Statement) => Word | undefined
}

export function guide(page: string): string {
  return `https://docs.aws.amazon.com/redshift/latest/dg/${page}.html`
}

/** Refuses statements that begin with a pattern, at the first word. */
export function beginning(...patterns: readonly string[]): Refusal['find'] {
  return ({ words }) => (begins(words, ...patterns) ? words[0] : undefined)
}

export function begins(words: readonly Word[], ...patterns: readonly string[]): boolean {
  return matchesAny(words, 0, ...patterns)
}

/** Refuses a pattern anywhere; points to its first word, or to the word `offset` behind it. */
export function containing(pattern: string, offset = 0): Refusal['find'] {
  return ({ words }) => {
    const at = words.findIndex((_, index) => matchPattern(words, index, pattern) !== undefined)
    return at === -1 ? undefined : words[at + offset]
  }
}

export const notOnTables = {
  text: 'SQL command "{sql}" not supported on Redshift tables.',
  sqlstate: '0A000',
  wording: 'reported',
} as const

export const syntaxError = { text: 'syntax error at or near "{word}"', sqlstate: '42601', wording: 'grammar' } as const
