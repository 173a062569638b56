/*---
description: |
  A phone as +1 and ten digits, from any spelling; NULL where there are not ten digits (`n/a`, `555-0100`).
  One rule in one place: when it changes, every model that calls it is compiled again.
args:
  column: { type: sql, description: A column of type text. }
examples: ["{{normalize_phone 'phone'}}", "{{normalize_phone column='s.phone'}}"]
---*/
'+1' || substring(regexp_replace({{column}}, '\D', '', 'g') from '^1?(\d{10})$')
