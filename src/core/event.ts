/**
 * What happens in a run, as one versioned union. Terminal, `--json`, run results, JUnit and annotations are folds over it.
 * Events never hold rows, secrets or SQL text with values; the sample rows of a failed test travel beside them, in
 * `TestSample`, to reporters on a terminal alone.
 */
import type { Diagnostic } from './diagnostic.ts'
import type { NodeId } from './node.ts'

export const eventVersion = 1

export type NodeStatus = 'success' | 'warn' | 'fail' | 'error' | 'skipped' | 'cancelled'

interface EventBase {
  readonly v: typeof eventVersion
  /** Counts up from 1 in a run. */
  readonly seq: number
  /** ISO 8601, UTC. */
  readonly at: string
  /** Id of the run. */
  readonly run: string
}

export interface FailureReport {
  readonly code: string
  readonly message: string
  readonly hint?: string
  /** Where in the author's files, with its frame. */
  readonly place?: { readonly file: string; readonly line: number; readonly column: number; readonly frame: string }
  /** The macro calls that led there, innermost first. */
  readonly calls?: readonly { readonly file: string; readonly line: number; readonly column: number }[]
  readonly sqlState?: string
  /** Further mistakes of the same kind: of other lines of a file. */
  readonly others?: readonly FailureReport[]
}

export interface NodeOutcome {
  readonly node: NodeId
  readonly status: NodeStatus
  readonly ms: number
  /** Rows of a table, seed or export; failing rows of a test. */
  readonly rows?: number
  /** `view`, `table`, `csv`, `unique`: what was done. */
  readonly what?: string
  /** Relation, or file written. */
  readonly where?: string
  /** Where people open it. */
  readonly link?: string
  /** Why it was skipped, or what to note. */
  readonly reason?: string
  readonly failure?: FailureReport
  /** `table swapped in`, `written in place because ...`. */
  readonly notes?: readonly string[]
  /** Table that keeps the failing rows. */
  readonly storedIn?: string
  readonly compiledHash?: string
}

export type RunEvent = EventBase &
  (
    | {
        readonly type: 'run-started'
        /** What exports know the run by: the same for every attempt at the same work. */
        readonly delivery: string
        readonly command: string
        readonly project: string
        readonly target: string
        readonly nodes: number
        readonly version: string
      }
    | { readonly type: 'warning'; readonly diagnostic: Diagnostic }
    /** Relations of another target, which stand in for nodes that are neither selected nor there. */
    | {
        readonly type: 'refs-redirected'
        readonly target: string
        readonly reads: readonly { readonly node: NodeId; readonly relation: string }[]
      }
    | { readonly type: 'waiting'; readonly node?: NodeId; readonly reason: string }
    | { readonly type: 'retrying'; readonly node?: NodeId; readonly reason: string; readonly attempt: number }
    | {
        /** A CSV was loaded where the target has no table of a source. */
        readonly type: 'sample-loaded'
        readonly source: NodeId
        /** `schema.relation` */
        readonly where: string
        readonly file: string
        readonly rows: number
        readonly ms: number
      }
    | {
        /** The tab of a Google Sheet was read, and loaded where it had changed. */
        readonly type: 'sheet-loaded'
        readonly source: NodeId
        /** `schema.relation` */
        readonly where: string
        /** Titles. */
        readonly spreadsheet: string
        readonly tab: string
        readonly rows: number
        readonly unchanged: boolean
        readonly ms: number
      }
    | { readonly type: 'node-started'; readonly node: NodeId }
    /** How far a node is that takes long: `20,000 of 50,000 rows`. */
    | { readonly type: 'progress'; readonly node: NodeId; readonly text: string }
    | ({ readonly type: 'export-planned'; readonly node: NodeId } & ExportPlan)
    | ({ readonly type: 'node-finished' } & NodeOutcome)
    | {
        readonly type: 'run-finished'
        readonly status: 'success' | 'failed' | 'cancelled'
        readonly ms: number
        readonly counts: Readonly<Record<NodeStatus, number>>
      }
  )

/** What `export --plan` would do to one tab, in numbers. */
export interface ExportPlan {
  /** The value of `for_each`. */
  readonly part?: string
  readonly where: string
  readonly mode: string
  readonly change: 'none' | 'create' | 'write'
  readonly rowsBefore?: number
  readonly rows: number
  readonly added: number
  readonly changed: number
  readonly removed: number
  readonly columns: readonly string[]
  readonly addedColumns: readonly string[]
  readonly removedColumns: readonly string[]
  /** Cells by which the grid grows. */
  readonly growth: number
  readonly reads: number
  readonly writes: number
  readonly bytes: number
}

/** The first failing rows of a test, sensitive columns masked, as text. For a terminal only: never logged or written. */
export interface TestSample {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
}
