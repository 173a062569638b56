/**
 * What becomes of each direct dependent when a relation is swapped: a view is re-pointed, or stays on the old relation because this run
 * rebuilds it later, or blocks the swap.
 */
import type { CatalogRelation, Dependent, DependentView } from '../core/catalog.ts'
import { relationKey, relationLabel, type RelationName } from '../core/relation.ts'
import { readStamp } from './aside-names.ts'
import { type BuiltAside, spellType } from './relation-input.ts'

export interface Judgement {
  readonly repointed: readonly DependentView[]
  /** They read the old relation until their own turn. */
  readonly left: readonly RelationName[]
  readonly blocked: readonly Blocker[]
}

export interface Blocker {
  readonly dependent: Dependent
  /** `view public.turf`, `materialized view public.totals`. */
  readonly label: string
  /** ` uses the column phone, which the new version does not have` */
  readonly why: string
  /** `model:turf`: the node of this project that it is, which could be rebuilt in the same run. */
  readonly node?: string | undefined
}

export interface JudgeOptions {
  readonly existing: CatalogRelation
  readonly built: BuiltAside
  /** `relationKey` of what the run rebuilds after this. */
  readonly rebuiltLater: ReadonlySet<string>
  readonly project: string
}

export function judgeDependents({ existing, built, rebuiltLater, project }: JudgeOptions): Judgement {
  const repointed: DependentView[] = []
  const left: RelationName[] = []
  const blocked: Blocker[] = []
  for (const one of existing.dependents) {
    if (one.kind === 'other') {
      if (one.relation && rebuiltLater.has(relationKey(one.relation))) left.push(one.relation)
      else blocked.push({ dependent: one, label: one.label, why: 'cannot be moved to a new relation' })
      continue
    }
    const changed = changedColumns(existing, built, one.uses)
    if (changed.length > 0 && rebuiltLater.has(relationKey(one))) left.push(one)
    else if (changed.length > 0)
      blocked.push({ dependent: one, label: labelOf(one), why: changed.join(' and '), node: nodeOf(one, project) })
    else if (one.alterable) repointed.push(one)
    else blocked.push({ dependent: one, label: labelOf(one), why: `belongs to the role ${one.owner}` })
  }
  return { repointed, left, blocked }
}

function labelOf(view: DependentView): string {
  return `view ${relationLabel(view)}`
}

function nodeOf({ comment }: DependentView, project: string): string | undefined {
  const stamp = readStamp(comment)
  return stamp?.project === project ? stamp.node : undefined
}

function changedColumns(existing: BuiltAside, built: BuiltAside, uses: readonly string[]): readonly string[] {
  const before = new Map(existing.columns.map((column) => [column.name, spellType(column)]))
  const after = new Map(built.columns.map((column) => [column.name, spellType(column)]))
  return uses.flatMap((name) => {
    const [was, is] = [before.get(name), after.get(name)]
    if (is === undefined) return [`uses the column ${name}, which the new version does not have`]
    return is === was ? [] : [`uses the column ${name}, which changes from ${was} to ${is}`]
  })
}
