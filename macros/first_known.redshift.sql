/*---
description: The first value of a group that is not NULL, as the first line of a list that leaves NULLs out.
args:
  column: { type: sql }
  order_by: { type: sql }
---*/
split_part(listagg({{column}}, '\n') within group (order by {{order_by}}), '\n', 1)
