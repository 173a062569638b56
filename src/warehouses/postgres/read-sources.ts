/**
 * What a warehouse has of the relations of sources: whether each is there, whether this role may read it, and its columns. One round trip for
 * all of them; `pg_catalog` tells of a relation also where the role may not use its schema, so that "missing" and "not allowed" never mix.
 */
import type { RelationName } from '../../core/relation.ts'
import { relationKey } from '../../core/relation.ts'
import { postgresDialect } from '../../dialects/postgres.ts'
import type { FoundColumn, FoundSource, SourceCatalog } from '../catalog-reader.ts'
import type { Row, Session } from '../warehouse.ts'

const { quoteLiteral } = postgresDialect

/** Tables, views and whatever else rows can be read from. */
export const readableKinds = `('r', 'v', 'm', 'f', 'p')`

export const mayReadRelation = `(has_table_privilege(c.oid, 'select') or has_any_column_privilege(c.oid, 'select'))`

/** Throws WarehouseError. */
export async function readSourceCatalog(session: Pick<Session, 'run'>, relations: readonly RelationName[]): Promise<SourceCatalog> {
  const wanted = relations.map(({ schema, name }) => `(${quoteLiteral(schema)}, ${quoteLiteral(name)})`)
  const results = await session.run(`begin read only;
set local search_path = '';
select current_user, w.schema, w.name, n.oid is not null, has_schema_privilege(n.oid, 'usage'), c.oid is not null, ${mayReadRelation},
  obj_description(c.oid, 'pg_class'),
  (select json_agg(json_build_array(a.attname, format_type(a.atttypid, a.atttypmod)) order by a.attnum)
     from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
  case when c.oid is null then (select json_agg(o.relname order by o.relname) from pg_class o where o.relnamespace = n.oid and o.relkind in ${readableKinds}) end
from (values ${wanted.join(', ')}) w (schema, name)
left join pg_namespace n on n.nspname = w.schema
left join pg_class c on c.relnamespace = n.oid and c.relname = w.name and c.relkind in ${readableKinds};
commit`)
  const { rows } = results[2]!
  return {
    user: rows[0]?.[0] ?? '',
    found: new Map(rows.map((row) => [relationKey({ schema: row[1]!, name: row[2]! }), toFound(row)])),
  }
}

function toFound([, , , schemaExists, mayUse, exists, mayRead, comment, columns, others]: Row): FoundSource {
  return {
    schemaExists: schemaExists === 't',
    mayUseSchema: mayUse === 't',
    relation: exists === 't' ? { mayRead: mayRead === 't', comment: comment ?? undefined, columns: readColumns(columns) } : undefined,
    others: JSON.parse(others ?? '[]') as readonly string[],
  }
}

function readColumns(json: string | null | undefined): readonly FoundColumn[] {
  const columns = JSON.parse(json ?? '[]') as readonly (readonly [name: string, type: string])[]
  return columns.map(([name, type]) => ({ name, type }))
}
