/*---
description: A candidate's name without what some counties add to it. Redshift replaces every match without a flag.
args:
  column: { type: sql }
---*/
btrim(regexp_replace({{column}}, '\\s*\\((I|Dem|Rep|Lib|Grn|Ind)\\)', ''))
