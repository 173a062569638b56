/*---
description: One row per election, precinct, race and candidate, from the three precinct files, names of candidates cleaned.
columns:
  votes:
    tests:
      - not_null
      - expression: "votes >= 0"
  county:
    tests:
      - not_null
      - relationships: { to: stg_counties, field: county }
  party:
    tests:
      - accepted_values: [Democrat, Republican, Libertarian, Green, Independent]
tests:
  - unique_combination: [election, county, precinct, office, district, party, candidate]
---*/
select
  '2024 general' as election, county, precinct, office, district, party, candidate as candidate_as_written,
  {{candidate_name 'candidate'}} as candidate,
  total_votes as votes
from {{ref 'general_2024_precinct'}}
{{! The two other files give votes by type, under the same columns. }}
{{#each (list 'primary_2020_precinct' 'runoff_2022_precinct')}}
union all
select
  {{#if (eq this 'primary_2020_precinct')}}'2020 primary'{{else}}'2022 runoff'{{/if}}, county, precinct, office, district, party, candidate,
  {{candidate_name 'candidate'}},
  election_day_votes + advanced_votes + absentee_by_mail_votes + provisional_votes
from {{#if (eq this 'primary_2020_precinct')}}{{ref 'primary_2020_precinct'}}{{else}}{{ref 'runoff_2022_precinct'}}{{/if}}
{{/each}}
