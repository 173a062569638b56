/*---
description: |
  Shifts per person, one column per status. Ephemeral - it is never built, its SQL is placed into the models that read it.
  Good for a step that has a name but no readers of its own.
materialized: ephemeral
---*/
{{! A list that is needed twice gets a name. Add a status here, and each model downstream has the column. }}
{{#let statuses=(list 'attended' 'no_show' 'cancelled' 'signed_up')}}
select
  i.person_id,
  {{#each statuses}}
  {{count_where (join (list "s.status = '" this "'") '')}} as shifts_{{this}},
  {{/each}}
  coalesce(sum(s.hours), 0) as hours,
  max(s.signed_up_at) as last_signed_up_at
from {{ref 'stg_event_signups'}} as s
join {{ref 'int_supporter_identities'}} as i using (supporter_id)
where s.status in ({{#each statuses}}{{literal this}}{{#unless @last}}, {{/unless}}{{/each}})
group by i.person_id
{{/let}}
