/*---
description: One row per region. The smallest staging model - rename, type, clean, and nothing else.
columns:
  region_code:
    description: Three letters, upper case.
    tests: [unique, not_null]
  organizer_email:
    description: The region's shared mailbox.
    tests:
      - expression: "organizer_email like '%@example.org'"
tests:
  - row_count: { equals: 5 }
---*/
-- {{ref}} names another model or seed. It becomes the schema and name of the target in use, and it tells sqlflow what
-- has to be built first. That is all there is to dependencies: nobody keeps a list of them.
select
  region_code,
  {{clean_text 'region_name'}} as region_name,
  organizer_email,
  goal_supporters
from {{ref 'regions'}}
