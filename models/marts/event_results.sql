/*---
description: One row per event of the cycle, with who came.
# On Redshift: a small table that many join with has a copy on every node. Calendars read it by date.
dist: all
sort: starts_at
columns:
  event_id:
    tests: [unique, not_null]
  show_rate_pct:
    description: Attended, of those who did not cancel. NULL when nobody signed up.
    tests:
      - expression: "show_rate_pct between 0 and 100"
---*/
select
  e.event_id,
  e.title,
  e.event_type,
  r.region_name,
  e.starts_at,
  e.capacity,
{{#each (list 'signups' 'attended' 'no_show' 'cancelled' 'signed_up' 'hours')}}
  coalesce(a.{{this}}, 0) as {{this}},
{{/each}}
  {{pct 'a.attended' 'a.signups - a.cancelled'}} as show_rate_pct
from {{ref 'stg_events'}} as e
join {{ref 'stg_regions'}} as r using (region_code)
left join {{ref 'int_event_attendance'}} as a using (event_id)
-- The variable of sqlflow.yml: sqlflow build event_results --var cycle=2025 shows the year before.
where extract(year from e.starts_at) = {{var 'cycle'}}
