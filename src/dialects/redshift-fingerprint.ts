/**
 * What a replacement relies on, as a query of Redshift's catalog whose rows are digested here, since its leader node has no function that puts rows into one
 * text. The catalog reader and the check inside a publish ask the same text, under the same search path, so that equal digests mean that nothing was changed in
 * between. Only tables of the leader node are read: a query that reads an SVV view as well would be refused. Grants to roles are in none of these.
 */
import { createHash } from 'node:crypto'

type Rows = readonly (readonly (string | null)[])[]

/** In a transaction, before the queries: every name in a definition is qualified. */
export const catalogPath = 'set local search_path to pg_catalog'

/** What reads what directly: a rule of a view depends on what it reads, and belongs to the view. `t` is the first of these, `v` the second. */
export const readingRules = `pg_depend t
  join pg_depend v on v.classid = t.classid and v.objid = t.objid and v.deptype = 'i' and v.refclassid = 'pg_class'::regclass and v.refobjid <> t.refobjid`

/** Rows about relations: each column of each, and each view that reads it directly; the relation's id first. `targets`: what stands in `in (...)`, ids or a query. */
export function factsQuery(targets: string): string {
  return `select m.target, c.oid, n.nspname, c.relname, c.relkind, pg_get_userbyid(c.relowner), c.relacl, d.description,
  a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.atthasdef, e.description,
  case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end
from (
  select oid as target, oid as member from pg_class where relkind in ('r', 'v', 'm') and oid in (${targets})
  union all
  select distinct t.refobjid, v.refobjid
  from ${readingRules}
  where t.refclassid = 'pg_class'::regclass and t.deptype = 'n' and t.refobjid in (${targets})
) m
join pg_class c on c.oid = m.member
join pg_namespace n on n.oid = c.relnamespace
left join pg_description d on d.classoid = 'pg_class'::regclass and d.objoid = c.oid and d.objsubid = 0
left join pg_attribute a on a.attrelid = m.member and m.member = m.target and a.attnum > 0 and not a.attisdropped
left join pg_description e on e.classoid = 'pg_class'::regclass and e.objoid = c.oid and e.objsubid = a.attnum
order by m.target, c.oid, a.attnum`
}

/** Everything: the relation, its columns, comments and privileges, and the definitions and privileges of the views that read it directly. */
export function fingerprintQuery(id: string): string {
  return factsQuery(oid(id))
}

/** One row, of what makes it the relation that was meant: schema, name, `r` or `v`, comment. None where it is gone. */
export function identityQuery(id: string): string {
  return `select n.nspname, c.relname, case c.relkind when 'm' then 'v' else c.relkind end, d.description
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
left join pg_description d on d.classoid = 'pg_class'::regclass and d.objoid = c.oid and d.objsubid = 0
where c.oid = ${oid(id)}`
}

/** Hex digits. */
export function digestRows(rows: Rows): string {
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex')
}

function oid(id: string): string {
  if (!/^\d+$/.test(id)) throw new TypeError(`${id} is no id of a relation`)
  return id
}
