/** Something that depends on relations and may be dropped, because a user named it. */
export interface Droppable {
  /** Identity in the warehouse, as a dependent's: `pg_class:16412`. */
  readonly id: string
  /** As it was named: `public.totals`. */
  readonly name: string
  readonly kind: 'view' | 'materialized view' | 'routine'
  /** For people: `materialized view public.totals`. */
  readonly label: string
  /** As a statement names it, quoted. */
  readonly spelled: string
  readonly owner: string
  /** The identities of what reads it directly; each of them is in the list, before it. */
  readonly readers: readonly string[]
}
