/*---
description: One row per attempt to reach a supporter.
columns:
  attempt_id:
    description: Primary key.
    tests: [unique, not_null]
  supporter_id:
    tests: [not_null]
  result:
    description: snake_case; NULL where none was written down.
    tests:
      - accepted_values: [strong_yes, lean_yes, undecided, "no", not_home, wrong_number]
      # Some blanks are normal, many mean that a canvasser forgot to sync: up to 30% may be missing.
      - not_null: { max_failures: 30% }
  note:
    description: Free text, as typed. May name people.
    sensitive: true
---*/
select
  attempt_id,
  supporter_id,
  attempted_at,
  channel,
  replace(lower({{clean_text 'result'}}), ' ', '_') as result,
  nullif(note, '') as note
from {{ref 'contact_attempts'}}
