/*---
description: Nobody who opted out stands on a list that people call from.
owner: organizing@example.org
severity: error
---*/
-- A singular test is a SELECT of rows that must not exist. It passes when it finds none. If it fails, the exports that read these
-- tables are not written, and the list of last week stays where it is.
select t.person_id
from {{ref 'turf_list'}} as t
join {{ref 'int_supporter_identities'}} as i using (person_id)
join {{ref 'stg_supporters'}} as s on s.supporter_id = i.supporter_id
where s.is_opted_out
