/**
 * What `--drop-dependents` names: the only way in which something that depends on a relation is lost. It is dropped in the publish that it would
 * block, after all that reads it, which is named too; never with cascade.
 */
import type { Dependent } from '../core/catalog.ts'
import type { Droppable } from '../core/droppable.ts'

/** Those that stand in the way, and all that reads them: what reads another comes first, as in `droppable`. */
export function dropsFor(blocking: readonly Dependent[], droppable: readonly Droppable[]): readonly Droppable[] {
  const wanted = new Set(blocking.map(identityOf))
  // From the last, which nothing else of the list is read by, to what reads it.
  for (const one of droppable.toReversed()) {
    if (wanted.has(one.id)) for (const reader of one.readers) wanted.add(reader)
  }
  return droppable.filter((one) => wanted.has(one.id))
}

export function isDropped(dependent: Dependent, drops: readonly Droppable[]): boolean {
  return drops.some((one) => one.id === identityOf(dependent))
}

function identityOf(dependent: Dependent): string {
  return dependent.kind === 'view' ? `pg_class:${dependent.id}` : dependent.id
}

export function dropStatement({ kind, spelled }: Droppable): string {
  return `drop ${kind} ${spelled}`
}
