/**
 * What a role may read, looked up in the catalog, which shows relations and schemas that may not be used: so a missing privilege is told apart from a
 * missing relation, whatever the server's message says.
 */
import type { RelationName } from '../../core/relation.ts'
import type { Access } from '../catalog-reader.ts'
import type { Session } from '../warehouse.ts'

/** `names`: unqualified ones, looked up in every schema. What does not exist is not in the answer. */
export async function readAccess(
  session: Pick<Session, 'query'>,
  relations: readonly RelationName[],
  names: readonly string[],
): Promise<readonly Access[]> {
  const { rows } = await session.query(accessQuery, [relations.map(({ schema }) => schema), relations.map(({ name }) => name), names])
  return rows.map(([schema, name, owner, schemaOwner, reader, viewSchema, viewName, mayUseSchema, maySelect, visible]) => ({
    relation: { schema: schema!, name: name! },
    owner: owner!,
    schemaOwner: schemaOwner!,
    reader: reader!,
    ...(viewSchema != null && { through: { schema: viewSchema, name: viewName! } }),
    mayUseSchema: mayUseSchema === 't',
    maySelect: maySelect === 't',
    visible: visible === 't',
  }))
}

/** The privileges of views are those of their owners, unless they say `security_invoker`; the schema of what a view reads is not asked about again. */
const accessQuery = `with recursive read as (
  select c.oid, current_user::regrole::oid as reader, null::oid as through
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f')
    and ((n.nspname, c.relname) in (select s, r from unnest($1::text[], $2::text[]) wanted (s, r)) or c.relname = any ($3::text[]))
union
  select d.refobjid, case when v.reloptions @> '{security_invoker=true}' then read.reader else v.relowner end, v.oid
  from read
  join pg_class v on v.oid = read.oid and v.relkind = 'v'
  join pg_rewrite r on r.ev_class = v.oid
  join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass and d.refobjid <> v.oid
)
select n.nspname, c.relname, pg_get_userbyid(c.relowner), pg_get_userbyid(n.nspowner), pg_get_userbyid(read.reader), vn.nspname, v.relname,
  read.through is not null or has_schema_privilege(read.reader, n.oid, 'usage'),
  has_table_privilege(read.reader, c.oid, 'select') or has_any_column_privilege(read.reader, c.oid, 'select'),
  n.nspname = any (current_schemas(true))
from read
join pg_class c on c.oid = read.oid and c.relkind in ('r', 'p', 'v', 'm', 'f')
join pg_namespace n on n.oid = c.relnamespace
left join pg_class v on v.oid = read.through
left join pg_namespace vn on vn.oid = v.relnamespace
where n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
order by read.through is not null, n.nspname, c.relname`
