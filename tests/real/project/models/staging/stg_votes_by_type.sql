/*---
description: |
  One row per election, county, race, candidate and type of vote, from the three files that tell types apart.
  Ephemeral - a step of turnout_by_vote_type.
materialized: ephemeral
---*/
{{#let types=(list 'election_day' 'advanced' 'absentee_by_mail' 'provisional')}}
{{#each types}}
{{#unless @first}}
union all
{{/unless}}
select '2024 general' as election, county, office, party, '{{this}}' as vote_type, {{this}}_votes as votes from {{ref 'general_2024_county'}}
union all
select '2020 primary', county, office, party, '{{this}}', {{this}}_votes from {{ref 'primary_2020_precinct'}}
union all
select '2022 runoff', county, office, party, '{{this}}', {{this}}_votes from {{ref 'runoff_2022_precinct'}}
{{/each}}
{{/let}}
