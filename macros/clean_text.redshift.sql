/*---
description: Text as a person meant it. Redshift replaces every match without a flag, and reads a backslash in a string as an escape.
args:
  column: { type: sql }
---*/
nullif(regexp_replace(btrim({{column}}), '\\s+', ' '), '')
