/*---
description: |
  A phone is +1 and ten digits. A generic test is a SELECT of the rows that are wrong, with the relation and the column left open;
  any column can use it by name, as it uses `unique`.
args:
  country: { type: string, default: "1", description: The country code. }
---*/
select *
from {{relation}}
where {{column}} !~ ('^[+]' || {{literal country}} || '[0-9]{10}$')
