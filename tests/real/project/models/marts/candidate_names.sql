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
  string_agg(distinct candidate_as_written, ' | ' order by candidate_as_written) as spellings,
  count(distinct candidate_as_written) as spelling_count,
  string_agg(distinct election, ', ' order by election) as elections
from {{ref 'stg_precinct_votes'}}
group by candidate, party
