/**
 * Redshift's spelling. Names keep no capitals, quoted or not (unless a cluster says otherwise), so they are lowered here and compare equal to those that the
 * catalog shows; a backslash in a string is an escape. What it follows: "Names and identifiers", "Character types" and "QUOTE_LITERAL" of the Amazon Redshift
 * Database Developer Guide.
 */
import type { JsonValue } from '../core/project.ts'
import type { Dialect } from './dialect.ts'
import { postgresDialect } from './postgres.ts'
import { typeSpeller } from './type-names.ts'

/** `text` is no type of its own: a column of it is a `character varying`. */
const spellType = typeSpeller({
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
    nvarchar: 'character varying',
    text: 'character varying',
    char: 'character',
    nchar: 'character',
    bpchar: 'character',
    varbyte: 'binary varying',
    varbinary: 'binary varying',
    timestamp: 'timestamp without time zone',
    timestamptz: 'timestamp with time zone',
    time: 'time without time zone',
    timetz: 'time with time zone',
  },
  others: ['date', 'super', 'hllsketch', 'geometry', 'geography', 'interval year to month', 'interval day to second'],
})

/** Bytes that `max` stands for. */
const longest: Readonly<Record<string, string>> = { 'character varying': '65535', character: '4096' }

export const redshiftDialect: Dialect = {
  name: 'redshift',
  title: 'Redshift',
  identifierBytes: 127,
  now: 'getdate()',
  quoteIdentifier,
  quoteLiteral,
  grantee,
  relation: ({ schema, name }) => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`,
  typeName,
}

/** Only letters of ASCII are lowered, as the server does. */
function quoteIdentifier(name: string): string {
  return postgresDialect.quoteIdentifier(name.replaceAll(/[A-Z]+/g, (capitals) => capitals.toLowerCase()))
}

/** `group analysts`, `role reporting`, else a user. Names of these keep their capitals in quotes. */
function grantee(name: string): string {
  const [, kind, rest] = /^(group|role)\s+(.+)$/s.exec(name) ?? []
  return kind === undefined ? postgresDialect.quoteIdentifier(name) : `${kind} ${postgresDialect.quoteIdentifier(rest!)}`
}

function quoteLiteral(value: JsonValue): string {
  return postgresDialect.quoteLiteral(value).replaceAll('\\', '\\\\')
}

function typeName(written: string): string {
  const [, base, hasMax] = /^(.*?)\s*(\(\s*max\s*\))?$/i.exec(written.trim())!
  if (hasMax === undefined) return spellType(written)
  const name = spellType(base!)
  const bytes = longest[name]
  return bytes === undefined ? written.trim() : `${name}(${bytes})`
}
