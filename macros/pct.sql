/*---
description: A share in percent; NULL, not an error, when the whole is zero.
args:
  part: { type: sql }
  whole: { type: sql }
  digits: { type: integer, default: 1 }
examples: ["{{pct 'attended' 'signups'}}", "{{pct 'attended' 'signups' digits=0}}"]
---*/
round(100.0 * ({{part}}) / nullif({{whole}}, 0), {{digits}})
