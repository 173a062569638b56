/** What stands where: which relations exist, whoever may read them, and the schemas that a project builds in. */
import { relationKey, type RelationName } from '../../core/relation.ts'
import { redshiftDialect } from '../../dialects/redshift.ts'
import type { BuildSchema, StampedSchema } from '../catalog-reader.ts'
import type { Row, Session } from '../warehouse.ts'
import { literals, readable } from './catalog-queries.ts'
import { lockTableName } from './lock-table-name.ts'

const { quoteLiteral, storedName } = redshiftDialect

type Running = Pick<Session, 'run'>

/** Those that were asked for, by their keys as they were asked for. */
export async function readStanding(session: Running, relations: readonly RelationName[]): Promise<ReadonlySet<string>> {
  const rows = await read(
    session,
    `select n.nspname, c.relname
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'v', 'm') and n.nspname in (${literals(relations.map(({ schema }) => schema))}) and c.relname in (${literals(relations.map(({ name }) => name))})`,
  )
  const found = new Set(rows.map(([schema, name]) => relationKey({ schema: schema!, name: name! })))
  return new Set(relations.filter((relation) => found.has(loweredKey(relation))).map(relationKey))
}

/** The key that the catalog's own spelling gives. */
export function loweredKey({ database, schema, name }: RelationName): string {
  return relationKey({
    ...(database !== undefined && { database: storedName(database) }),
    schema: storedName(schema),
    name: storedName(name),
  })
}

export async function readBuildSchemas(session: Running, schemas: readonly string[]): Promise<readonly BuildSchema[]> {
  const rows = await read(
    session,
    `select nspname, has_schema_privilege(nspname, 'create') and has_schema_privilege(nspname, 'usage'), pg_get_userbyid(nspowner)
from pg_namespace where nspname in (${literals(schemas)})`,
  )
  const standing = new Map(rows.map(([name, held, owner]) => [name!, { mayBuild: held === 't', owner: owner! }]))
  return schemas.toSorted().map((name) => ({ name, standing: standing.get(storedName(name)) }))
}

export async function readStampedSchemas(session: Running, stamp: string): Promise<readonly StampedSchema[]> {
  const [schemas, comments] = await session.run(`select n.nspname, d.description
from pg_namespace n left join pg_description d on d.classoid = 'pg_namespace'::regclass and d.objoid = n.oid and d.objsubid = 0
where n.nspname !~ '^pg_' order by n.nspname;
select n.nspname, d.description, c.relname
from pg_description d join pg_class c on c.oid = d.objoid join pg_namespace n on n.oid = c.relnamespace
where d.classoid = 'pg_class'::regclass and d.objsubid = 0 and position(${quoteLiteral(stamp)} in d.description) > 0`)
  const stamped = new Set(comments!.rows.filter(([, comment]) => lastLine(comment!).startsWith(stamp)).map(([schema]) => schema!))
  const made = new Map(comments!.rows.flatMap(([schema, comment, name]) => (name === lockTableName ? [[schema!, comment!]] : [])))
  return schemas!.rows.map(([name, comment]) => ({
    name: name!,
    comment: made.get(name!) ?? comment ?? undefined,
    holdsStamps: stamped.has(name!),
  }))
}

export async function readInSchema(session: Running, schema: string): Promise<readonly string[]> {
  const rows = await read(
    session,
    `select case c.relkind when 'r' then 'table ' when 'v' then 'view ' else 'materialized view ' end || n.nspname || '.' || c.relname
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where ${readable} and n.nspname = ${literals([schema])}
union all
select 'function ' || n.nspname || '.' || p.proname || '(' || oidvectortypes(p.proargtypes) || ')'
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where n.nspname = ${literals([schema])}
order by 1`,
  )
  return rows.map(([label]) => label!)
}

async function read(session: Running, sql: string): Promise<readonly Row[]> {
  const [result] = await session.run(sql)
  return result!.rows
}

function lastLine(text: string): string {
  return text.trimEnd().replace(/^.*\n/s, '')
}
