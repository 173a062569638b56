/**
 * How a relation that is there becomes the one that was built aside: swapped, written in place, or refused by name. Nothing that stands on it or
 * refers to it is lost unless the user named it to be dropped, and then only where nothing else helps.
 */
import type { CatalogRelation, Dependent } from '../core/catalog.ts'
import type { Droppable } from '../core/droppable.ts'
import { relationLabel } from '../core/relation.ts'
import { asideOf } from './aside-names.ts'
import { dropsFor, isDropped } from './droppable.ts'
import { judgeDependents, type Judgement } from './judge-dependents.ts'
import { isOurs } from './own-index.ts'
import type { Phase, PlacedRelation, Plan } from './plan.ts'
import { publishingOf } from './publishing.ts'
import { refuseInPlace, refuseSwap } from './refusals.ts'
import { type Build, type BuiltAside, type PlanResult, type RelationInput, spellType } from './relation-input.ts'
import { swapStatements } from './swap.ts'
import { inPlaceStatements } from './write-in-place.ts'

export interface Publish {
  readonly input: RelationInput
  readonly build: Build
  readonly existing: CatalogRelation
  readonly built: BuiltAside
  /** What the plan has in common, whatever becomes of it. */
  readonly base: Plan
}

export function planPublish(publish: Publish): PlanResult {
  const { input, build, existing, built } = publish
  const judged = judgeDependents({ existing, built, rebuiltLater: input.rebuiltLater ?? new Set(), project: input.stamp.project })
  const attached = lost(existing, build)
  const wantsInPlace = input.swap === 'in_place'
  if (input.known?.contended === true && canWriteInPlace(publish)) return { ok: true, plan: planInPlace(publish, judged, attached) }
  if (!wantsInPlace && attached.length === 0 && judged.blocked.length === 0) return { ok: true, plan: planSwap(publish, judged, []) }
  if (canWriteInPlace(publish)) return { ok: true, plan: planInPlace(publish, judged, attached) }
  if (wantsInPlace) return { ok: false, reasons: [refuseInPlace({ existing, built })] }
  const drops = dropsFor(
    judged.blocked.map((one) => one.dependent),
    input.droppable ?? [],
  )
  const blocked = judged.blocked.filter((one) => !isDropped(one.dependent, drops))
  if (attached.length === 0 && blocked.length === 0) return { ok: true, plan: planSwap(publish, judged, drops) }
  return { ok: false, reasons: [refuseSwap({ existing, build, attached, blocked, node: input.stamp.node })] }
}

function planSwap({ input, build, existing, built, base }: Publish, judged: Judgement, drops: readonly Droppable[]): Plan {
  const phase = swapPhase({ input, build, existing, judged, columns: new Set(built.columns.map((column) => column.name)), drops })
  const old: PlacedRelation = { ...asideOf(input, 'old'), kind: existing.kind as PlacedRelation['kind'] }
  const isRead = judged.left.length > 0
  const { tellColumns, dropsAfterwards, renamesMaterializedViews } = publishingOf(input.dialect)
  return {
    ...base,
    phases: [phase],
    notes: [
      ...drops.map(({ label }) => `Dropped the ${label}, as --drop-dependents says.`),
      ...(tellColumns === undefined ? describeChanges(existing, built) : []),
    ],
    dropped: drops.map(({ name }) => name),
    ...(isRead && { leftBehind: old }),
    ...(dropsAfterwards && !isRead && (existing.kind !== 'materialized view' || renamesMaterializedViews) && { dropAfterwards: old }),
  }
}

/** By a change of the model, or because somebody made the column by hand. */
function describeChanges(existing: BuiltAside, built: BuiltAside): readonly string[] {
  const after = new Map(built.columns.map((column) => [column.name, spellType(column)]))
  return existing.columns.flatMap((column) => {
    const [was, is] = [spellType(column), after.get(column.name)]
    if (is === undefined) return [`The column ${column.name} is gone.`]
    return is === was ? [] : [`The column ${column.name} was ${was} and is ${is}.`]
  })
}

export interface SwapChoices extends Pick<Publish, 'input' | 'build' | 'existing'> {
  readonly judged: Judgement
  /** Those of the new relation. */
  readonly columns: ReadonlySet<string>
  readonly drops: readonly Droppable[]
}

export function swapPhase({ input, build, existing, judged, columns, drops }: SwapChoices): Phase {
  const parts = { input, build, existing, columns, drops, repointed: judged.repointed, keepOld: judged.left.length > 0 }
  return { name: 'publish', transaction: true, statements: swapStatements(parts) }
}

function planInPlace({ input, build, existing, base }: Publish, judged: Judgement, attached: readonly Lost[]): Plan {
  const atOnce = existing.dependents.some((one) => one.kind === 'other' && one.checksEachStatement)
  const phase: Phase = { name: 'publish', transaction: true, statements: inPlaceStatements({ input, build, existing, atOnce }) }
  return {
    ...base,
    action: 'write table in place',
    phases: [phase],
    ...(base.aside && publishingOf(input.dialect).dropsAfterwards && { dropAfterwards: base.aside }),
    notes: input.swap === 'in_place' ? [] : [whyInPlace(input, judged, attached)],
  }
}

function whyInPlace({ relation, known }: RelationInput, { blocked }: Judgement, attached: readonly Lost[]): string {
  const label = relationLabel(relation)
  const endangered = new Set([...attached.map((one) => `${one.kind} ${one.name}`), ...blocked.map((one) => one.label)])
  if (known?.contended === true && endangered.size === 0) return `${label} was written in place, because readers left no moment for a swap.`
  return `${label} was written in place, because a swap would lose or break: ${[...endangered].join(', ')}.`
}

function canWriteInPlace({ build, existing, built }: Publish): boolean {
  return (
    existing.kind === 'table' &&
    build.kind === 'table' &&
    sameColumns(existing, built) &&
    !existing.attachments.some((one) => one.blocksInserts) &&
    existing.dependents.every(toleratesRewrite)
  )
}

function toleratesRewrite(dependent: Dependent): boolean {
  return dependent.kind === 'view' || dependent.toleratesRewrite
}

interface Lost {
  readonly kind: string
  readonly name: string
}

/** What stands on the old relation, was not made by us, and would be gone after a swap. */
export function lost(existing: CatalogRelation, build: Build): readonly Lost[] {
  const foreign = existing.indexes.filter((index) => !isOurs(existing.name, index))
  const options = existing.kind === 'view' && build.kind !== 'view' ? existing.options : []
  return [
    ...existing.attachments,
    ...foreign.map(({ name }) => ({ kind: 'index', name })),
    ...options.map((name) => ({ kind: 'view option', name })),
  ]
}

function sameColumns(a: BuiltAside, b: BuiltAside): boolean {
  const spell = ({ columns }: BuiltAside): string => JSON.stringify(columns.map((column) => [column.name, spellType(column)]))
  return spell(a) === spell(b)
}
