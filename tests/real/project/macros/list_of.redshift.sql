/*---
description: The different values of a group in one text, sorted.
args:
  column: { type: sql }
  separator: { type: string, default: ", " }
---*/
listagg(distinct {{column}}, {{literal separator}}) within group (order by {{column}})
