/*---
description: Everything we know about each person who did not opt out, one row each. The table that other teams read.
primary_key: [person_id]
# On Redshift: next to int_people's rows, from which it is made; read by region and engagement.
dist: person_id
sort: [region_code, engagement]
indexes:
  - { columns: [region_code, engagement] }
meta: { used_by: the volunteer dashboard }
columns:
  person_id:
    tests: [unique, not_null]
  email: { sensitive: true }
  phone: { sensitive: true }
  engagement:
    description: leader, active, new or quiet; see the CASE for the rule.
    tests:
      - accepted_values: [leader, active, new, quiet]
  hours:
    tests:
      - expression: ">= 0"      # beneath a column, a condition may begin with its operator
tests:
  - row_count: { min: 500, max: 2000 }
---*/
select
  p.person_id,
  p.first_name,
  p.last_name,
  p.email,
  p.phone,
  p.zip,
  p.region_code,
  p.precinct_code,
  p.joined_on,
  case
    when coalesce(a.shifts_attended, 0) >= 3 then 'leader'
    when coalesce(a.shifts_attended, 0) >= 1 or coalesce(m.given, 0) > 0 then 'active'
    when p.joined_on >= date {{literal (var 'as_of')}} - 60 then 'new'
    else 'quiet'
  end as engagement,
{{#each (list 'attended' 'no_show' 'cancelled' 'signed_up')}}
  coalesce(a.shifts_{{this}}, 0) as shifts_{{this}},
{{/each}}
  coalesce(a.hours, 0) as hours,
  coalesce(m.pledged, 0) as pledged,
  coalesce(m.given, 0) as given,
  coalesce(c.attempts, 0) as contact_attempts,
  c.last_result,
  c.last_attempted_at
from {{ref 'int_people'}} as p
left join {{ref 'int_attendance_by_person'}} as a using (person_id)
left join {{ref 'int_pledges_by_person'}} as m using (person_id)
left join {{ref 'int_latest_contacts'}} as c using (person_id)
where not p.is_opted_out
