/** Postgres's spelling, for a server and for PGlite. Identifiers are always quoted, so that any name means itself. */
import type { JsonValue } from '../core/project.ts'
import type { Dialect } from './dialect.ts'

/** Spellings that people use, by the one that `format_type` prints. */
const typeAliases: Readonly<Record<string, string>> = {
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
}

export const postgresDialect: Dialect = {
  name: 'postgres',
  title: 'Postgres',
  identifierBytes: 63,
  quoteIdentifier,
  quoteLiteral,
  relation: ({ schema, name }) => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`,
  typeName,
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

function typeName(written: string): string {
  const parts = /^([a-z_][a-z0-9_ ]*?)\s*(\([\s\d,]*\))?\s*(with(?:out)? time zone)?\s*((?:\[\d*\])*)$/i.exec(written.trim())
  if (parts === null) return written.trim()
  const [, base = '', modifier = '', zone, array = ''] = parts
  const words = [base, zone ?? ''].join(' ').trim().toLowerCase().replaceAll(/\s+/g, ' ')
  const name = typeAliases[words] ?? (standardTypes.has(words) ? words : base)
  return withModifier(name, modifier.replaceAll(/\s+/g, '')) + array
}

const standardTypes: ReadonlySet<string> = new Set(
  Object.values(typeAliases).concat(
    'text',
    'date',
    'interval',
    'uuid',
    'json',
    'jsonb',
    'bytea',
    'money',
    'inet',
    'cidr',
    'bit',
    'xml',
    'tsvector',
  ),
)

/** `timestamp(3) without time zone`: the modifier stands after the first word of the types of time. */
function withModifier(name: string, modifier: string): string {
  if (modifier === '') return name
  if (name === 'numeric' && !modifier.includes(',')) return `numeric(${modifier.slice(1, -1)},0)`
  if (/^(time|timestamp) /.test(name)) return name.replace(' ', `${modifier} `)
  return name + modifier
}
