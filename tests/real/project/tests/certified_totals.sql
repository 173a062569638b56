/*---
description: |
  The certified statewide totals, as the Secretary of State published them: President 2024 from the county file, the Senate runoff of 2022
  from its precincts. If these hold, files, types and joins are sound.
---*/
with certified as (
  select '2024 general' as election, 'Donald J. Trump' as candidate, 2663117 as votes
  union all select '2024 general', 'Kamala D. Harris', 2548017
  union all select '2024 general', 'Chase Oliver', 20684
  union all select '2024 general', 'Jill Stein', 18229
  union all select '2022 runoff', 'Raphael Warnock', 1820633
  union all select '2022 runoff', 'Herschel Walker', 1721244
),

counted as (
  select '2024 general' as election, candidate, sum(votes) as votes
  from {{ref 'county_results'}}
  where office = 'President'
  group by candidate
  union all
  select election, candidate, votes
  from {{ref 'statewide_results'}}
  where election = '2022 runoff'
)

select certified.*, counted.votes as counted
from certified
left join counted using (election, candidate)
where coalesce(counted.votes, -1) <> certified.votes
