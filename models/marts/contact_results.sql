/*---
description: What came of the attempts, by region and channel, one column per result.
tests:
  - unique_combination: [region_code, channel]
---*/
{{#let results=(list 'strong_yes' 'lean_yes' 'undecided' 'no' 'not_home' 'wrong_number')}}
select
  p.region_code,
  c.channel,
  count(*) as attempts,
  {{#each results}}
  {{count_where (join (list "c.result = '" this "'") '')}} as {{ident this}},
  {{/each}}
  {{#if (eq target.name 'local')}}
  -- Only in the compiled SQL of the target `local`; `sqlflow compile contact_results` shows the difference.
  {{/if}}
  {{pct (count_where "c.result in ('strong_yes', 'lean_yes')") 'count(c.result)'}} as yes_pct
from {{ref 'stg_contact_attempts'}} as c
join {{ref 'int_supporter_identities'}} as i using (supporter_id)
join {{ref 'int_people'}} as p using (person_id)
group by p.region_code, c.channel
{{/let}}
