/*---
description: |
  A candidate's name without what some counties add to it: `Raphael Warnock (I) (Dem)` is `Raphael Warnock`.
  Nicknames stay: `Earl L. "Buddy" Carter` is how the ballot spelled it.
args:
  column: { type: sql }
examples: ["{{candidate_name 'candidate'}}"]
---*/
btrim(regexp_replace({{column}}, '\s*\((I|Dem|Rep|Lib|Grn|Ind)\)', '', 'g'))
