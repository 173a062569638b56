/** Postgres's spelling, for a server and for PGlite. Identifiers are always quoted, so that any name means itself. */
import type { JsonValue } from '../core/project.ts'
import type { Dialect } from './dialect.ts'
import { typeSpeller } from './type-names.ts'

const typeName = typeSpeller({
  aliases: {
    int: 'integer',
    int2: 'smallint',
    int4: 'integer',
    int8: 'bigint',
    float: 'double precision',
    float4: 'real',
    float8: 'double precision',
    decimal: 'numeric',
    bool: 'boolean',
    varchar: 'character varying',
    char: 'character',
    varbit: 'bit varying',
    timestamp: 'timestamp without time zone',
    timestamptz: 'timestamp with time zone',
    time: 'time without time zone',
    timetz: 'time with time zone',
  },
  others: ['text', 'date', 'interval', 'uuid', 'json', 'jsonb', 'bytea', 'money', 'inet', 'cidr', 'bit', 'xml', 'tsvector'],
})

export const postgresDialect: Dialect = {
  name: 'postgres',
  title: 'Postgres',
  identifierBytes: 63,
  now: 'now()',
  storedName: (name) => name,
  quoteIdentifier,
  quoteLiteral,
  principal: 'role',
  grantee: quoteIdentifier,
  relation: ({ schema, name }) => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`,
  countIf: ['count(*) filter (where ', ')'], // a fifth faster than counting the values of a CASE
  readsOtherDatabases: false,
  commonNumber: () => 'numeric',
  asText: (value) => `${value}::text`,
  byBytes: (text) => `${text} collate "C"`,
  isDistinct: (one, other) => `${one} is distinct from ${other}`,
  typeName,
  loadedType: (written) => written,
}

function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Negative numbers stand in parentheses: `-` before them would begin a comment. */
function quoteLiteral(value: JsonValue): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return value < 0 ? `(${value})` : String(value)
  return `'${(typeof value === 'string' ? value : JSON.stringify(value)).replaceAll("'", "''")}'`
}
