/*---
description: One row per precinct, race and candidate of the general election of 2024, with the share of the precinct.
# On Redshift: read a county at a time, and its precincts in order.
dist: county
sort: [county, precinct]
indexes:
  - { columns: [county, precinct] }
columns:
  share_pct:
    tests:
      - expression: "share_pct between 0 and 100"
tests:
  - not_empty
---*/
select
  county, precinct, office, district, party, candidate_as_written as candidate, votes,
  {{pct 'votes' 'sum(votes) over (partition by county, precinct, office, district)'}} as share_pct,
  row_number() over (partition by county, precinct, office, district order by votes desc, candidate_as_written) as place
from {{ref 'stg_precinct_votes'}}
where election = '2024 general'
