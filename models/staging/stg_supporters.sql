/*---
description: |
  One row per line of the supporter lists, cleaned. The same person may stand here twice: int_supporter_identities finds that out.
  Staging models clean and never drop, so that counts can be compared with the list they came from.
columns:
  supporter_id:
    description: Primary key.
    tests: [unique, not_null]
  first_name:
    description: Spaces cleaned, case as written.
  email:
    description: Lower case, or NULL.
    sensitive: true      # masked in `show`, in failing rows and in logs
    tests:
      # A condition that every row must meet, with `where` to say which rows it is about.
      - expression:
          expression: "email like '_%@_%._%'"
          where: email is not null
  phone:
    description: +1 and ten digits, or NULL.
    sensitive: true
    tests:
      - e164_phone      # our own generic test: tests/generic/e164_phone.sql
      # Some people give no usable phone. A note from 150 of them on, a stop from 300: then a list came without its phones.
      - not_null: { warn_if: "> 150", error_if: "> 300" }
  zip:
    description: Five digits. Leading zeros that a spreadsheet ate are put back.
    tests:
      - expression: "zip ~ '^[0-9]{5}$'"
  region_code:
    tests:
      - not_null
      - relationships: { to: stg_regions, field: region_code }
  list_source:
    tests:
      - accepted_values: [web, paper, event, referral]
---*/
select
  supporter_id,
  {{clean_text 'first_name'}} as first_name,
  {{clean_text 'last_name'}} as last_name,
  -- A call inside a call: every macro also works as an argument.
  lower({{clean_text 'email'}}) as email,
  {{normalize_phone 'phone'}} as phone,
  lpad(split_part(zip, '-', 1), 5, '0') as zip,
  upper({{clean_text 'region_code'}}) as region_code,
  precinct_code,
  {{plausible_date 'joined_on'}} as joined_on,
  -- Silence is not consent to be called: only an answer that starts with n leaves a person on the lists.
  -- Here `not asked` (NULL) and `left blank` (the empty string) both mean that nobody objected.
  lower(coalesce(opted_out, '')) like 'y%' as is_opted_out,
  list_source
from {{ref 'supporters'}}
