/**
 * A data test that is ready to be asked: templates rendered, names resolved. `built-in` ones are spelled here, in
 * `generic/`; a `query` one (singular, or defined by the project) brings its SELECT of failing rows.
 */
import type { NodeId } from '../core/node.ts'
import type { TestOptions } from '../core/project.ts'
import type { Span } from '../core/span.ts'
import type { LocalValue, Rendered } from '../template/template.ts'

export type DataTest = BuiltInTest | QueryTest

export interface BuiltInTest extends TestBase {
  readonly kind: 'built-in'
  /** A name of `genericTests`. */
  readonly test: string
  readonly on: TestSubject
  /** As spelled in the warehouse, not quoted. */
  readonly column?: string | undefined
  /** SQL is `{ sql }`: `expression`, and `to` of relationships as a relation's text. Plain strings are taken as they are. */
  readonly args: Readonly<Record<string, LocalValue>>
}

export interface QueryTest extends TestBase {
  readonly kind: 'query'
  /** One SELECT of failing rows, rendered with `filteredRelation` as its `relation`. */
  readonly sql: Rendered
  /** Absent for a singular test. */
  readonly on?: TestSubject | undefined
}

interface TestBase {
  readonly id: NodeId
  /** `unique_supporters_email`: for people, and for the table of failing rows. */
  readonly name: string
  readonly where?: Rendered | undefined
  readonly options: TestOptions
  /** Where the author uses the test: what is not the author's own SQL is located here. */
  readonly at: Span
}

export interface TestSubject {
  /** `"schema"."name"`, or a SELECT in parentheses where nothing is built. */
  readonly relation: string | Rendered
  /** The node's name: for messages; the part after its last dot is also the alias that the author's SQL can use. */
  readonly label: string
}

export interface TestResult {
  readonly test: DataTest
  /** Rows that the test's SELECT of failing rows would return, whatever its `limit`. */
  readonly failures: number
  /** Rows of the relation that the test looked at; null where nobody counted them. */
  readonly total: number | null
}
