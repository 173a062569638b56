-- create table

-- build
begin;
create table "public"."supporters" as
select 1 as id, 'Ana' as name
;
alter table "public"."supporters" add constraint "supporters_pkey_233cbfdc" primary key ("id");
create index "supporters_name_3cbfc9c4" on "public"."supporters" ("name");
comment on table "public"."supporters" is 'Everybody we know.
The county''s "own" too.
sqlflow: field/model:supporters';
comment on column "public"."supporters"."id" is 'The supporter''s id.';
grant select on "public"."supporters" to "reporting", public;
commit;
