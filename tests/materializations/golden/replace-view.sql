-- replace view

-- publish
begin;
set local lock_timeout = '300ms';
do $check$
begin
  if (select md5(concat_ws(E'\n', n.nspname, c.relname, c.relkind, obj_description(c.oid, 'pg_class')))
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = 16400) is distinct from 'dbbe9123524a5f9babd4987b8fa963d2' then
    raise exception 'The relation, or what depends on it, was changed by somebody else.' using errcode = 'SFLOW';
  end if;
end
$check$;
create or replace view "public"."supporters" with (security_barrier=true) as
select 1 as id, 'Ana' as name
;
comment on view "public"."supporters" is 'Everybody we know.
The county''s "own" too.
sqlflow: field/model:supporters';
comment on column "public"."supporters"."id" is 'The supporter''s id.';
grant select on "public"."supporters" to "reporting", public;
commit;
