/*---
description: Integer cents as dollars. Money is stored in cents, so that sums are exact.
args:
  column: { type: sql, description: A column or an expression in cents. }
  scale: { type: integer, default: 2, description: Digits after the point. }
examples: ["{{cents_to_dollars 'p.amount_cents'}}", "{{cents_to_dollars 'sum(amount_cents)' scale=0}}"]
---*/
round({{column}} / 100.0, {{scale}})
