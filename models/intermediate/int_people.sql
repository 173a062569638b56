/*---
description: One row per person, with the best of what their lines say.
materialized: table
# On Redshift: every mart joins by the person, so her rows of all tables that are laid out like this lie on one node and none travels.
dist: person_id
# Regions are what people filter by: blocks of the others are not read.
sort: [region_code, person_id]
primary_key: [person_id]
indexes:
  - { columns: [region_code, precinct_code] }
columns:
  person_id:
    tests: [unique, not_null]
  email:
    sensitive: true
    # The point of the whole exercise: after de-duplication no address is left twice.
    tests: [unique]
  phone:
    sensitive: true
  is_opted_out:
    description: True when any of the person's lines says so. One no is enough.
    tests: [not_null]
---*/
with lines as (
  select i.person_id, s.*
  from {{ref 'stg_supporters'}} as s
  join {{ref 'int_supporter_identities'}} as i using (supporter_id)
)

{{! A comment of the template language: it is gone before the warehouse sees the SQL. The loop writes one line per column. }}
select
  person_id,
  -- of each, the first value that is not NULL, in the order in which the lists came
{{#each (list 'first_name' 'last_name' 'phone' 'zip' 'region_code' 'precinct_code' 'list_source')}}
  {{first_known this 'supporter_id'}} as {{this}},
{{/each}}
  max(email) as email,
  min(joined_on) as joined_on,
  bool_or(is_opted_out) as is_opted_out,
  count(*) as lines
from lines
group by person_id
