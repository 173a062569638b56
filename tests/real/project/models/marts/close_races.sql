/*---
description: Races with a margin under the variable close_margin_pct, closest first, unopposed ones left out.
columns:
  margin_pct:
    tests:
      - not_null
      - expression: "margin_pct >= 0"
---*/
select
  first.election,
  first.race,
  first.candidate as winner,
  first.party as winner_party,
  first.votes as winner_votes,
  second.candidate as runner_up,
  second.party as runner_up_party,
  second.votes as runner_up_votes,
  first.votes - second.votes as margin,
  first.share_pct - second.share_pct as margin_pct
from {{ref 'statewide_results'}} as first
join {{ref 'statewide_results'}} as second
  on second.election = first.election and second.race = first.race and second.place = 2
where first.place = 1
  and first.share_pct - second.share_pct < {{var 'close_margin_pct'}}
