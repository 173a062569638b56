/** Looks up views, materialized views and functions by the names that a user gave, with what reads each. */
import { postgresDialect } from '../../dialects/postgres.ts'
import type { NamedObject } from '../catalog-reader.ts'
import type { Session } from '../warehouse.ts'

const { quoteLiteral } = postgresDialect

/** Every object of one of the names: `schema.name`, with or without quotes, and the arguments of a function where it has several versions. */
export async function readNamedObjects(session: Pick<Session, 'run'>, names: readonly string[]): Promise<readonly NamedObject[]> {
  const results = await session.run(
    ['begin transaction read only', `set local search_path = ''`, namedObjectsQuery(names), 'commit'].join(';\n'),
  )
  return results[2]!.rows.map(([name, id, kind, label, spelled, owner, readers]) => ({
    name: name!,
    id: id!,
    kind: kind!,
    label: label!,
    spelled: spelled!,
    owner: owner!,
    readers: (JSON.parse(readers!) as readonly [string, string][]).map(([reader, readerLabel]) => ({ id: reader, label: readerLabel })),
  }))
}

/** Names of what could be meant: for a hint. */
export async function readDroppableNames(session: Pick<Session, 'run'>): Promise<readonly string[]> {
  const [result] = await session.run(`select n.nspname || '.' || x.name from (
    select relnamespace, relname from pg_class where relkind in ('v', 'm') union all select pronamespace, proname from pg_proc) x (namespace, name)
  join pg_namespace n on n.oid = x.namespace where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_temp' order by 1`)
  return result!.rows.map(([name]) => name!)
}

function namedObjectsQuery(names: readonly string[]): string {
  return `with wanted (name, position) as (
  select * from unnest(array[${names.map(quoteLiteral).join(', ')}]::text[]) with ordinality
), found as (
  select w.name, w.position, 'pg_class'::regclass as classid, c.oid as objid, c.reltype, c.relowner as owner, c.oid::regclass::text as spelled,
    case c.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'other' end as kind
    from wanted w join pg_class c on c.relkind in ('r', 'v', 'm', 'f', 'p', 'S') and c.relpersistence <> 't'
    join pg_namespace n on n.oid = c.relnamespace and w.name in (n.nspname || '.' || c.relname, c.oid::regclass::text)
  union all
  select w.name, w.position, 'pg_proc'::regclass, p.oid, 0, p.proowner, p.oid::regprocedure::text, 'routine'
    from wanted w join pg_proc p on true
    join pg_namespace n on n.oid = p.pronamespace and w.name in (n.nspname || '.' || p.proname, p.oid::regprocedure::text,
      n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')')
)
select f.name, f.classid || ':' || f.objid, f.kind, pg_describe_object(f.classid, f.objid, 0), f.spelled, pg_get_userbyid(f.owner),
  (select coalesce(json_agg(distinct jsonb_build_array(r.id, r.label)), '[]') from (
    select case when v.oid is null then d.classid::regclass || ':' || d.objid else 'pg_class:' || v.oid end,
      case when v.oid is null then pg_describe_object(d.classid, d.objid, d.objsubid) else pg_describe_object('pg_class'::regclass, v.oid, 0) end
      from pg_depend d
      left join pg_rewrite w on d.classid = 'pg_rewrite'::regclass and w.oid = d.objid
      left join pg_class v on v.oid = w.ev_class and v.relkind in ('v', 'm')
     where d.deptype = 'n' and w.ev_class is distinct from f.objid
       and (d.refclassid = f.classid and d.refobjid = f.objid
         or d.refclassid = 'pg_type'::regclass
           and d.refobjid in (select y.oid from pg_type y where f.reltype <> 0 and (y.oid = f.reltype or y.typelem = f.reltype and y.typcategory = 'A')))
  ) r (id, label))
from found f order by f.position, f.spelled`
}
