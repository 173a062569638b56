/*---
description: |
  The date, or NULL when it is before the first day of our records or after the day the data was taken.
  A macro may read variables, so the bounds stand in sqlflow.yml alone.
args:
  column: { type: sql, description: A column of type date. }
examples: ["{{plausible_date 'joined_on'}}"]
---*/
case when {{column}} between date {{literal (var 'first_day')}} and date {{literal (var 'as_of')}} then {{column}} end
