/*---
description: One row per person and event signed up for, a shift. Eleven spellings of four statuses become four.
columns:
  signup_id:
    description: Primary key.
    tests: [unique, not_null]
  event_id:
    tests:
      - not_null
      - relationships: { to: stg_events, field: event_id }
  supporter_id:
    tests:
      # This one WARNS, on purpose. A handful of shifts belong to supporters who were deleted upstream. We cannot mend that here, and it must
      # not stop the morning's lists: severity warn says "tell me, go on". The rows are kept in a table, to send to whoever can.
      - relationships:
          to: stg_supporters
          field: supporter_id
          severity: warn
          store_failures: true
  status:
    tests:
      - accepted_values: [attended, no_show, cancelled, signed_up]
  hours:
    tests:
      - expression: "hours > 0"
---*/
with spelled_alike as (
  select
    signup_id,
    event_id,
    supporter_id,
    replace(replace(lower(btrim(status)), ' ', '_'), '-', '_') as status,
    hours,
    signed_up_at
  from {{ref 'event_signups'}}
)

select
  signup_id,
  event_id,
  supporter_id,
  case status when 'canceled' then 'cancelled' else status end as status,
  hours,
  signed_up_at
from spelled_alike
