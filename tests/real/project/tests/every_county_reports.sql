/*---
description: All 159 counties voted for President.
---*/
select county
from {{ref 'counties'}}
where county not in (select county from {{ref 'county_results'}} where office = 'President')
