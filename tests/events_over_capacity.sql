/*---
description: |
  Events to which more people came than there was room for. A note to whoever books rooms, and no reason to stop: up to five are
  expected, and only more than that is a warning.
severity: warn
warn_if: "> 5"
limit: 20
store_failures: true
---*/
select event_id, title, attended, capacity
from {{ref 'event_results'}}
where attended > capacity
