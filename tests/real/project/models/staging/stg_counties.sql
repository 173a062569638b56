/*---
description: One row per county, spelled as the results spell it. The list writes `Ben_Hill` and `Jeff_Davis`, the results a space.
columns:
  county:
    tests: [unique, not_null]
tests:
  - row_count: { equals: 159 }
---*/
select replace(county, '_', ' ') as county
from {{ref 'counties'}}
