-- create view

-- build
begin;
create view "public"."supporters" as
select 1 as id, 'Ana' as name
;
comment on view "public"."supporters" is 'Everybody we know.
The county''s "own" too.
sqlflow: field/model:supporters';
comment on column "public"."supporters"."id" is 'The supporter''s id.';
grant select on "public"."supporters" to "reporting", public;
commit;
