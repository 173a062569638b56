/*---
description: Every candidate, with the spellings that the files use for them.
columns:
  candidate:
    tests: [not_null]
tests:
  - unique_combination: [candidate, party]
---*/
select
  candidate, party,
  {{list_of 'candidate_as_written' separator=' | '}} as spellings,
  count(distinct candidate_as_written) as spelling_count,
  {{list_of 'election'}} as elections
from {{ref 'stg_precinct_votes'}}
group by candidate, party
