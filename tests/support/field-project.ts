/** A small project of the domain, for tests of whole runs: two seeds, a staging view each, a table, tests between them. */
import type { Files } from './cli.ts'

export const fieldFiles: Files = {
  'seeds/raw_supporters.csv': `supporter_id,name,phone,state
1,Ana Ruiz,555-0101,PA
2,Bo Chen,555-0102,GA
3,Cy O'Neil,555-0103,PA
`,
  'seeds/raw_pledges.csv': `pledge_id,supporter_id,cents
10,1,2500
11,1,1000
12,3,500
`,
  'models/stg_supporters.sql': `/*---
columns:
  supporter_id: { tests: [unique, not_null] }
  phone: { sensitive: true }
---*/
select supporter_id, name, phone, state from {{ref 'raw_supporters'}}
`,
  'models/stg_pledges.sql': `/*---
columns:
  supporter_id:
    tests:
      - relationships: { to: stg_supporters }
---*/
select pledge_id, supporter_id, {{cents_to_dollars 'cents'}} as pledge from {{ref 'raw_pledges'}}
`,
  'macros/cents_to_dollars.sql': `/*---
args:
  column: { type: sql }
---*/
round({{column}} / 100.0, 2)
`,
  'models/donors.sql': `/*---
description: Supporters who pledged.
materialized: table
columns:
  supporter_id: { description: Primary key., tests: [unique] }
---*/
select s.supporter_id, s.name, s.phone, sum(p.pledge) as pledged
from {{ref 'stg_supporters'}} as s
join {{ref 'stg_pledges'}} as p using (supporter_id)
group by s.supporter_id, s.name, s.phone
`,
}
