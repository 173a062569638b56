/**
 * A materialized view where it cannot be renamed, and so not be built aside. Its stamp says by which statement it was made: while that is the same it is
 * refreshed, which keeps readers and what the server knows of its rows; else it is made again in one transaction, for which readers wait.
 */
import type { CatalogRelation } from '../core/catalog.ts'
import { asideOf, definitionTag, readStamp } from './aside-names.ts'
import { carriedPrivileges } from './carry-over.ts'
import { comments, configuredGrants } from './finish.ts'
import type { PlacedRelation, Plan } from './plan.ts'
import { lost } from './plan-publish.ts'
import { publishingOf } from './publishing.ts'
import { refuseSwap } from './refusals.ts'
import type { Build, PlanResult, RelationInput } from './relation-input.ts'
import { moveAway } from './swap.ts'

export function withDefinition(input: RelationInput, build: Build): RelationInput {
  const made = build.create(input.relation, []).map(({ sql }) => sql)
  return { ...input, stamp: { ...input.stamp, definition: definitionTag(made.join(';\n')) } }
}

export function planMaterializedView(input: RelationInput, build: Build, existing: CatalogRelation): PlanResult {
  const isSame = existing.kind === build.kind && readStamp(existing.comment)?.definition === input.stamp.definition
  if (isSame && input.fullRefresh !== true) return { ok: true, plan: planRefresh(input, build, existing) }
  const attached = lost(existing, build)
  const blocked = existing.dependents.map((dependent) => ({
    dependent,
    label: dependent.kind === 'view' ? `view ${dependent.schema}.${dependent.name}` : dependent.label,
    why: 'reads it, and would be lost with it',
  }))
  if (blocked.length + attached.length > 0) {
    return { ok: false, reasons: [refuseSwap({ existing, build, attached, blocked, node: input.stamp.node })] }
  }
  return { ok: true, plan: planAnew(input, build, existing) }
}

function planRefresh(input: RelationInput, build: Build, existing: CatalogRelation): Plan {
  const { relation, dialect } = input
  return {
    ...basePlan(input),
    action: 'refresh materialized view',
    phases: [
      { name: 'publish', transaction: false, statements: [{ sql: `refresh materialized view ${dialect.relation(relation)}` }] },
      {
        name: 'publish',
        transaction: true,
        statements: [...comments(input, build, relation), ...configuredGrants(input, relation, existing.privileges)],
      },
    ],
  }
}

function planAnew(input: RelationInput, build: Build, existing: CatalogRelation): Plan {
  const { relation, dialect, catalog } = input
  const { waitBriefly, lock, locked, checkIdentity, setOwner } = publishingOf(dialect)
  const old = asideOf(input, 'old')
  const isOfKind = existing.kind === build.kind
  const statements = [
    ...waitBriefly,
    ...lock(existing),
    checkIdentity(existing), // what it reads is looked up by the path of the session, under which a whole check would not be the same
    moveAway(existing, old, dialect),
    ...locked,
    ...build.create(relation, []),
    ...(existing.owner === catalog.user ? [] : [setOwner(build.kind, relation, existing.owner)]),
    ...carriedPrivileges(input, relation, existing, new Set()),
    ...comments(input, build, relation),
    ...configuredGrants(input, relation, existing.privileges),
  ]
  return {
    ...basePlan(input),
    action: isOfKind ? 'make materialized view again' : `swap ${existing.kind} for materialized view`,
    phases: [{ name: 'publish', transaction: true, statements }],
    ...(!isOfKind && { dropAfterwards: { ...old, kind: existing.kind as PlacedRelation['kind'] } }),
  }
}

function basePlan({ relation, dialect }: RelationInput): Pick<Plan, 'relation' | 'notes' | 'awaitsColumns' | 'takesTurns' | 'locks'> {
  return { relation, notes: [], awaitsColumns: false, takesTurns: publishingOf(dialect).oneAtATime, locks: [relation] }
}
