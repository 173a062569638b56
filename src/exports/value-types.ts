/** What a type means to a file: types are spelled as `format_type` does, modifiers included. */
export type ValueKind = 'integer' | 'decimal' | 'float' | 'boolean' | 'date' | 'timestamp' | 'timestamptz' | 'json' | 'bytea' | 'text'

const kinds: Readonly<Record<string, ValueKind>> = {
  smallint: 'integer',
  integer: 'integer',
  bigint: 'integer',
  numeric: 'decimal',
  real: 'float',
  'double precision': 'float',
  boolean: 'boolean',
  date: 'date',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamptz',
  json: 'json',
  jsonb: 'json',
  super: 'json',
  bytea: 'bytea',
}

export function kindOfType(type: string): ValueKind {
  return kinds[type.replace(/\s*\(.*?\)/, '')] ?? 'text'
}
