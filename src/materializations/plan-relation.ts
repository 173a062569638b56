/**
 * The kernel: from what exists to the statements that make a relation whole at every instant. Every materialization goes through it.
 * New: created under its name in one transaction. There already: views are replaced where the server allows it; all else is built aside, and
 * what the columns of the result decide is planned once they are known. What cannot be kept is written in place or refused, by name.
 */
import { createHash } from 'node:crypto'
import type { CatalogColumn, CatalogRelation, Dependent, DependentView } from '../core/catalog.ts'
import { relationKey, relationLabel } from '../core/relation.ts'
import { checkDigest, identityExpression } from '../dialects/postgres-fingerprint.ts'
import { asideOf } from './aside-names.ts'
import { undescribed } from './carry-over.ts'
import { comments, configuredGrants, finish } from './finish.ts'
import { judgeDependents, type Judgement } from './judge-dependents.ts'
import { staleCatalog, type Phase, type Plan } from './plan.ts'
import { refuseOwner, refuseSwap } from './refusals.ts'
import { isOurs } from './own-index.ts'
import type { Build, PlanResult, RelationInput } from './relation-input.ts'
import { lockTimeout, swapStatements } from './swap.ts'
import { inPlaceStatements } from './write-in-place.ts'

export function planRelation(input: RelationInput, build: Build): PlanResult {
  const existing = findExisting(input)
  if (existing === undefined) return { ok: true, plan: planCreate(input, build) }
  const refusal = refuseOwner(input, existing)
  if (refusal !== undefined) return { ok: false, reasons: [refusal] }
  const built = input.known?.built
  if (build.replace !== undefined && existing.kind === 'view' && built === undefined && input.known?.columnsChanged !== true) {
    return { ok: true, plan: planReplace(input, build, existing) }
  }
  if (built !== undefined) return planPublish(input, build, existing, built)
  if (needsColumns(input, build, existing)) return { ok: true, plan: { ...planBase(input, build, existing), awaitsColumns: true } }
  const swap = swapPhase(input, build, existing, { repointed: [], left: [], blocked: [] }, new Set())
  const base = planBase(input, build, existing)
  return { ok: true, plan: { ...base, phases: [...base.phases, swap] } }
}

function findExisting({ known, catalog, relation }: RelationInput): CatalogRelation | undefined {
  return known === undefined ? catalog.relations.get(relationKey(relation)) : known.existing
}

function needsColumns(input: RelationInput, build: Build, existing: CatalogRelation): boolean {
  return (
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
    phases: [{ name: 'build', transaction: true, statements }],
    notes: [],
    awaitsColumns: false,
    touchesOthers: false,
    locks: [relation],
  }
}

function planReplace(input: RelationInput, build: Build, existing: CatalogRelation): Plan {
  const { relation } = input
  const digest = createHash('md5').update([existing.schema, existing.name, 'v', existing.comment].join('\n')).digest('hex')
  const statements = [
    { sql: lockTimeout },
    { sql: checkDigest({ expression: identityExpression, id: existing.id, digest, sqlState: staleCatalog }) },
    build.replace!(relation, existing.options),
    ...comments(input, build, relation),
    ...configuredGrants(input, relation, existing.privileges),
  ]
  return {
    action: 'replace view',
    relation,
    phases: [{ name: 'publish', transaction: true, statements }],
    notes: [],
    awaitsColumns: false,
    touchesOthers: false,
    locks: [relation],
  }
}

/** Built aside; nothing is published yet. */
function planBase(input: RelationInput, build: Build, existing: CatalogRelation): Plan {
  const { relation, runId } = input
  const aside = asideOf(relation, 'new', runId)
  const statements = [...build.create(aside, existing.kind === 'view' ? existing.options : []), ...finish(input, build, aside, true)]
  return {
    action: existing.kind === build.kind ? `swap ${build.kind}` : `swap ${existing.kind} for ${build.kind}`,
    relation,
    phases: input.known?.built === undefined ? [{ name: 'build', transaction: true, statements }] : [],
    notes: [],
    aside: { ...aside, kind: build.kind },
    awaitsColumns: false,
    touchesOthers: existing.dependents.length > 0,
    locks: [relation, ...existing.dependents.filter(isView)],
  }
}

function isView(dependent: Dependent): dependent is DependentView {
  return dependent.kind === 'view'
}

function planPublish(input: RelationInput, build: Build, existing: CatalogRelation, built: readonly CatalogColumn[]): PlanResult {
  const base = planBase(input, build, existing)
  const judged = judgeDependents({ existing, built, rebuiltLater: input.rebuiltLater ?? new Set(), project: input.stamp.project })
  const attached = lost(existing, build)
  if (attached.length === 0 && judged.blocked.length === 0) {
    const phase = swapPhase(input, build, existing, judged, new Set(built.map((column) => column.name)))
    const left =
      judged.left.length === 0
        ? undefined
        : ({ ...asideOf(input.relation, 'old', input.runId), kind: existing.kind === 'view' ? 'view' : 'table' } as const)
    return { ok: true, plan: { ...base, phases: [phase], ...(left && { leftBehind: left }) } }
  }
  const others = existing.dependents.filter((one) => one.kind === 'other')
  const writable =
    existing.kind === 'table' &&
    build.kind === 'table' &&
    sameColumns(existing.columns, built) &&
    !existing.attachments.some((one) => one.blocksInserts) &&
    others.every((one) => one.toleratesRewrite)
  if (!writable) return { ok: false, reasons: [refuseSwap({ existing, build, attached, blocked: judged.blocked, node: input.stamp.node })] }
  const atOnce = others.some((one) => one.checksEachStatement)
  const phase: Phase = { name: 'publish', transaction: true, statements: inPlaceStatements({ input, build, existing, atOnce }) }
  const because = [...new Set([...attached.map((one) => `${one.kind} ${one.name}`), ...judged.blocked.map((one) => one.label)])].join(', ')
  return {
    ok: true,
    plan: {
      ...base,
      action: 'write table in place',
      phases: [phase],
      notes: [`${relationLabel(input.relation)} was written in place, because a swap would lose or break: ${because}.`],
    },
  }
}

function swapPhase(input: RelationInput, build: Build, existing: CatalogRelation, judged: Judgement, columns: ReadonlySet<string>): Phase {
  const parts = { input, build, existing, columns, repointed: judged.repointed, keepOld: judged.left.length > 0 }
  return { name: 'publish', transaction: true, statements: swapStatements(parts) }
}

/** What stands on the old relation, was not made by us, and would be gone after a swap. */
function lost(existing: CatalogRelation, build: Build): readonly { readonly kind: string; readonly name: string }[] {
  const foreign = existing.indexes.filter((index) => !isOurs(existing.name, index))
  const options = existing.kind === 'view' && build.kind === 'table' ? existing.options : []
  return [
    ...existing.attachments,
    ...foreign.map(({ name }) => ({ kind: 'index', name })),
    ...options.map((name) => ({ kind: 'view option', name })),
  ]
}

function sameColumns(a: readonly CatalogColumn[], b: readonly CatalogColumn[]): boolean {
  const spell = (columns: readonly CatalogColumn[]): string => JSON.stringify(columns.map(({ name, type }) => [name, type]))
  return spell(a) === spell(b)
}
