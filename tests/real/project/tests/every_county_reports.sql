/*---
description: All 159 counties voted for President.
---*/
select county
from {{ref 'stg_counties'}}
where county not in (select county from {{ref 'county_results'}} where office = 'President')
