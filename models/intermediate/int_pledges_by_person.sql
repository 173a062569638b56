/*---
description: What each person pledged and gave, all cycles.
columns:
  person_id:
    tests: [unique, not_null]
tests:
  - expression: "given <= pledged"
---*/
select
  i.person_id,
  count(*) as pledges,
  sum(p.amount) as pledged,
  sum(case when p.fulfilled_on is not null then p.amount else 0 end) as given,
  max(p.pledged_on) as last_pledged_on
from {{ref 'stg_pledges'}} as p
join {{ref 'int_supporter_identities'}} as i using (supporter_id)
group by i.person_id
