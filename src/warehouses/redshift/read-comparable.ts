/** The columns of a relation, and how their values can be compared, by what the guide says of each type. */
import type { RelationName } from '../../core/relation.ts'
import type { ComparableColumn } from '../catalog-reader.ts'
import type { Session } from '../warehouse.ts'
import { readColumns } from './read-catalog.ts'

const incomparable: ReadonlySet<string> = new Set(['super', 'geometry', 'geography', 'hllsketch'])
const numbers: ReadonlySet<string> = new Set(['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision'])

/** Undefined where there is no such relation. Texts are compared by their bytes, unless a column says otherwise. */
export async function readComparable(
  session: Pick<Session, 'run'>,
  relation: RelationName,
): Promise<readonly ComparableColumn[] | undefined> {
  const columns = await readColumns(session, relation)
  return columns?.map(({ name, type }) => {
    const typeId = type.replace(/\s*\([\d,\s]*\)/, '')
    return { name, type, typeId, hasEquality: !incomparable.has(typeId), isNumber: numbers.has(typeId), isCollatable: false }
  })
}
