/**
 * Redshift's spelling. Names keep no capitals, quoted or not (unless a cluster says otherwise), so they are lowered here and compare equal to those that the
 * catalog shows; a backslash in a string is an escape. What it follows: "Names and identifiers", "Character types" and "QUOTE_LITERAL" of the Amazon Redshift
 * Database Developer Guide.
 */
import type { JsonValue } from '../core/project.ts'
import type { Dialect, LoadedNeeds } from './dialect.ts'
import { postgresDialect } from './postgres.ts'
import { redshiftDesign } from './redshift-design.ts'
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
  storedName,
  quoteIdentifier,
  quoteLiteral,
  principal: 'user',
  grantee,
  relation: ({ database, schema, name }) =>
    [database, schema, name].flatMap((part) => (part === undefined ? [] : quoteIdentifier(part))).join('.'),
  countIf: ['count(case when ', ' then 1 end)'],
  readsOtherDatabases: true,
  commonNumber,
  asText,
  byBytes: (text) => text, // as every text is, unless its column says otherwise
  isDistinct: (one, other) => `(${one} <> ${other} or ${one} is null and ${other} is not null or ${one} is not null and ${other} is null)`,
  typeName,
  loadedType,
  design: redshiftDesign({ quoteIdentifier, quoteLiteral }),
}

/** Only letters of ASCII are lowered, as the server does. */
function storedName(name: string): string {
  return name.replaceAll(/[A-Z]+/g, (capitals) => capitals.toLowerCase())
}

function quoteIdentifier(name: string): string {
  return postgresDialect.quoteIdentifier(storedName(name))
}

/** `group analysts`, `role reporting`, else a user. Names of these keep their capitals in quotes. */
function grantee(name: string): string {
  const [, kind, rest] = /^(group|role)\s+(.+)$/s.exec(name) ?? []
  return kind === undefined ? postgresDialect.quoteIdentifier(name) : `${kind} ${postgresDialect.quoteIdentifier(rest!)}`
}

function quoteLiteral(value: JsonValue): string {
  return postgresDialect.quoteLiteral(value).replaceAll('\\', '\\\\')
}

/** A `numeric` without more holds no fraction. */
function commonNumber(...types: readonly [string, string]): string {
  if (types.some((type) => /^(?:real|double precision)$/.test(type))) return 'double precision'
  const scales = types.map((type) => Number(/,\s*(\d+)\s*\)/.exec(type)?.[1] ?? 0))
  return `numeric(38,${Math.max(...scales)})`
}

/** Some types have no cast to a text. */
function asText(value: string, type: string): string {
  if (type === 'boolean') return `case when ${value} then 'true' when not ${value} then 'false' end`
  if (type === 'super') return `json_serialize(${value})`
  if (type.startsWith('binary varying')) return `from_varbyte(${value}, 'hex')`
  if (type === 'geometry' || type === 'geography') return `st_astext(${value})`
  return `${value}::varchar`
}

function typeName(written: string): string {
  const [, base, hasMax] = /^(.*?)\s*(\(\s*max\s*\))?$/i.exec(written.trim())!
  if (hasMax === undefined) return spellType(written)
  const name = spellType(base!)
  const bytes = longest[name]
  return bytes === undefined ? written.trim() : `${name}(${bytes})`
}

/** Types of Postgres that Redshift calls otherwise, or of which it holds less where no length is said: `text` is 256 bytes, `numeric` has no fraction. */
const roomy: Readonly<Record<string, string>> = {
  'character varying': `varchar(${longest['character varying']!})`,
  json: 'super',
  jsonb: 'super',
  uuid: 'varchar(36)',
}

const mostDigits = 38

function loadedType(written: string, { scale }: LoadedNeeds): string {
  const name = typeName(written).toLowerCase()
  if (name === 'numeric') return `numeric(${mostDigits}, ${Math.min(scale, mostDigits - 1)})`
  return roomy[name] ?? written
}
