/*---
description: One row per region, against its goal. What the director looks at on Monday.
columns:
  region_code:
    tests:
      - unique
      - not_null
tests:
  - row_count: { equals: 5 }
---*/
with people as (
  select
    region_code,
    count(*) as supporters,
{{#each (list 'leader' 'active' 'new' 'quiet')}}
    {{count_where (join (list "engagement = '" this "'") '')}} as {{this}}_supporters,
{{/each}}
    sum(hours) as hours,
    sum(given) as given
  from {{ref 'supporter_profiles'}}
  group by region_code
)

select
  r.region_code,
  r.region_name,
  r.goal_supporters,
  people.supporters,
  {{pct 'people.supporters' 'r.goal_supporters' digits=0}} as goal_pct,
  people.leader_supporters,
  people.active_supporters,
  people.new_supporters,
  people.quiet_supporters,
  people.hours,
  people.given
from {{ref 'stg_regions'}} as r
left join people using (region_code)
