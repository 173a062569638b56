/** How SQL is spelled for a kind of warehouse: quoting, limits, types. Pure text. */
import type { JsonValue } from '../core/project.ts'
import type { RelationName } from '../core/relation.ts'

export interface Dialect {
  readonly name: 'postgres' | 'redshift'
  /** For people: `Postgres`. */
  readonly title: string
  /** Longest identifier, in bytes of UTF-8. */
  readonly identifierBytes: number
  /** The time at which the transaction, or the statement, began. */
  readonly now: string
  /** Always quoted: `"order"`, quotes doubled. */
  readonly quoteIdentifier: (name: string) => string
  /** A literal of the value's type: `'O''Brien'`, `2026`, `true`, `null`; lists and objects as JSON text. */
  readonly quoteLiteral: (value: JsonValue) => string
  /** Who gets a privilege, as `grant` names them; `public`, a word, is none of these. */
  readonly grantee: (name: string) => string
  /** `"schema"."name"`. */
  readonly relation: (relation: RelationName) => string
  /** The `format_type` spelling of a type name as people write it: `varchar(20)` is `character varying(20)`; unknown ones pass through. */
  readonly typeName: (written: string) => string
}
