/*---
description: The different values of a group in one text, sorted.
args:
  column: { type: sql }
  separator: { type: string, default: ", " }
examples: ["{{list_of 'candidate' separator=' | '}}"]
---*/
string_agg(distinct {{column}}, {{literal separator}} order by {{column}})
