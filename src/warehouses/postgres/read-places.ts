/** What stands where: which relations exist, whoever may read them, and the schemas that a project builds in. */
import { relationKey, type RelationName } from '../../core/relation.ts'
import type { BuildSchema, StampedSchema } from '../catalog-reader.ts'
import type { Session } from '../warehouse.ts'

export async function readStanding(session: Pick<Session, 'query'>, relations: readonly RelationName[]): Promise<ReadonlySet<string>> {
  const { rows } = await session.query(
    `select n.nspname, c.relname
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm', 'f') and (n.nspname, c.relname) in (select s, r from unnest($1::text[], $2::text[]) as wanted (s, r))`,
    [relations.map(({ schema }) => schema), relations.map(({ name }) => name)],
  )
  return new Set(rows.map(([schema, name]) => relationKey({ schema: schema!, name: name! })))
}

export async function readBuildSchemas(session: Pick<Session, 'query'>, schemas: readonly string[]): Promise<readonly BuildSchema[]> {
  const { rows } = await session.query(
    `select s.name, has_schema_privilege(n.oid, 'create') and has_schema_privilege(n.oid, 'usage'), pg_get_userbyid(n.nspowner)
from unnest($1::text[]) s (name) left join pg_namespace n on n.nspname = s.name order by 1`,
    [schemas],
  )
  return rows.map(([name, held, owner]) => ({
    name: name!,
    standing: held == null ? undefined : { mayBuild: held === 't', owner: owner! },
  }))
}

export async function readStampedSchemas(session: Pick<Session, 'query'>, stamp: string): Promise<readonly StampedSchema[]> {
  const { rows } = await session.query(
    `select n.nspname, obj_description(n.oid, 'pg_namespace'), exists (
    select from pg_class c join pg_description d on d.classoid = 'pg_class'::regclass and d.objoid = c.oid and d.objsubid = 0
     where c.relnamespace = n.oid and starts_with(regexp_replace(rtrim(d.description), '^.*\\n', ''), $1))
from pg_namespace n where n.nspname !~ '^pg_' order by 1`,
    [stamp],
  )
  return rows.map(([name, comment, holdsStamps]) => ({ name: name!, comment: comment ?? undefined, holdsStamps: holdsStamps === 't' }))
}

export async function readInSchema(session: Pick<Session, 'query'>, schema: string): Promise<readonly string[]> {
  const { rows } = await session.query(
    `select pg_describe_object(d.classid, d.objid, d.objsubid) from pg_depend d join pg_namespace n on n.oid = d.refobjid
where d.refclassid = 'pg_namespace'::regclass and d.deptype = 'n' and n.nspname = $1 order by 1`,
    [schema],
  )
  return rows.map(([label]) => label!)
}
