/*---
description: |
  Votes for the top race of each election by county, one column per type of vote. In 2020 people voted by mail, in 2022 early, as these files tell.
tests:
  - unique_combination: [election, county]
  - expression: "votes = election_day + advanced + absentee_by_mail + provisional"
---*/
{{#let types=(list 'election_day' 'advanced' 'absentee_by_mail' 'provisional')}}
select
  election,
  county,
  {{#each types}}
  sum(case when vote_type = {{literal this}} then votes end)::bigint as {{ident this}},
  {{/each}}
  sum(votes)::bigint as votes,
  {{#each types}}
  {{pct (join (list "sum(case when vote_type = '" this "' then votes end)") '') 'sum(votes)'}} as {{this}}_pct{{#unless @last}},{{/unless}}
  {{/each}}
from {{ref 'stg_votes_by_type'}}
where office in ('President', 'U.S. Senate')
group by election, county
{{/let}}
