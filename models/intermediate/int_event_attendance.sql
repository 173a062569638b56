/*---
description: Shifts per event, one column per status. Events that nobody signed up for have no row here; event_results adds them.
columns:
  event_id:
    tests: [unique, not_null]
tests:
  # A name of our own reads better in a report than expression_int_event_attendance.
  - expression:
      name: statuses_add_up
      expression: "signups = attended + no_show + cancelled + signed_up"
---*/
select
  event_id,
  count(*) as signups,
{{#each (list 'attended' 'no_show' 'cancelled' 'signed_up') as |status|}}
  {{count_where (join (list "status = '" status "'") '')}} as {{ident status}},
{{/each}}
  coalesce(sum(hours), 0) as hours
from {{ref 'stg_event_signups'}}
group by event_id
