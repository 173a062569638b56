/*---
description: How many rows of a group meet a condition, without FILTER.
args:
  condition: { type: sql }
---*/
sum(case when {{condition}} then 1 else 0 end)
