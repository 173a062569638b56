/*---
description: A phone as +1 and ten digits, or NULL, without SUBSTRING of a pattern, which Redshift lacks.
args:
  column: { type: sql }
---*/
case
  when regexp_replace({{column}}, '[^0-9]', '') ~ '^1?[0-9]{10}$' then '+1' || right(regexp_replace({{column}}, '[^0-9]', ''), 10)
end
