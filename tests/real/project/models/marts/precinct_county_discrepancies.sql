/*---
description: |
  Where the precincts of a county do not add up to what the county reported, general election of 2024. Not an error of ours: the files
  disagree, by privacy rules for tiny precincts or by late corrections. It is published, not hidden.
columns:
  difference:
    description: County minus precincts; never zero.
    tests:
      - not_null
      - expression: "difference <> 0"
---*/
with precincts as (
  select county, {{race_key 'office' 'district'}} as race, party, candidate, sum(votes)::bigint as votes
  from {{ref 'stg_precinct_votes'}}
  where election = '2024 general'
  group by 1, 2, 3, 4
)

select
  county, race, party, candidate,
  coalesce(c.votes, 0)::bigint as county_votes,
  coalesce(p.votes, 0) as precinct_votes,
  coalesce(c.votes, 0) - coalesce(p.votes, 0) as difference,
  case when p.votes is null then 'county only' when c.votes is null then 'precincts only' else 'both' end as found_in
from {{ref 'county_results'}} as c
full join precincts as p using (county, race, party, candidate)
where coalesce(c.votes, 0) <> coalesce(p.votes, 0)
