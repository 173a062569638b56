/** The columns of a relation, and how their values can be compared: by `=`, as numbers, by their bytes. */
import type { RelationName } from '../../core/relation.ts'
import type { ComparableColumn } from '../catalog-reader.ts'
import type { Session } from '../warehouse.ts'

/** Undefined where there is no such relation. */
export async function readComparable(
  session: Pick<Session, 'query'>,
  relation: RelationName,
): Promise<readonly ComparableColumn[] | undefined> {
  const { rows } = await session.query(columnsQuery, [relation.schema, relation.name])
  if (rows.length === 0) return undefined
  return rows.flatMap(([name, type, typeId, hasEquality, isNumber, isCollatable]): readonly ComparableColumn[] =>
    name == null
      ? []
      : [
          {
            name,
            type: type!,
            typeId: typeId!,
            hasEquality: hasEquality === 't',
            isNumber: isNumber === 't',
            isCollatable: isCollatable === 't',
          },
        ],
  )
}

/** A domain, or an array, has the equality of what it is made of. */
const columnsQuery = `select a.attname, format_type(a.atttypid, a.atttypmod), a.atttypid,
  b.typtype in ('e', 'r', 'm') or exists (
    select from pg_opclass o join pg_am m on m.oid = o.opcmethod
     where m.amname in ('btree', 'hash') and o.opcdefault and (o.opcintype = b.oid or exists (
       select from pg_cast k where k.castsource = b.oid and k.casttarget = o.opcintype and k.castmethod = 'b' and k.castcontext = 'i'))),
  t.typname in ('int2', 'int4', 'int8', 'numeric', 'float4', 'float8') and t.typnamespace = 'pg_catalog'::regnamespace,
  t.typcollation <> 0
from pg_class c join pg_namespace n on n.oid = c.relnamespace
left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join pg_type t on t.oid = a.atttypid
left join lateral (
  with recursive step (id, level) as (
    select a.atttypid, 0
    union all
    select case when s.typtype = 'd' then s.typbasetype else s.typelem end, step.level + 1
      from step join pg_type s on s.oid = step.id where s.typtype = 'd' or s.typcategory = 'A' and s.typelem <> 0
  )
  select id from step order by level desc limit 1
) element on true
left join pg_type b on b.oid = element.id
where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'v', 'm', 'f', 'p')
order by a.attnum`
