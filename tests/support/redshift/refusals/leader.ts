/** Functions that run on the leader node alone, and so never over tables of users. */
import { cteNames, readRelations } from '../relations.ts'
import { isSymbol, isWord, type Statement, type Word } from '../words.ts'
import { guide, type Refusal } from './refusal.ts'

const leaderFunctions = new Set(
  'generate_series current_schema current_schemas has_database_privilege has_schema_privilege has_table_privilege age now isfinite get_byte set_byte get_bit set_bit to_ascii string_agg array_agg pg_get_viewdef obj_description col_description format_type'.split(
    ' ',
  ),
)

export const leaderRefusals: readonly Refusal[] = [
  {
    refuses: 'functions of the leader node over tables of users',
    text: 'Specified types or functions (one per INFO message) not supported on Redshift tables.',
    info: 'Function "{word}()" not supported.',
    sqlstate: '0A000',
    wording: 'guide',
    source: guide('c_sql-functions-leader-node'),
    find: (statement) =>
      runsOnComputeNodes(statement) ? statement.words.find((word, at) => isLeaderFunction(statement.words, word, at)) : undefined,
  },
]

function isLeaderFunction(words: readonly Word[], word: Word, at: number): boolean {
  return (
    word.kind === 'word' &&
    leaderFunctions.has(word.text) &&
    isSymbol(words[at + 1], '(') &&
    (!isSymbol(words[at - 1], '.') || isWord(words[at - 2], 'pg_catalog'))
  )
}

function runsOnComputeNodes({ words }: Statement): boolean {
  if (!isWord(words[0], 'select', 'with', 'insert', 'create', 'update', 'delete', 'merge')) return false
  if (isWord(words[0], 'create') && !words.some((word) => isWord(word, 'as'))) return false
  const named = cteNames(words)
  const reads = readRelations(words).some(({ schema, name }) => !isOfCatalog(schema, name) && !(schema === undefined && named.has(name)))
  return reads || isWord(words[0], 'insert') || (isWord(words[0], 'create') && words.some((word) => isWord(word, 'table')))
}

/** System tables are on the compute nodes, as those of users are; catalog tables are not. */
const systemTables = /^(stl|stv|svl|svv|sys)_/

function isOfCatalog(schema: string | undefined, name: string): boolean {
  if (schema !== undefined) return schema === 'information_schema' || (schema === 'pg_catalog' && !systemTables.test(name))
  return name.startsWith('pg_')
}
