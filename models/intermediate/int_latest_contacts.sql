/*---
description: The last attempt to reach each person, and how many there were.
columns:
  person_id:
    tests: [unique, not_null]
---*/
select distinct on (i.person_id)
  i.person_id,
  c.attempted_at as last_attempted_at,
  c.channel as last_channel,
  c.result as last_result,
  count(*) over (partition by i.person_id) as attempts
from {{ref 'stg_contact_attempts'}} as c
join {{ref 'int_supporter_identities'}} as i using (supporter_id)
order by i.person_id, c.attempted_at desc, c.attempt_id desc
