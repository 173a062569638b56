/*---
description: Money is neither lost nor doubled between the staging model and the mart.
---*/
{{! Compare sums along the way: joins that multiply rows are the most common mistake in SQL, and no unique test sees them. }}
with totals as (
  select
    (select sum(amount) from {{ref 'stg_pledges'}}) as staged,
    (select sum(pledged) from {{ref 'pledges_by_month'}}) as by_month,
    (select sum(pledged) from {{ref 'int_pledges_by_person'}}) as by_person
)

select *
from totals
where staged <> by_month or staged <> by_person
