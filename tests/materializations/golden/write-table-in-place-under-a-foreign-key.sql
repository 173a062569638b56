-- write table in place
-- public.supporters was written in place, because a swap would lose or break: foreign key f on table pledges.

-- publish
begin;
set local lock_timeout = '300ms';
set local search_path = '';
set local row_security = off;
lock table "public"."supporters" in share row exclusive mode;
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
with gone as (delete from "public"."supporters" returning 1)
insert into "public"."supporters" ("id", "name") select "id", "name" from "public"."supporters__new_cc99d717_fca978c4" where (select count(*) from gone) >= 0;
comment on table "public"."supporters" is 'Everybody we know.
The county''s "own" too.
sqlflow: field/model:supporters';
comment on column "public"."supporters"."id" is 'The supporter''s id.';
grant select on "public"."supporters" to public;
drop table "public"."supporters__new_cc99d717_fca978c4";
commit;
