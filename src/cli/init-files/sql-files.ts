/** Models, a macro and tests. `String.raw` keeps the backslashes of regular expressions as they stand. */
import type { InitFile, InitWarehouse } from './init-file.ts'

const stgSupporters = `/*---
description: One row per supporter, cleaned. Staging models rename, type and clean, and do nothing else.
columns:
  supporter_id:
    description: Primary key.
    tests: [unique, not_null]
  email:
    sensitive: true
    tests:
      - expression: "email like '%@%'"
  phone:
    description: Ten digits, or NULL.
    sensitive: true
---*/
-- {{ref}} names another model or seed. From it sqlflow knows what to build first; nobody keeps a list of dependencies.
select
  supporter_id,
  {{clean_text 'first_name'}} as first_name,
  {{clean_text 'last_name'}} as last_name,
  lower({{clean_text 'email'}}) as email,
  {{phone_digits 'phone'}} as phone,
  precinct,
  opted_out
from {{ref 'supporters'}}
`

const stgSignups = `/*---
description: One row per supporter and event.
columns:
  signup_id:
    tests: [unique, not_null]
  supporter_id:
    tests:
      - relationships: { to: stg_supporters, field: supporter_id }
  status:
    tests:
      - accepted_values: [attended, no_show, cancelled, signed_up]
---*/
select
  signup_id,
  supporter_id,
  {{clean_text 'event'}} as event,
  starts_at,
  replace(lower(status), ' ', '_') as status
from {{ref 'signups'}}
where extract(year from starts_at) = {{var 'cycle'}}
`

const supporterActivity = `/*---
description: One row per supporter, with one column per status of a signup.
primary_key: [supporter_id]
columns:
  supporter_id:
    tests:
      - unique
      - relationships: { to: stg_supporters, field: supporter_id }
tests: [not_empty]
---*/
select
  s.supporter_id,
{{#each (list 'attended' 'no_show' 'cancelled' 'signed_up')}}
  count(*) filter (where e.status = {{literal this}}) as {{this}},
{{/each}}
  max(e.starts_at) as last_event_at
from {{ref 'stg_supporters'}} as s
left join {{ref 'stg_signups'}} as e using (supporter_id)
group by s.supporter_id
`

/** Redshift has no FILTER; what it has, Postgres reads too. */
const portableActivity = supporterActivity.replace(
  'count(*) filter (where e.status = {{literal this}})',
  'count(case when e.status = {{literal this}} then 1 end)',
)

const callList = `/*---
description: Whom to call this week - people with a phone who did not opt out, the most active first.
columns:
  supporter_id:
    tests: [unique, not_null]
  phone:
    sensitive: true
    tests: [not_null]
---*/
select
  s.supporter_id,
  s.first_name,
  s.last_name,
  s.phone,
  s.precinct,
  a.attended
from {{ref 'stg_supporters'}} as s
join {{ref 'supporter_activity'}} as a using (supporter_id)
where s.phone is not null
  and not s.opted_out
`

const cleanText = String.raw`/*---
description: Text without spaces around it or doubled inside it; NULL where nothing is left.
args:
  column: { type: sql, description: A column or an expression. }
examples: ["{{clean_text 's.first_name'}}"]
---*/
nullif(regexp_replace(btrim({{column}}), '\s+', ' ', 'g'), '')
`

const phoneDigits = String.raw`/*---
description: The ten digits of a phone in any spelling; NULL where there are not ten.
args:
  column: { type: sql, description: A column or an expression. }
examples: ["{{phone_digits 'phone'}}"]
---*/
substring(regexp_replace({{column}}, '\D', '', 'g') from '^1?(\d{10})$')
`

const cleanTextOnRedshift = `/*---
description: Text without spaces around it or doubled inside it, as Redshift writes it.
args:
  column: { type: sql, description: A column or an expression. }
---*/
-- Where a warehouse spells something in its own way, a macro has a file of its own for it: name.redshift.sql.
nullif(btrim(regexp_replace({{column}}, '[[:space:]]+', ' ')), '')
`

const phoneDigitsOnRedshift = `/*---
description: The ten digits of a phone in any spelling, as Redshift writes it.
args:
  column: { type: sql, description: A column or an expression. }
---*/
case
  when regexp_replace({{column}}, '[^0-9]', '') ~ '^1?[0-9]{10}$' then right(regexp_replace({{column}}, '[^0-9]', ''), 10)
end
`

const optedOutAreNotCalled = `/*---
description: Nobody who opted out is on the call list.
---*/
-- A test is a SELECT of rows that must not exist. When it finds one, the export of the list is not written.
select c.supporter_id
from {{ref 'call_list'}} as c
join {{ref 'stg_supporters'}} as s using (supporter_id)
where s.opted_out
`

export function sqlFiles(warehouse: InitWarehouse): readonly InitFile[] {
  const isRedshift = warehouse === 'redshift'
  return [
    { path: 'models/staging/stg_supporters.sql', text: stgSupporters },
    { path: 'models/staging/stg_signups.sql', text: stgSignups },
    { path: 'models/marts/supporter_activity.sql', text: isRedshift ? portableActivity : supporterActivity },
    { path: 'models/marts/call_list.sql', text: callList },
    { path: 'macros/clean_text.sql', text: cleanText },
    ...(isRedshift ? [{ path: 'macros/clean_text.redshift.sql', text: cleanTextOnRedshift }] : []),
    { path: 'macros/phone_digits.sql', text: phoneDigits },
    ...(isRedshift ? [{ path: 'macros/phone_digits.redshift.sql', text: phoneDigitsOnRedshift }] : []),
    { path: 'tests/opted_out_are_not_called.sql', text: optedOutAreNotCalled },
  ]
}
