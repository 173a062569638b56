/*---
description: One row per county, race and candidate of the general election of 2024, with the share of the county.
# On Redshift: joined with the precincts by county; readers filter by county or by race, neither before the other.
dist: county
sort: { interleaved: [county, race] }
primary_key: [county, race, party, candidate]
columns:
  county:
    tests: [not_null]
tests:
  - row_count: { min: 1000 }
---*/
select
  county,
  {{race_key 'office' 'district'}} as race,
  office, district, party, candidate, votes,
  {{pct 'votes' 'sum(votes) over (partition by county, office, district)'}} as share_pct
from {{ref 'stg_county_votes'}}
