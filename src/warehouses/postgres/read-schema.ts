/** Everything in one schema that rows can be read from, with columns and comments: one round trip, however many tables there are. */
import type { SchemaColumn, SchemaContents } from '../catalog-reader.ts'
import type { Session } from '../warehouse.ts'
import { postgresDialect } from '../../dialects/postgres.ts'
import { mayReadRelation, readableKinds } from './read-sources.ts'

/** Throws WarehouseError. */
export async function readSchemaContents(session: Pick<Session, 'run'>, schema: string): Promise<SchemaContents> {
  const name = postgresDialect.quoteLiteral(schema)
  const results = await session.run(`begin isolation level repeatable read read only;
set local search_path = '';
select current_user, n.oid is not null, has_schema_privilege(n.oid, 'usage'),
  case when n.oid is null then (select json_agg(s.nspname order by s.nspname) from pg_namespace s where s.nspname !~ '^pg_|^information_schema$') end
from (select null) one left join pg_namespace n on n.nspname = ${name};
select c.relname, obj_description(c.oid, 'pg_class'), ${mayReadRelation},
  (select json_agg(json_build_array(a.attname, format_type(a.atttypid, a.atttypmod), col_description(c.oid, a.attnum)) order by a.attnum)
     from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = ${name} and c.relkind in ${readableKinds} and not c.relispartition
  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
order by c.relname;
commit`)
  const [user, exists, mayUse, schemas] = results[2]!.rows[0]!
  return {
    user: user ?? '',
    exists: exists === 't',
    mayUse: mayUse === 't',
    schemas: JSON.parse(schemas ?? '[]') as readonly string[],
    tables: results[3]!.rows.map(([table, comment, mayRead, columns]) => ({
      name: table!,
      comment: comment ?? undefined,
      mayRead: mayRead === 't',
      columns: readColumns(columns),
    })),
  }
}

function readColumns(json: string | null | undefined): readonly SchemaColumn[] {
  const columns = JSON.parse(json ?? '[]') as readonly (readonly [name: string, type: string, comment: string | null])[]
  return columns.map(([name, type, comment]) => ({ name, type, comment: comment ?? undefined }))
}
