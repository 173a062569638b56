/**
 * What a user may read, looked up in the catalog, which shows relations and schemas that may not be used: so a missing privilege is told apart from a missing relation.
 * Views are read in the name of their owners. The leader node runs no recursive query, so each level of views is asked for on its own; what a late-binding view reads is
 * not in the catalog.
 */
import type { RelationName } from '../../core/relation.ts'
import { readingRules } from '../../dialects/redshift-fingerprint.ts'
import { redshiftDialect } from '../../dialects/redshift.ts'
import type { Access } from '../catalog-reader.ts'
import type { Row, Session } from '../warehouse.ts'
import { literals } from './catalog-queries.ts'
import { loweredKey } from './read-places.ts'

type Running = Pick<Session, 'run'>

/** `names`: unqualified ones, looked up in every schema. What does not exist is not in the answer. */
export async function readAccess(
  session: Running,
  relations: readonly RelationName[],
  names: readonly string[],
): Promise<readonly Access[]> {
  const asked = new Set(relations.map(loweredKey))
  const everywhere = new Set(names.map(redshiftDialect.storedName))
  const direct = await read(session, directQuery(relations, names))
  const found = direct.filter(({ relation }) => asked.has(loweredKey(relation)) || everywhere.has(relation.name))
  const seen = new Set<string>()
  for (let level = found; level.length > 0;) {
    const views = level.filter(({ id, isView }) => isView && !seen.has(id))
    for (const { id } of views) seen.add(id)
    level = views.length === 0 ? [] : await read(session, throughQuery(views.map(({ id }) => id)))
    found.push(...level)
  }
  return found.map(({ id: _id, isView: _isView, ...access }) => access)
}

interface Found extends Access {
  readonly id: string
  readonly isView: boolean
}

async function read(session: Running, sql: string): Promise<readonly Found[] & Found[]> {
  const [result] = await session.run(sql)
  return result!.rows.map(toFound)
}

function toFound(row: Row): Found {
  const [id, kind, schema, name, owner, schemaOwner, reader, viewSchema, viewName, mayUseSchema, maySelect, visible] = row
  return {
    id: id!,
    isView: kind === 'v',
    relation: { schema: schema!, name: name! },
    owner: owner!,
    schemaOwner: schemaOwner!,
    reader: reader!,
    ...(viewSchema != null && { through: { schema: viewSchema, name: viewName! } }),
    mayUseSchema: mayUseSchema === 't',
    maySelect: maySelect === 't',
    visible: visible === 't',
  }
}

const privileges = (reader: string): string => `has_table_privilege(${reader}, c.oid, 'select'), n.nspname = any (current_schemas(true))`

const places = `n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relkind in ('r', 'v', 'm')`

function directQuery(relations: readonly RelationName[], names: readonly string[]): string {
  return `select c.oid, c.relkind, n.nspname, c.relname, pg_get_userbyid(c.relowner), pg_get_userbyid(n.nspowner), current_user, null, null,
  has_schema_privilege(n.nspname, 'usage'), ${privileges('current_user')}
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where ${places} and c.relname in (${literals([...relations.map(({ name }) => name), ...names])})
order by n.nspname, c.relname`
}

/** The schema of what a view reads is not asked about again. */
function throughQuery(views: readonly string[]): string {
  return `select distinct c.oid, c.relkind, n.nspname, c.relname, pg_get_userbyid(c.relowner), pg_get_userbyid(n.nspowner), pg_get_userbyid(w.relowner), p.nspname, w.relname,
  true, ${privileges('pg_get_userbyid(w.relowner)')}
from ${readingRules}
join pg_class w on w.oid = v.refobjid
join pg_namespace p on p.oid = w.relnamespace
join pg_class c on t.refclassid = 'pg_class'::regclass and c.oid = t.refobjid
join pg_namespace n on n.oid = c.relnamespace
where ${places} and v.refobjid in (${views.join(', ')})
order by n.nspname, c.relname`
}
