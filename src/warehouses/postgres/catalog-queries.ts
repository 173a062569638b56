/**
 * The catalog as two queries: relations with all that stands on them, and what depends on them from elsewhere. Definitions are read
 * under an empty search_path, so that every name in them is qualified.
 */
import { postgresDialect } from '../../dialects/postgres.ts'
import { fingerprintExpression } from '../../dialects/postgres-fingerprint.ts'
import type { RelationName } from '../../core/relation.ts'

const { quoteLiteral } = postgresDialect

/** Everything in the schemas, or one relation, in one string: results 2 to 4 are schemas, relations, dependents. */
export function catalogQueries(schemas: readonly string[], only?: RelationName): string {
  const inSchemas = `n.nspname = any(array[${schemas.map(quoteLiteral).join(', ')}]::name[])`
  const scope = only === undefined ? inSchemas : `${inSchemas} and c.relname = ${quoteLiteral(only.name)}`
  return [
    'begin transaction isolation level repeatable read read only',
    `select set_config('search_path', '', true), set_config('jit', 'off', true)`, // compiling these takes longer than running them
    schemasQuery(inSchemas),
    relationsQuery(scope),
    dependentsQuery(scope),
    'commit',
  ].join(';\n')
}

/** The columns of one relation alone, as result 2. */
export function columnsQuery({ schema, name }: RelationName): string {
  return [
    'begin read only',
    `set local search_path = ''`,
    `select (${columns})
from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = ${quoteLiteral(schema)} and c.relname = ${quoteLiteral(name)}`,
    'commit',
  ].join(';\n')
}

/** user, schema, roles that get something by default. */
function schemasQuery(inSchemas: string): string {
  return `select current_user, n.nspname,
  (select coalesce(json_agg(distinct case when x.grantee = 0 then 'public' else pg_get_userbyid(x.grantee) end), '[]')
     from pg_default_acl d cross join lateral aclexplode(d.defaclacl) x
    where d.defaclrole = current_user::regrole and d.defaclobjtype = 'r' and d.defaclnamespace in (0, n.oid) and x.grantee <> d.defaclrole)
from (select null) one left join pg_namespace n on ${inSchemas}`
}

const kinds = `case c.relkind when 'r' then 'table' when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table'
    when 'p' then 'partitioned table' when 'S' then 'sequence' else 'other' end`

const columns = `select json_agg(json_build_array(a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, col_description(c.oid, a.attnum),
      (select nullif(a.attcollation, y.typcollation)::regcollation::text from pg_type y where y.oid = a.atttypid)) order by a.attnum)
     from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped`

const roleOf = (oid: string): string => `case when ${oid} = 0 then 'public' else pg_get_userbyid(${oid}) end`

const privileges = `select json_agg(p order by p ->> 1, p ->> 0, p ->> 3) from (
    select json_build_array(x.privilege_type, ${roleOf('x.grantee')}, bool_or(x.is_grantable), null)
      from aclexplode(c.relacl) x where x.grantee <> c.relowner group by x.privilege_type, x.grantee
    union all
    select json_build_array(x.privilege_type, ${roleOf('x.grantee')}, bool_or(x.is_grantable), a.attname)
      from pg_attribute a cross join lateral aclexplode(a.attacl) x
     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and x.grantee <> c.relowner group by x.privilege_type, x.grantee, a.attname
  ) every (p)`

const revokedFromOwner = `select json_agg(x.privilege_type order by x.privilege_type) from aclexplode(acldefault('r', c.relowner)) x
    where c.relacl is not null and x.grantee = c.relowner
      and not exists (select from aclexplode(c.relacl) y where y.grantee = c.relowner and y.privilege_type = x.privilege_type)`

/** An index that we did not describe in full is special: a predicate, an expression, an order, an operator class, options, a constraint. */
const indexes = `select json_agg(json_build_array(i.relname,
      (select coalesce(json_agg(coalesce(a.attname, '') order by k.position), '[]')
         from unnest(x.indkey::int2[]) with ordinality k (attnum, position) left join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum),
      x.indisunique, x.indisprimary, m.amname,
      x.indpred is not null or x.indexprs is not null or x.indnkeyatts <> x.indnatts or i.reloptions is not null
        or exists (select from pg_tablespace t where t.oid = i.reltablespace and t.spcname <> current_setting('default_tablespace'))
        or exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = i.oid and d.deptype = 'x')
        or x.indisreplident or x.indisclustered or x.indnullsnotdistinct or exists (select from unnest(x.indoption::int2[]) o where o <> 0)
        or exists (select from unnest(x.indclass::oid[]) o join pg_opclass p on p.oid = o where not p.opcdefault)
        or exists (select from pg_constraint k where k.conindid = i.oid and k.conrelid = c.oid and (k.contype in ('u', 'x') or k.contype = 'p' and k.condeferrable))) order by i.relname)
     from pg_index x join pg_class i on i.oid = x.indexrelid join pg_am m on m.oid = i.relam where x.indrelid = c.oid`

/** What a rename-swap would lose without a word. */
const attachments = `select json_agg(json_build_array(kind, name, blocks) order by kind, name) from (
    select 'row-level security', c.relname::text, false where c.relrowsecurity or c.relforcerowsecurity
    union all select 'policy', p.polname, false from pg_policy p where p.polrelid = c.oid
    union all select 'trigger', t.tgname, false from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal
    union all select 'rule', r.rulename, true from pg_rewrite r where r.ev_class = c.oid and r.rulename <> '_RETURN'
    union all select 'publication', p.pubname, false from pg_publication_rel r join pg_publication p on p.oid = r.prpubid where r.prrelid = c.oid
    union all select 'extended statistics', s.stxname, false from pg_statistic_ext s where s.stxrelid = c.oid
    union all select 'storage option', o, false from unnest(c.reloptions) o where c.relkind = 'r'
    union all select 'storage option', 'toast.' || o, false from pg_class t cross join unnest(t.reloptions) o where t.oid = c.reltoastrelid
    union all select 'replica identity', case c.relreplident when 'f' then 'full' when 'n' then 'nothing' else 'index' end, false
      where c.relkind = 'r' and c.relreplident <> 'd'
    union all select 'tablespace', t.spcname, false from pg_tablespace t where t.oid = c.reltablespace and t.spcname <> current_setting('default_tablespace')
    union all select 'access method', m.amname, false from pg_am m where m.oid = c.relam and c.relkind = 'r' and m.amname <> current_setting('default_table_access_method')
    union all select 'unlogged storage', c.relname, false where c.relpersistence = 'u'
    union all select 'parent table', i.inhparent::regclass::text, false from pg_inherits i where i.inhrelid = c.oid
    union all select 'child table', i.inhrelid::regclass::text, true from pg_inherits i where i.inhparent = c.oid
    union all select 'type', format_type(c.reloftype, null), false where c.reloftype <> 0
    union all select case k.contype when 'c' then 'check constraint' when 'f' then 'foreign key' else 'constraint' end, k.conname, false
      from pg_constraint k where k.conrelid = c.oid and k.contype in ('c', 'f', 'u', 'x')
    union all select 'not-null constraint on column', a.attname, false
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attnotnull
       and not exists (select from pg_constraint p where p.conrelid = c.oid and p.contype = 'p' and a.attnum = any (p.conkey))
    union all select 'comment on index', i.relname, false
      from pg_index x join pg_class i on i.oid = x.indexrelid where x.indrelid = c.oid and obj_description(i.oid, 'pg_class') is not null
    union all select 'comment on constraint', k.conname, false
      from pg_constraint k where k.conrelid = c.oid and k.contype in ('p', 'n') and obj_description(k.oid, 'pg_constraint') is not null
    union all select case when a.attidentity <> '' then 'identity column' when a.attgenerated <> '' then 'generated column' else 'default of column' end,
        a.attname, a.attidentity <> '' or a.attgenerated <> ''
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and (a.atthasdef or a.attidentity <> '')
    union all select 'statistics target of column', a.attname, false
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and (a.attstattarget >= 0 or a.attoptions is not null)
    union all select 'storage of column', a.attname, false
      from pg_attribute a join pg_type y on y.oid = a.atttypid
     where a.attrelid = c.oid and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and a.attstorage <> y.typstorage
    union all select 'compression of column', a.attname, false
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attcompression <> ''
    union all select 'subscription', s.subname, false
      from pg_subscription_rel r join pg_subscription s on s.oid = r.srsubid where r.srrelid = c.oid
    union all select 'sequence', d.objid::regclass::text, false
      from pg_depend d join pg_class s on d.classid = 'pg_class'::regclass and s.oid = d.objid and s.relkind = 'S'
     where d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid and d.deptype = 'a'
    union all select 'security label', l.provider, false from pg_seclabel l where l.classoid = 'pg_class'::regclass and l.objoid = c.oid
    union all select 'extension', e.extname, true from pg_depend d join pg_extension e on d.refclassid = 'pg_extension'::regclass and e.oid = d.refobjid
     where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
  ) every (kind, name, blocks)`

function relationsQuery(scope: string): string {
  return `select c.oid, n.nspname, c.relname, ${kinds}, pg_get_userbyid(c.relowner), pg_has_role(c.relowner, 'USAGE'),
  obj_description(c.oid, 'pg_class'), to_json(c.reloptions),
  (${columns}),
  (${privileges}),
  (${revokedFromOwner}),
  (${indexes}),
  (${attachments}),
  ${fingerprintExpression},
  concat_ws(':', c.oid, (select o.xmin from pg_description o where o.classoid = 'pg_class'::regclass and o.objoid = c.oid and o.objsubid = 0))
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where ${scope} and c.relkind in ('r', 'v', 'm', 'f', 'p', 'S')`
}

/** One row for each dependent of a relation; views bring their definition and the columns they use. */
function dependentsQuery(scope: string): string {
  return `with target as (
  select c.oid, c.reltype from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${scope} and c.relkind in ('r', 'v', 'm')
), edge as (
  select t.oid as target, d.classid, d.objid, d.objsubid, d.refobjsubid, d.deptype, false as by_type
    from target t join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = t.oid
  union all
  select t.oid, d.classid, d.objid, d.objsubid, 0, d.deptype, true
    from target t join pg_type y on y.oid = t.reltype or y.typelem = t.reltype and y.typcategory = 'A'
    join pg_depend d on d.refclassid = 'pg_type'::regclass and d.refobjid = y.oid and d.deptype = 'n'
), by_view as (
  select e.target, r.ev_class as view, json_agg(distinct a.attname) filter (where a.attname is not null) as uses, bool_and(r.rulename = '_RETURN') as plain
    from edge e join pg_rewrite r on e.classid = 'pg_rewrite'::regclass and r.oid = e.objid
    left join pg_attribute a on a.attrelid = e.target and a.attnum = e.refobjsubid and e.refobjsubid > 0
   where r.ev_class <> e.target and not e.by_type group by e.target, r.ev_class
)
select b.target, 'view', n.nspname, v.relname, v.oid::text, pg_get_userbyid(v.relowner), pg_has_role(v.relowner, 'USAGE'),
  obj_description(v.oid, 'pg_class'), to_json(v.reloptions), pg_get_viewdef(v.oid), b.uses, null, null
  from by_view b join pg_class v on v.oid = b.view join pg_namespace n on n.oid = v.relnamespace
 where v.relkind = 'v' and v.relpersistence <> 't' and b.plain
union all
select b.target, 'other', n.nspname, v.relname, 'pg_class:' || v.oid, null, null, case when v.relkind = 'm' then 'materialized view ' when v.relpersistence = 't' then 'temporary view ' else 'rule on ' end || v.oid::regclass,
  null, null, null, true, false
  from by_view b join pg_class v on v.oid = b.view join pg_namespace n on n.oid = v.relnamespace
 where v.relkind <> 'v' or v.relpersistence = 't' or not b.plain
union all
select e.target, 'other', null, null, 'pg_constraint:' || k.oid, null, null, 'foreign key ' || quote_ident(k.conname) || ' on table ' || k.conrelid::regclass,
  null, null, null, bool_and(k.confdeltype = 'a'), true
  from edge e join pg_constraint k on e.classid = 'pg_constraint'::regclass and k.oid = e.objid
 where k.contype = 'f' and k.confrelid = e.target and k.conrelid <> e.target group by e.target, k.oid, k.conname, k.conrelid
union all
select e.target, 'other', null, null, min(case when v.relkind in ('v', 'm') then 'pg_class:' || v.oid else e.classid::regclass || ':' || e.objid end), null, null, label, null, null, null, true, false
  from edge e left join pg_policy p on e.classid = 'pg_policy'::regclass and p.oid = e.objid
  left join pg_trigger g on e.classid = 'pg_trigger'::regclass and g.oid = e.objid and not g.tgisinternal
  left join pg_attrdef a on e.classid = 'pg_attrdef'::regclass and a.oid = e.objid
  left join pg_constraint k on e.classid = 'pg_constraint'::regclass and k.oid = e.objid and k.contype = 'c'
  left join pg_index x on e.classid = 'pg_class'::regclass and x.indexrelid = e.objid
  left join pg_rewrite r on e.classid = 'pg_rewrite'::regclass and r.oid = e.objid
  left join pg_class v on v.oid = coalesce(r.ev_class, case when e.classid = 'pg_class'::regclass then e.objid end)
  cross join lateral (select case when v.relkind in ('v', 'm') then pg_describe_object('pg_class'::regclass, v.oid, 0)
    else pg_describe_object(e.classid, e.objid, case when v.relkind in ('r', 'p') then e.objsubid else 0 end) end) described (label)
 where e.classid = 'pg_proc'::regclass or e.by_type and v.oid is distinct from e.target or coalesce(p.polrelid, g.tgrelid, a.adrelid, k.conrelid, x.indrelid) <> e.target
 group by e.target, label`
}
