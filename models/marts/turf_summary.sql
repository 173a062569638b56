/*---
description: One row per turf - doors, people, and how far the canvass is.
columns:
  turf_id:
    tests: [unique, not_null]
  reached_pct:
    tests:
      - expression: "reached_pct between 0 and 100"
---*/
select
  t.turf_id,
  t.turf_name,
  t.region_code,
  t.precinct_code,
  t.doors,
  count(s.person_id) as people,
  {{count_where 's.contact_attempts > 0'}} as reached,
  {{pct (count_where 's.contact_attempts > 0') 'count(s.person_id)'}} as reached_pct
from {{ref 'stg_turfs'}} as t
left join {{ref 'supporter_profiles'}} as s
  on s.region_code = t.region_code and s.precinct_code = t.precinct_code
group by t.turf_id, t.turf_name, t.region_code, t.precinct_code, t.doors
