/*---
description: One row per election, race and candidate over the whole state, from the precinct files.
# On Redshift: a few hundred rows, which close_races joins with themselves: a copy on every node.
dist: all
sort: [election, race, place]
columns:
  place:
    tests: [not_null]
tests:
  - unique_combination: [election, race, party, candidate]
---*/
{{! Districts cross counties, so every race is summed over the state, and the winner is the same whichever county reported. }}
select
  election,
  {{race_key 'office' 'district' "case election when '2020 primary' then party end"}} as race,
  office, district, party, candidate,
  sum(votes)::bigint as votes,
  count(distinct county)::integer as counties,
  {{pct 'sum(votes)' "sum(sum(votes)) over (partition by election, office, district, case election when '2020 primary' then party end)"}} as share_pct,
  row_number() over (
    partition by election, office, district, case election when '2020 primary' then party end
    order by sum(votes) desc, candidate
  ) as place
from {{ref 'stg_precinct_votes'}}
group by election, office, district, party, candidate
