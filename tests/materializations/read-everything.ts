/**
 * All that a database holds beside rows, as lines of text by name, never by oid: relations, what stands on them, what refers to them. Two equal
 * readings before and after a build mean that nothing was lost, whatever it was.
 */
import type { Session } from '../../src/warehouses/warehouse.ts'

const ours = `not in ('pg_catalog', 'information_schema', 'pg_toast')`

const sorted = (acl: string): string => `(select array_agg(x::text order by x::text) from unnest(${acl}) x)`

const everything = `
select 'relation', c.oid::regclass::text, concat_ws(' ', c.relkind, c.relpersistence, pg_get_userbyid(c.relowner), ${sorted("coalesce(c.relacl, acldefault('r', c.relowner))")}, c.reloptions, t.reloptions,
    s.spcname, m.amname, c.relrowsecurity, c.relforcerowsecurity, c.relreplident, c.relispartition, pg_get_expr(c.relpartbound, c.oid),
    nullif(c.reloftype, 0)::regtype, obj_description(c.oid, 'pg_class'))
  from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_class t on t.oid = c.reltoastrelid
  left join pg_tablespace s on s.oid = c.reltablespace left join pg_am m on m.oid = c.relam
 where n.nspname ${ours}
union all
select 'column', c.oid::regclass || '.' || a.attname, concat_ws(' ', format_type(a.atttypid, a.atttypmod), nullif(a.attcollation, 0)::regcollation, a.attnotnull,
    a.attidentity, a.attgenerated, ${sorted('a.attacl')}, a.attoptions, nullif(a.attstattarget, -1), a.attstorage, a.attcompression, col_description(c.oid, a.attnum),
    (select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d where d.adrelid = c.oid and d.adnum = a.attnum))
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
 where n.nspname ${ours} and a.attnum > 0 and not a.attisdropped
union all
select 'index', i.indexrelid::regclass::text, concat_ws(' ', pg_get_indexdef(i.indexrelid), i.indisclustered, i.indisreplident, i.indisprimary, i.indisvalid)
  from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace where n.nspname ${ours}
union all
select 'of extension', pg_describe_object(d.classid, d.objid, 0), concat_ws(' ', d.deptype, e.extname)
  from pg_depend d join pg_extension e on d.refclassid = 'pg_extension'::regclass and e.oid = d.refobjid where d.classid = 'pg_class'::regclass
union all
select 'constraint', k.conrelid::regclass || ' ' || k.conname, concat_ws(' ', pg_get_constraintdef(k.oid), k.convalidated, obj_description(k.oid, 'pg_constraint'))
  from pg_constraint k join pg_namespace n on n.oid = k.connamespace where n.nspname ${ours}
union all
select 'trigger', t.tgname, concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled, obj_description(t.oid, 'pg_trigger')) from pg_trigger t where not t.tgisinternal
union all
select 'rule', r.ev_class::regclass || ' ' || r.rulename, pg_get_ruledef(r.oid)
  from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace where n.nspname ${ours}
union all
select 'policy', p.polname, concat_ws(' ', p.polrelid::regclass, p.polcmd, p.polpermissive, p.polroles::regrole[], pg_get_expr(p.polqual, p.polrelid),
    pg_get_expr(p.polwithcheck, p.polrelid)) from pg_policy p
union all
select 'publication', p.pubname || ' ' || r.prrelid::regclass, concat_ws(' ', pg_get_expr(r.prqual, r.prrelid), r.prattrs)
  from pg_publication_rel r join pg_publication p on p.oid = r.prpubid
union all
select 'statistics', s.stxname, pg_get_statisticsobjdef(s.oid) from pg_statistic_ext s
union all
select 'inheritance', i.inhrelid::regclass || ' of ' || i.inhparent::regclass, i.inhseqno::text from pg_inherits i
union all
select 'owned sequence', d.objid::regclass::text, d.refobjid::regclass || ' ' || d.refobjsubid
  from pg_depend d join pg_class s on d.classid = 'pg_class'::regclass and s.oid = d.objid and s.relkind = 'S' where d.deptype in ('a', 'i')
union all
select 'function', p.oid::regprocedure::text, concat_ws(' ', pg_get_function_identity_arguments(p.oid), pg_get_function_result(p.oid), pg_get_function_sqlbody(p.oid))
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname ${ours}
union all
select 'domain', y.oid::regtype::text, format_type(y.typbasetype, y.typtypmod) from pg_type y where y.typtype = 'd' and y.typnamespace = 'public'::regnamespace
union all
select 'cast', format_type(castsource, null) || ' ' || format_type(casttarget, null), castfunc::regproc::text from pg_cast where oid > 16000
union all
select 'security label', l.objoid::regclass || ' ' || l.objsubid, l.provider || ' ' || l.label from pg_seclabel l where l.classoid = 'pg_class'::regclass
order by 1, 2, 3`

export async function readEverything(session: Session): Promise<readonly string[]> {
  const results = await session.run(`begin; set local search_path = ''; ${everything}; commit`)
  return results[2]!.rows.map((row) => row.join(' | '))
}
