/*---
description: A share in percent; NULL when the whole is zero.
args:
  part: { type: sql }
  whole: { type: sql }
  digits: { type: integer, default: 2 }
examples: ["{{pct 'votes' 'all_votes'}}"]
---*/
round(100.0 * ({{part}}) / nullif({{whole}}, 0), {{digits}})
