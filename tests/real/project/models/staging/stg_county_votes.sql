/*---
description: One row per county, race and candidate of the general election of 2024, as the counties reported it, by type of vote.
columns:
  county:
    tests:
      - not_null
      - relationships: { to: stg_counties, field: county }
tests:
  - unique_combination: [county, office, district, party, candidate]
  - expression: "votes >= 0"
---*/
select
  county, office, district, party,
  {{candidate_name 'candidate'}} as candidate,
{{#each (list 'election_day' 'advanced' 'absentee_by_mail' 'provisional')}}
  {{this}}_votes,
{{/each}}
  election_day_votes + advanced_votes + absentee_by_mail_votes + provisional_votes as votes
from {{ref 'general_2024_county'}}
