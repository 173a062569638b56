/*---
description: When these tables were built, and for which cycle. One row, for the footer of a dashboard.
columns:
  built_at:
    tests:
      # Fresh data is what this group promises to organizers. It fails when a week has passed without a build, and it holds right after any.
      - recency: { within: 7 days, severity: warn }
---*/
select
  timestamptz {{literal run.started_at}} as built_at,
  {{literal target.name}} as target,
  {{var 'cycle'}} as cycle,
  (select count(*) from {{ref 'supporter_profiles'}}) as supporters
