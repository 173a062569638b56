/*---
description: |
  Text as a person meant it: no spaces around it, none doubled inside it, and NULL where nothing is left.
  Case is kept: `van der Berg` and `O'Brien` know better than a rule does.
args:
  column: { type: sql, description: A column or an expression of type text. }
examples: ["{{clean_text 's.first_name'}}"]
---*/
nullif(regexp_replace(btrim({{column}}), '\s+', ' ', 'g'), '')
