/*---
description: |
  How dirty the supporter lists are, one row per problem. Cleaning hides problems; this keeps them visible, so that somebody can mend them at the source.
columns:
  problem:
    tests: [unique, not_null]
---*/
{{! The names of a loop over two lists would be clumsy: the conditions are written out, and the frame around each comes from the loop. }}
with problems as (
  select
    count(*) as lines,
    {{count_where 's.first_name <> btrim(s.first_name) or s.last_name <> btrim(s.last_name)'}} as stray_spaces,
    {{count_where "s.email is null or s.email = ''"}} as no_email,
    {{count_where 'c.phone is null'}} as no_usable_phone,
    {{count_where 'length(s.zip) < 5'}} as zip_lost_its_zero,
    {{count_where 'c.joined_on is null'}} as impossible_date,
    {{count_where 'i.person_id <> i.supporter_id'}} as duplicate_person
  from {{ref 'supporters'}} as s
  join {{ref 'stg_supporters'}} as c using (supporter_id)
  join {{ref 'int_supporter_identities'}} as i using (supporter_id)
)

{{#each (list 'stray_spaces' 'no_email' 'no_usable_phone' 'zip_lost_its_zero' 'impossible_date' 'duplicate_person')}}
select {{literal this}} as problem, {{this}} as lines_affected, {{pct this 'lines'}} as lines_affected_pct from problems
{{#unless @last}}
union all
{{/unless}}
{{/each}}
