/**
 * What `--drop-dependents` names, looked up before the first node: each name is one thing that can be dropped, and all that reads it is named too, so
 * that nothing else is lost with it.
 */
import type { Droppable } from '../core/droppable.ts'
import { SqlflowError } from '../core/errors.ts'
import { type Diagnostic, warningDiagnostic } from '../core/diagnostic.ts'
import { didYouMean } from '../core/nearest-name.ts'
import type { NamedObject } from '../warehouses/catalog-reader.ts'
import type { Session } from '../warehouses/warehouse.ts'

/** What reads another comes first. Throws SqlflowError `unknown-dependent`, `unnamed-dependent`. */
export async function findDroppable(session: Pick<Session, 'catalog'>, names: readonly string[]): Promise<readonly Droppable[]> {
  const objects = await session.catalog.named(names)
  for (const name of names) await checkNamed(session, name, objects)
  const droppable = objects.map(toDroppable)
  checkReaders(objects, droppable)
  return readersFirst(droppable)
}

async function checkNamed(session: Pick<Session, 'catalog'>, name: string, objects: readonly NamedObject[]): Promise<void> {
  const found = objects.filter((one) => one.name === name)
  const [first] = found
  if (first === undefined) {
    throw new SqlflowError('unknown-dependent', `\`--drop-dependents ${name}\` names nothing that is there.`, {
      hint: didYouMean(name, await session.catalog.droppableNames()) ?? 'Write `schema.name` of a view, a materialized view or a function.',
    })
  }
  if (found.length > 1) {
    throw new SqlflowError('unknown-dependent', `\`--drop-dependents ${name}\` names several things: ${listLabels(found)}.`, {
      hint: `Write a function with its arguments: \`--drop-dependents '${found.at(-1)!.spelled}'\`.`,
    })
  }
  if (first.kind === 'other') {
    throw new SqlflowError('unknown-dependent', `\`--drop-dependents ${name}\` names the ${first.label}, which is not dropped.`, {
      hint: 'Views, materialized views and functions can be named. Change or drop anything else by hand.',
    })
  }
}

function toDroppable({ name, id, kind, label, spelled, owner, readers }: NamedObject): Droppable {
  const dropped = kind === 'view' || kind === 'materialized view' ? kind : 'routine'
  return { id, name, kind: dropped, label, spelled, owner, readers: readers.map((one) => one.id) }
}

function checkReaders(objects: readonly NamedObject[], droppable: readonly Droppable[]): void {
  const named = new Set(droppable.map((one) => one.id))
  const lines = objects.flatMap(({ label, readers }) =>
    readers.filter((reader) => !named.has(reader.id)).map((reader) => `  ${reader.label} reads the ${label}`),
  )
  if (lines.length === 0) return
  throw new SqlflowError(
    'unnamed-dependent',
    `What is dropped would take other things with it, so nothing was done:\n${lines.join('\n')}`,
    {
      hint: 'Name them too, each with `--drop-dependents`, or drop by hand what cannot be named.',
    },
  )
}

function readersFirst(droppable: readonly Droppable[]): readonly Droppable[] {
  const byId = new Map(droppable.map((one) => [one.id, one]))
  const visited = new Set<Droppable>()
  const sorted: Droppable[] = []
  const visit = (one: Droppable): void => {
    if (visited.has(one)) return
    visited.add(one)
    for (const reader of one.readers) visit(byId.get(reader)!)
    sorted.push(one)
  }
  droppable.forEach(visit)
  return sorted
}

function listLabels(objects: readonly NamedObject[]): string {
  return objects.map((one) => one.label).join(', ')
}

/** Names that were given in vain. */
export function warnOfKeptDependents(droppable: readonly Droppable[], dropped: ReadonlySet<string>): readonly Diagnostic[] {
  return droppable
    .filter((one) => !dropped.has(one.name))
    .map(({ name, label }) =>
      warningDiagnostic('not-dropped', `The ${label} was not dropped: nothing that was built had to lose it.`, {
        hint: `Leave out \`--drop-dependents ${name}\`.`,
      }),
    )
}
