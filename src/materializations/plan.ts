/**
 * What a materialization decides: statements in phases, which a plan can print and a test can read without a database.
 * A planner is pure: (node, what exists, capabilities) -> Plan.
 */
import type { RelationName } from '../core/relation.ts'

export type PhaseName = 'prepare' | 'build' | 'audit' | 'publish' | 'after'

export interface Plan {
  /** `create view`, `swap table`, `replace view`: for people. */
  readonly action: string
  readonly relation: RelationName
  readonly phases: readonly Phase[]
  /** What to tell the user: `written in place: a policy stands on it`. */
  readonly notes: readonly string[]
  /** What is built aside, until the publish moves or drops it. */
  readonly aside?: PlacedRelation
  /** The columns of what is built aside decide the rest: after these phases it is read, and the planner asked again. */
  readonly awaitsColumns: boolean
  /** The publish waits for others of this run: it changes other relations too, or the warehouse wants one at a time. */
  readonly takesTurns: boolean
  /** Relations whose locks the publish needs, for naming who holds them. */
  readonly locks: readonly RelationName[]
  /** What `--drop-dependents` named and this drops. */
  readonly dropped?: readonly string[]
  /** The old relation, which children that are rebuilt later still read; dropped at the end of the run. */
  readonly leftBehind?: PlacedRelation
  /** What the publish leaves over where it drops nothing itself; dropped once it is done. */
  readonly dropAfterwards?: PlacedRelation
}

export interface PlacedRelation extends RelationName {
  readonly kind: 'table' | 'view' | 'materialized view'
}

export interface Phase {
  readonly name: PhaseName
  /** All statements in one transaction (the runner adds `begin` and `commit`); otherwise each by itself. */
  readonly transaction: boolean
  readonly statements: readonly Statement[]
}

export interface Statement {
  readonly sql: string
  /** Where in `sql` the compiled SQL of the node begins, so that a position in an error leads to the author's file. */
  readonly compiledAt?: number
  /** Its count of rows is the node's (`create table as`, `insert`, `copy`). */
  readonly countsRows?: boolean
  /** Each of its rows is a sentence for the user: a note. */
  readonly tells?: boolean
  /** Digest of its rows where the catalog is as it was planned on; with others the transaction is rolled back and planned again. */
  readonly expects?: string
  /** It waits for a lock, for as long as a statement may take. */
  readonly waits?: boolean
  /** Takes the rows of a file, which the runner supplies: a `copy ... from stdin`, or an `insert into ... values`, which goes on with them. */
  readonly rows?: RowsLoad
}

/** How rows come in that are written as COPY reads them. */
export type RowsLoad =
  | { readonly by: 'copy' }
  | { readonly by: 'insert'; readonly columns: readonly { readonly name: string; readonly type: string }[]; readonly delimiter: string }

/** SQLSTATE that a publish raises when what it relied on is different under its locks. */
export const staleCatalog = 'SFLOW'
