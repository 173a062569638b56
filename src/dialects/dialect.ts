/** How SQL is spelled for a kind of warehouse: quoting, limits, types. Pure text. */
import type { Design, JsonValue } from '../core/project.ts'
import type { RelationName } from '../core/relation.ts'

export interface Dialect {
  readonly name: 'postgres' | 'redshift'
  /** For people: `Postgres`. */
  readonly title: string
  /** Longest identifier, in bytes of UTF-8. */
  readonly identifierBytes: number
  /** The time at which the transaction, or the statement, began. */
  readonly now: string
  /** A name, quoted in a statement, as the catalog keeps it. */
  readonly storedName: (name: string) => string
  /** Always quoted: `"order"`, quotes doubled. */
  readonly quoteIdentifier: (name: string) => string
  /** A literal of the value's type: `'O''Brien'`, `2026`, `true`, `null`; lists and objects as JSON text. */
  readonly quoteLiteral: (value: JsonValue) => string
  /** Who opens a session and owns relations, for people. */
  readonly principal: 'role' | 'user'
  /** Who gets a privilege, as `grant` names them; `public`, a word, is none of these. */
  readonly grantee: (name: string) => string
  /** `"schema"."name"`, or `"database"."schema"."name"`. */
  readonly relation: (relation: RelationName) => string
  /** What stands before and after a condition to count the rows that meet it. */
  readonly countIf: readonly [before: string, after: string]
  /** Sources may be of another database than that of the connection. */
  readonly readsOtherDatabases: boolean
  /** What is written behind `::` so that numbers of both types, as the catalog spells them, are compared without a loss. */
  readonly commonNumber: (one: string, other: string) => string
  /** The text of a value of that type. */
  readonly asText: (value: string, type: string) => string
  /** A text that is compared and ordered by its bytes. */
  readonly byBytes: (text: string) => string
  /** A condition, true or false, also where either is NULL. */
  readonly isDistinct: (one: string, other: string) => string
  /** The `format_type` spelling of a type name as people write it: `varchar(20)` is `character varying(20)`; unknown ones pass through. */
  readonly typeName: (written: string) => string
  /** The type of a column that is loaded from a file, where what the file calls it would hold less: `text` of Redshift holds 256 bytes. */
  readonly loadedType: (written: string, needs: LoadedNeeds) => string
  /** How a relation is told to be kept; absent where the warehouse has no such thing. */
  readonly design?: DesignSpelling
}

/** What the values of a column need. */
export interface LoadedNeeds {
  /** Most digits after the point. */
  readonly scale: number
}

export interface DesignSpelling {
  /** Between the name of a new table and its query, or after its columns: ` diststyle even`. */
  readonly table: (design: Design, from: 'query' | 'columns') => string
  /** The same of a materialized view. */
  readonly materializedView: (design: Design) => string
  /** After the type of a column: ` encode zstd`. */
  readonly column: (encode: string | undefined) => string
  readonly bindsLate: (design: Design) => boolean
  /** After the query of a view that is not bound to what it reads. */
  readonly lateBinding: string
  /** For a table that a query has made; no transaction may hold it. */
  readonly encodeColumns: (table: string, columns: readonly { readonly name: string; readonly encode: string }[]) => string
  readonly analyze: (table: string) => string
  /** Holds until the transaction ends. */
  readonly queryGroup: (name: string) => string
}
