-- swap table

-- build
begin;
create table "public"."supporters__new_cc99d717_fca978c4" as
select 1 as id, 'Ana' as name
;
alter table "public"."supporters__new_cc99d717_fca978c4" add constraint "supporters_pkey_233cbfdc__new_cc99d717_8786e12a" primary key ("id");
create index "supporters_name_3cbfc9c4__new_cc99d717_be811054" on "public"."supporters__new_cc99d717_fca978c4" ("name");
comment on table "public"."supporters__new_cc99d717_fca978c4" is 'Everybody we know.
The county''s "own" too.
sqlflow: field/model:supporters';
comment on column "public"."supporters__new_cc99d717_fca978c4"."id" is 'The supporter''s id.';
commit;
