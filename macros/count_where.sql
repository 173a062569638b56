/*---
description: How many rows of a group meet a condition. Its variant for Redshift, which has no FILTER, stands in count_where.redshift.sql.
args:
  condition: { type: sql }
examples: ["{{count_where 'hours > 0'}}"]
---*/
count(*) filter (where {{condition}})
