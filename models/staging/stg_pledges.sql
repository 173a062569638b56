/*---
description: One row per pledge, in dollars. Pledges of nothing are left out, which is the one thing that staging drops here.
columns:
  pledge_id:
    description: Primary key.
    tests: [unique, not_null]
  supporter_id:
    tests:
      - relationships: { to: stg_supporters, field: supporter_id }
  amount:
    description: Dollars.
    tests:
      - expression: "amount > 0"
  channel:
    tests:
      - accepted_values: [web, event, mail, phone]
  pledged_on:
    tests: [not_null]
tests:
  - expression:
      expression: "fulfilled_on >= pledged_on"
      where: fulfilled_on is not null
---*/
select
  pledge_id,
  supporter_id,
  {{cents_to_dollars 'amount_cents'}} as amount,
  {{plausible_date 'pledged_on'}} as pledged_on,
  {{plausible_date 'fulfilled_on'}} as fulfilled_on,
  lower({{clean_text 'channel'}}) as channel
from {{ref 'pledges'}}
where amount_cents > 0
