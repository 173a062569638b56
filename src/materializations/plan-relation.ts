/**
 * The kernel: from what exists to the statements that make a relation whole at every instant. Every materialization goes through it.
 * New: created under its name in one transaction. There already: views are replaced where the server allows it; all else is built aside, and
 * what the columns of the result decide is planned once they are known. What cannot be kept is written in place or refused, by name.
 */
import type { CatalogRelation, Dependent, DependentView } from '../core/catalog.ts'
import { relationKey, type RelationName } from '../core/relation.ts'
import { asideOf } from './aside-names.ts'
import { undescribed } from './carry-over.ts'
import { comments, configuredGrants, finish } from './finish.ts'
import type { Phase, Plan } from './plan.ts'
import { planMaterializedView, withDefinition } from './plan-materialized-view.ts'
import { lost, planPublish, swapPhase } from './plan-publish.ts'
import { publishingOf } from './publishing.ts'
import { refuseOwner } from './refusals.ts'
import type { Build, PlanResult, RelationInput } from './relation-input.ts'

export function planRelation(input: RelationInput, build: Build): PlanResult {
  const existing = findExisting(input)
  const isMade = build.kind === 'materialized view' && !publishingOf(input.dialect).renamesMaterializedViews
  if (existing === undefined) return { ok: true, plan: planCreate(isMade ? withDefinition(input, build) : input, build) }
  const refusal = refuseOwner(input, existing)
  if (refusal !== undefined) return { ok: false, reasons: [refusal] }
  if (isMade) return planMaterializedView(withDefinition(input, build), build, existing)
  const built = input.known?.built
  if (build.replace !== undefined && mayReplace(build, existing) && built === undefined && input.known?.columnsChanged !== true) {
    return { ok: true, plan: planReplace(input, build, existing) }
  }
  const base = planBase(input, build, existing)
  if (built !== undefined) return planPublish({ input, build, existing, built, base })
  if (needsColumns(input, build, existing)) return { ok: true, plan: { ...base, awaitsColumns: true } }
  const judged = { repointed: [], left: [], blocked: [] }
  const swap = swapPhase({ input, build, existing, judged, columns: new Set(), drops: [] })
  return { ok: true, plan: { ...base, phases: [...base.phases, swap] } }
}

function mayReplace({ lateBinding = false }: Build, existing: CatalogRelation): boolean {
  return existing.kind === 'view' && (existing.lateBinding ?? false) === lateBinding
}

function findExisting({ known, catalog, relation }: RelationInput): CatalogRelation | undefined {
  return known === undefined ? catalog.relations.get(relationKey(relation)) : known.existing
}

function needsColumns(input: RelationInput, build: Build, existing: CatalogRelation): boolean {
  return (
    publishingOf(input.dialect).tellColumns === undefined ||
    input.swap === 'in_place' ||
    existing.dependents.length > 0 ||
    lost(existing, build).length > 0 ||
    undescribed(input, existing).length > 0 ||
    existing.privileges.some((privilege) => privilege.column !== undefined)
  )
}

/** Nobody sees it before the commit, so it needs no other name. */
function planCreate(input: RelationInput, build: Build): Plan {
  const { relation } = input
  const statements = [...build.create(relation, []), ...finish(input, build, relation, false), ...configuredGrants(input, relation, [])]
  return {
    action: `create ${build.kind}`,
    relation,
    phases: [{ name: 'build', transaction: true, statements }, ...complete(build, relation)],
    notes: [],
    awaitsColumns: false,
    takesTurns: false,
    locks: [relation],
  }
}

function planReplace(input: RelationInput, build: Build, existing: CatalogRelation): Plan {
  const { relation } = input
  const { waitBriefly, locked, checkIdentity, oneAtATime } = publishingOf(input.dialect)
  const statements = [
    ...waitBriefly,
    checkIdentity(existing),
    ...build.replace!(relation, existing.options).map((statement) => ({ ...statement, waits: true })),
    ...locked,
    ...comments(input, build, relation),
    ...configuredGrants(input, relation, existing.privileges),
  ]
  return {
    action: 'replace view',
    relation,
    phases: [{ name: 'publish', transaction: true, statements }],
    notes: [],
    awaitsColumns: false,
    takesTurns: oneAtATime,
    locks: [relation],
  }
}

function complete({ complete: statementsOf }: Build, target: RelationName): readonly Phase[] {
  const statements = statementsOf?.(target) ?? []
  return statements.length === 0 ? [] : [{ name: 'build', transaction: false, statements }]
}

/** Built aside; nothing is published yet. */
function planBase(input: RelationInput, build: Build, existing: CatalogRelation): Plan {
  const { relation } = input
  const aside = asideOf(input, 'new')
  const statements = [...build.create(aside, existing.kind === 'view' ? existing.options : []), ...finish(input, build, aside, true)]
  return {
    action: existing.kind === build.kind ? `swap ${build.kind}` : `swap ${existing.kind} for ${build.kind}`,
    relation,
    phases: input.known?.built === undefined ? [{ name: 'build', transaction: true, statements }, ...complete(build, aside)] : [],
    notes: [],
    aside: { ...aside, kind: build.kind },
    awaitsColumns: false,
    takesTurns: existing.dependents.length > 0 || publishingOf(input.dialect).oneAtATime,
    locks: [relation, ...existing.dependents.filter(isView)],
  }
}

function isView(dependent: Dependent): dependent is DependentView {
  return dependent.kind === 'view'
}
