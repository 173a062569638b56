/*---
description: The last attempt to reach each person, and how many there were.
columns:
  person_id:
    tests: [unique, not_null]
---*/
with attempts as (
  select
    i.person_id,
    c.attempted_at,
    c.channel,
    c.result,
    count(*) over (partition by i.person_id) as attempts,
    row_number() over (partition by i.person_id order by c.attempted_at desc, c.attempt_id desc) as place
  from {{ref 'stg_contact_attempts'}} as c
  join {{ref 'int_supporter_identities'}} as i using (supporter_id)
)

select
  person_id,
  attempted_at as last_attempted_at,
  channel as last_channel,
  result as last_result,
  attempts
from attempts
where place = 1
