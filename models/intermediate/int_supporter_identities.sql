/*---
description: |
  Which lines of the supporter lists are the same person. Two lines with one email are; a line without an email stands for itself.
  The oldest line gives the person its id, so ids never change when another list is added.
# Read by four models: computed once as a table instead of four times through a view.
materialized: table
# On Redshift: whoever joins by supporter_id finds the rows of both sides on one node.
dist: supporter_id
sort: supporter_id
primary_key: [supporter_id]
columns:
  supporter_id:
    tests:
      - unique
      - relationships: { to: stg_supporters, field: supporter_id }
  person_id:
    description: The person's smallest supporter_id.
    tests: [not_null]
tests: [not_empty]
---*/
select
  supporter_id,
  min(supporter_id) over (partition by coalesce(email, 'no email: ' || supporter_id)) as person_id
from {{ref 'stg_supporters'}}
