/*---
description: |
  Whom to contact this week, by turf: people with a phone whom nobody reached yet, or who were undecided. Exported to the organizers' files.
tags: [contact]
# On Redshift: the export and its readers take a turf at a time, in its order.
dist: person_id
sort: turf_id
columns:
  person_id:
    tests:
      - unique
      - not_null
      - relationships: { to: supporter_profiles, field: person_id }
  phone:
    sensitive: true
    tests: [not_null, e164_phone]
  turf_id:
    tests:
      - not_null
      - relationships: { to: stg_turfs, field: turf_id }
# An empty list is worse than an old one: the test fails, and so the exports below this model are not written.
tests: [not_empty]
---*/
select
  t.turf_id,
  t.turf_name,
  t.precinct_code,
  r.region_name,
  s.person_id,
  s.first_name,
  s.last_name,
  s.phone,
  s.zip,
  s.engagement,
  coalesce(s.last_result, 'never reached') as last_result,
  s.pledged
from {{ref 'supporter_profiles'}} as s
join {{ref 'stg_turfs'}} as t
  on t.turf_key = {{surrogate_key 's.region_code' 's.precinct_code'}}
join {{ref 'stg_regions'}} as r on r.region_code = s.region_code
where s.phone is not null
  and (s.last_result is null or s.last_result in ('undecided', 'lean_yes', 'not_home'))
