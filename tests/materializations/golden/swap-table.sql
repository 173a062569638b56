-- swap table

-- publish
begin;
set local lock_timeout = '300ms';
set local search_path = '';
alter view "reports"."turf" owner to "ana";
lock table "public"."supporters" in access exclusive mode;
do $check$
begin
  if (select md5(concat_ws(E'\n',
    n.nspname, c.relname, c.relkind, c.relpersistence, c.relowner, c.relacl, c.reloptions, c.reltablespace,
    c.relrowsecurity, c.relforcerowsecurity, c.relreplident, obj_description(c.oid, 'pg_class'),
    (select string_agg(concat_ws(' ', a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.attidentity, a.attgenerated, a.attacl, a.attoptions), ',' order by a.attnum)
       from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
    (select string_agg(concat_ws(' ', d.classid, d.objid, d.objsubid, d.refobjsubid, d.deptype), ',' order by d.classid, d.objid, d.objsubid, d.refobjsubid)
       from pg_depend d
      where d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid or d.refclassid = 'pg_type'::regclass and d.refobjid = c.reltype),
    (select string_agg(concat_ws(' ', v.oid, v.relnamespace, v.relname, v.relowner, v.relacl, v.reloptions, pg_get_viewdef(v.oid)), E'\n' order by v.oid)
       from pg_class v
      where v.relkind = 'v' and v.oid <> c.oid and v.oid in (
        select r.ev_class from pg_depend d join pg_rewrite r on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
         where d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid))))
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = 16400) is distinct from '5d41402abc4b2a76b9719d911017c592' then
    raise exception 'The relation, or what depends on it, was changed by somebody else.' using errcode = 'SFLOW';
  end if;
end
$check$;
alter table "public"."supporters" rename to "supporters__old_cc99d717_945af831";
alter index "public"."supporters_pkey_233cbfdc" rename to "supporters_pkey_233cbfdc__old_cc99d717_ef5c19a3";
alter index "public"."supporters_name_3cbfc9c4" rename to "supporters_name_3cbfc9c4__old_cc99d717_b1cfaf66";
alter table "public"."supporters__new_cc99d717_fca978c4" rename to "supporters";
alter index "public"."supporters_pkey_233cbfdc__new_cc99d717_8786e12a" rename to "supporters_pkey_233cbfdc";
alter index "public"."supporters_name_3cbfc9c4__new_cc99d717_be811054" rename to "supporters_name_3cbfc9c4";
revoke all on "public"."supporters" from "everybody";
grant select on "public"."supporters" to "reporting";
grant update ("name") on "public"."supporters" to "organizers" with grant option;
grant select on "public"."supporters" to public;
create or replace view "reports"."turf" with (security_barrier=true) as
SELECT id,
    name
   FROM public.supporters;
drop table "public"."supporters__old_cc99d717_945af831";
commit;
