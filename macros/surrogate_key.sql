/*---
description: |
  One text key made of several columns. `...columns` takes as many as are given. A NULL counts as a value of its own, so that
  ('a', null) and (null, 'a') are different keys.
args:
  ...columns: { type: sql, description: Columns that together identify a row. }
examples: ["{{surrogate_key 'region_code' 'precinct_code'}}"]
---*/
md5({{#each columns}}coalesce({{this}}::text, '~'){{#unless @last}} || '|' || {{/unless}}{{/each}})
