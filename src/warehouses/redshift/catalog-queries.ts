/**
 * The catalog of Redshift as queries that its leader node answers. What no SVV view tells (comments, owners, definitions, what depends on what) is in `pg_catalog`; grants
 * to roles and on columns are in SVV views alone. No query reads both: the two live on different nodes.
 */
import type { RelationName } from '../../core/relation.ts'
import { catalogPath, factsQuery, readingRules } from '../../dialects/redshift-fingerprint.ts'
import { redshiftDialect } from '../../dialects/redshift.ts'

/** Which relations are asked for: all of the schemas, or one. */
export interface Scope {
  readonly schemas: readonly string[]
  readonly name?: string
}

export function scopeOf({ schema, name }: RelationName): Scope {
  return { schemas: [schema], name }
}

/** What rows can be read from, without the tables in which Redshift keeps materialized views. */
export const readable = `c.relkind in ('r', 'v', 'm') and c.relname !~ '^mv_tbl__.*__[0-9]+$'`

/** Names are in lower case in the catalog. */
export function literals(names: readonly string[]): string {
  return names.length === 0 ? 'null' : names.map((name) => redshiftDialect.quoteLiteral(redshiftDialect.storedName(name))).join(', ')
}

/** Statements that answer from one moment, in one round trip; the first two have no rows. */
export function inTransaction(queries: readonly string[]): string {
  return ['begin', catalogPath, ...queries, 'commit'].join(';\n')
}

/** user, superuser, schema, what a new relation there is granted by default. */
export function schemasQuery({ schemas }: Scope): string {
  return `select u.usename, u.usesuper, n.nspname, x.defaclacl
from pg_user u
left join pg_namespace n on n.nspname in (${literals(schemas)})
left join pg_default_acl x on x.defacluser = u.usesysid and x.defaclobjtype = 'r' and (x.defaclnamespace = 0 or x.defaclnamespace = n.oid)
where u.usename = current_user
order by n.nspname`
}

export function relationsQuery(scope: Scope): string {
  return factsQuery(`select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${within(scope)}`)
}

/** relation, view, column of the relation that the view uses. */
export function usesQuery(scope: Scope): string {
  return `select distinct t.refobjid, v.refobjid, a.attname
from ${readingRules}
join pg_class c on c.oid = t.refobjid
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = t.refobjid and a.attnum = t.refobjsubid
where t.refclassid = 'pg_class'::regclass and t.refobjsubid > 0 and ${within(scope)}
order by t.refobjid, v.refobjid, a.attname`
}

/** relation, constraint, its kind, its columns' numbers, the table that it is on, and whether that is the relation itself. */
export function constraintsQuery(scope: Scope): string {
  return `select c.oid, k.oid, k.conname, k.contype, o.nspname, t.relname, k.conrelid = c.oid, k.conkey
from pg_constraint k
join pg_class t on t.oid = k.conrelid
join pg_namespace o on o.oid = t.relnamespace
join pg_class c on c.oid = k.conrelid or c.oid = k.confrelid
join pg_namespace n on n.oid = c.relnamespace
where k.contype in ('p', 'u', 'f') and ${within(scope)}
order by c.oid, k.conname, k.oid`
}

/** relation, number of the column, default. */
export function defaultsQuery(scope: Scope): string {
  return `select d.adrelid, d.adnum, d.adsrc
from pg_attrdef d
join pg_class c on c.oid = d.adrelid
join pg_namespace n on n.oid = c.relnamespace
where ${within(scope)}
order by d.adrelid, d.adnum`
}

/** schema, relation, privilege, role, whether it may grant it. */
export function rolePrivilegesQuery(scope: Scope): string {
  return `select namespace_name, relation_name, privilege_type, identity_name, admin_option
from svv_relation_privileges
where identity_type = 'role' and ${asked(scope, 'namespace_name', 'relation_name')}`
}

/** schema, relation, privilege, grantee, its kind, column. */
export function columnPrivilegesQuery(scope: Scope): string {
  return `select namespace_name, relation_name, privilege_type, identity_name, identity_type, column_name
from svv_column_privileges
where ${asked(scope, 'namespace_name', 'relation_name')}`
}

/** schema, relation, policy. To all but superusers and users of the role sys:secadmin the view is closed. */
export function rowPoliciesQuery(scope: Scope): string {
  return `select distinct relschema, relname, polname from svv_rls_attached_policy where ${asked(scope, 'relschema', 'relname')}`
}

/** schema, relation, policy. Others than superusers and users of the role sys:secadmin see none. */
export function maskingPoliciesQuery(scope: Scope): string {
  return `select distinct schema_name, table_name, policy_name from svv_attached_masking_policy where ${asked(scope, 'schema_name', 'table_name')}`
}

/** schema, view, column, type: of late-binding views. Redshift looks into every one of them for it, whatever is asked for. */
export function lateColumnsQuery(schemas: readonly string[], names: readonly string[]): string {
  return `select view_schema, view_name, col_name, col_type
from pg_get_late_binding_view_cols() as cols (view_schema name, view_name name, col_name name, col_type varchar, col_num int)
where view_schema in (${literals(schemas)}) and view_name in (${literals(names)})
order by view_schema, view_name, col_num`
}

function within({ schemas, name }: Scope): string {
  return `n.nspname in (${literals(schemas)})${name === undefined ? '' : ` and c.relname = ${literals([name])}`}`
}

function asked({ schemas, name }: Scope, schemaColumn: string, nameColumn: string): string {
  return `${schemaColumn} in (${literals(schemas)})${name === undefined ? '' : ` and ${nameColumn} = ${literals([name])}`}`
}
