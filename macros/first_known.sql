/*---
description: The first value of a group that is not NULL. Its variant for Redshift, which has no arrays, stands in first_known.redshift.sql.
args:
  column: { type: sql }
  order_by: { type: sql, description: What comes first. }
examples: ["{{first_known 'phone' 'supporter_id'}}"]
---*/
(array_agg({{column}} order by {{order_by}}) filter (where {{column}} is not null))[1]
