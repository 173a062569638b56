/*---
description: One row per event.
columns:
  event_id:
    description: Primary key.
    tests: [unique, not_null]
  event_type:
    tests:
      - accepted_values: [canvass, phone_bank, training, house_party]
  ends_at:
    description: NULL where the list says that the event ended before it began.
  turf_id:
    description: For canvasses only.
    tests:
      # A NULL is no broken link: relationships looks at values alone.
      - relationships: { to: stg_turfs, field: turf_id }
tests:
  - expression: "ends_at is null or ends_at > starts_at"
---*/
select
  event_id,
  {{clean_text 'title'}} as title,
  replace(lower(event_type), ' ', '_') as event_type,
  region_code,
  turf_id,
  starts_at,
  case when ends_at > starts_at then ends_at end as ends_at,
  capacity
from {{ref 'events'}}
