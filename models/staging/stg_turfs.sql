/*---
description: One row per turf, a precinct's doors to knock. Precinct codes repeat between regions.
columns:
  turf_id:
    description: Primary key.
    tests: [unique, not_null]
  turf_key:
    description: Region and precinct in one key, to join on.
    tests: [unique]
  region_code:
    tests:
      - relationships: { to: stg_regions, field: region_code }
tests:
  # `01` exists in every region: the pair is what must not repeat.
  - unique_combination: [region_code, precinct_code]
---*/
select
  turf_id,
  {{surrogate_key 'region_code' 'precinct_code'}} as turf_key,
  turf_name,
  region_code,
  -- Text, although `01` looks like a number: `01` and `1` are two precincts, and so are `1E5` and `100000`.
  precinct_code,
  doors,
  cut_on
from {{ref 'turfs'}}
