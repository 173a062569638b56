/*---
description: |
  Precincts and counties disagree in places. It is known and published, so it warns and never stops a build.
severity: warn
store_failures: true
---*/
select * from {{ref 'precinct_county_discrepancies'}}
