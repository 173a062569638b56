/*---
description: Pledges by month and channel, promised against given.
columns:
  month:
    tests: [not_null]
tests:
  - unique_combination: [month, channel]
---*/
select
  date_trunc('month', pledged_on)::date as month,
  channel,
  count(*) as pledges,
  sum(amount) as pledged,
  sum(case when fulfilled_on is not null then amount else 0 end) as given,
  {{pct 'sum(case when fulfilled_on is not null then amount else 0 end)' 'sum(amount)'}} as given_pct
from {{ref 'stg_pledges'}}
group by 1, 2
