/**
 * Digests of what a replacement relies on, as SQL over `pg_class c join pg_namespace n`. The catalog query and the check inside a publish
 * use the same text, under an empty search_path, so that equal digests mean that nothing was changed in between.
 * Content is digested, not row versions: re-pointing a view in one swap does not disturb the next.
 */

/** Everything: the relation, its columns and privileges, what depends on it, and the definitions and privileges of dependent views. */
export const fingerprintExpression = `md5(concat_ws(E'\\n',
    n.nspname, c.relname, c.relkind, c.relpersistence, c.relowner, c.relacl, c.reloptions, c.reltablespace, c.relam, c.reloftype,
    (select t.reloptions from pg_class t where t.oid = c.reltoastrelid), c.relrowsecurity, c.relforcerowsecurity, c.relreplident, obj_description(c.oid, 'pg_class'),
    (select string_agg(concat_ws(' ', a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.attidentity, a.attgenerated, a.attacl, a.attoptions,
        a.attstattarget, a.attstorage, a.attcompression, a.attcollation, col_description(c.oid, a.attnum)), ',' order by a.attnum)
       from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
    (select string_agg(concat_ws(' ', d.classid, d.objid, d.objsubid, d.refobjsubid, d.deptype), ',' order by d.classid, d.objid, d.objsubid, d.refobjsubid)
       from pg_depend d
      where d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid
         or d.refclassid = 'pg_type'::regclass and d.refobjid in (c.reltype, (select y.typarray from pg_type y where y.oid = c.reltype))),
    (select string_agg(concat_ws(' ', d.refclassid, d.refobjid, d.deptype), ',' order by d.refclassid, d.refobjid)
       from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.objsubid = 0),
    (select string_agg(concat_ws(' ', i.relname, i.reloptions, i.reltablespace, x.indisclustered, x.indisreplident, obj_description(i.oid, 'pg_class')), ',' order by i.oid)
       from pg_index x join pg_class i on i.oid = x.indexrelid where x.indrelid = c.oid),
    (select string_agg(concat_ws(' ', k.conname, obj_description(k.oid, 'pg_constraint')), ',' order by k.oid) from pg_constraint k where k.conrelid = c.oid),
    (select string_agg(concat_ws(' ', l.provider, l.objsubid, l.label), ',' order by l.provider, l.objsubid)
       from pg_seclabel l where l.classoid = 'pg_class'::regclass and l.objoid = c.oid),
    (select string_agg(concat_ws(' ', v.oid, v.relnamespace, v.relname, v.relowner, v.relacl, v.reloptions, pg_get_viewdef(v.oid)), E'\\n' order by v.oid)
       from pg_class v
      where v.relkind = 'v' and v.oid <> c.oid and v.oid in (
        select r.ev_class from pg_depend d join pg_rewrite r on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
         where d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid))))`

/** Only that it is still the relation of that name, of that kind, with that comment. */
export const identityExpression = `md5(concat_ws(E'\\n', n.nspname, c.relname, c.relkind, obj_description(c.oid, 'pg_class')))`

/** A statement that fails with `sqlState` unless the digest of the relation with oid `id` is `digest` (hex). */
export function checkDigest(check: { expression: string; id: string; digest: string; sqlState: string }): string {
  return `do $check$
begin
  if (select ${check.expression}
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = ${check.id}) is distinct from '${check.digest}' then
    raise exception 'The relation, or what depends on it, was changed by somebody else.' using errcode = '${check.sqlState}';
  end if;
end
$check$`
}
