-- Functions that Redshift has and Postgres lacks. Each stands in pg_catalog, so that it is found under every search path.
-- https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions.html

create function pg_catalog.redshift_version() returns text language sql stable
  return 'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.61395';

-- r_GETDATE, r_SYSDATE: the start of the statement, and of the transaction; no time zone.
create function pg_catalog.getdate() returns timestamp language sql stable return date_trunc('second', statement_timestamp() at time zone current_setting('timezone'));
create function pg_catalog.sysdate() returns timestamp language sql stable return transaction_timestamp() at time zone current_setting('timezone');

create function pg_catalog.date_unit(part text) returns text language sql immutable as $$
  select case
    when part in ('y', 'yr', 'yrs', 'year', 'years') then 'year'
    when part in ('qtr', 'qtrs', 'quarter', 'quarters') then 'quarter'
    when part in ('mon', 'mons', 'month', 'months') then 'month'
    when part in ('w', 'week', 'weeks') then 'week'
    when part in ('d', 'day', 'days', 'dayofyear', 'doy', 'dy', 'yearday') then 'day'
    when part in ('h', 'hr', 'hrs', 'hour', 'hours') then 'hour'
    when part in ('m', 'min', 'mins', 'minute', 'minutes') then 'minute'
    when part in ('s', 'sec', 'secs', 'second', 'seconds') then 'second'
    when part in ('ms', 'msec', 'msecs', 'msecond', 'mseconds', 'millisec', 'millisecs', 'millisecon', 'millisecond', 'milliseconds') then 'millisecond'
    when part in ('us', 'usec', 'usecs', 'microsec', 'microsecs', 'microsecond', 'microseconds') then 'microsecond'
    when part in ('c', 'cent', 'cents', 'century', 'centuries') then 'century'
    when part in ('dec', 'decs', 'decade', 'decades') then 'decade'
    when part in ('mil', 'mils', 'millennium', 'millennia') then 'millennium'
  end
$$;

-- r_ADD_MONTHS, r_DATEADD_function: of the last day of a month, the last day.
create function pg_catalog.add_months(value timestamp, amount bigint) returns timestamp language sql immutable as $$
  select case
    when date_trunc('month', value) + interval '1 month' - interval '1 day' = date_trunc('day', value)
      then date_trunc('month', value) + ((amount + 1) || ' month')::interval - interval '1 day' + value::time
    else value + (amount || ' month')::interval
  end
$$;

create function pg_catalog.dateadd(part text, amount bigint, value timestamp) returns timestamp language sql immutable as $$
  select case date_unit(lower(part))
    when 'quarter' then add_months(value, amount * 3)
    when 'month' then add_months(value, amount)
    else value + (amount || ' ' || date_unit(lower(part)))::interval
  end
$$;
create function pg_catalog.dateadd(part text, amount bigint, value date) returns timestamp language sql immutable return dateadd(part, amount, value::timestamp);
create function pg_catalog.dateadd(part text, amount bigint, value timestamptz) returns timestamptz language sql stable
  return dateadd(part, amount, value at time zone 'UTC') at time zone 'UTC';

-- r_DATEDIFF_function: boundaries between the two, not time gone by.
create function pg_catalog.datediff(part text, first timestamp, last timestamp) returns bigint language sql immutable as $$
  select case date_unit(lower(part))
    when 'year' then extract(year from last)::bigint - extract(year from first)::bigint
    when 'quarter' then (extract(year from last)::bigint * 4 + extract(quarter from last)::bigint) - (extract(year from first)::bigint * 4 + extract(quarter from first)::bigint)
    when 'month' then (extract(year from last)::bigint * 12 + extract(month from last)::bigint) - (extract(year from first)::bigint * 12 + extract(month from first)::bigint)
    when 'week' then (extract(epoch from date_trunc('week', last + interval '1 day') - date_trunc('week', first + interval '1 day')) / 604800)::bigint
    when 'day' then last::date - first::date
    when 'hour' then (extract(epoch from date_trunc('hour', last) - date_trunc('hour', first)) / 3600)::bigint
    when 'minute' then (extract(epoch from date_trunc('minute', last) - date_trunc('minute', first)) / 60)::bigint
    when 'second' then extract(epoch from date_trunc('second', last) - date_trunc('second', first))::bigint
    when 'millisecond' then (extract(epoch from date_trunc('milliseconds', last) - date_trunc('milliseconds', first)) * 1000)::bigint
    when 'microsecond' then (extract(epoch from last - first) * 1000000)::bigint
    when 'decade' then extract(decade from last)::bigint - extract(decade from first)::bigint
    when 'century' then extract(century from last)::bigint - extract(century from first)::bigint
    when 'millennium' then extract(millennium from last)::bigint - extract(millennium from first)::bigint
  end
$$;
create function pg_catalog.datediff(part text, first date, last date) returns bigint language sql immutable return datediff(part, first::timestamp, last::timestamp);
create function pg_catalog.datediff(part text, first timestamptz, last timestamptz) returns bigint language sql immutable
  return datediff(part, first at time zone 'UTC', last at time zone 'UTC');

-- r_DATE_TRUNC, r_TRUNC_date, r_LAST_DAY, r_NEXT_DAY, r_MONTHS_BETWEEN_function, CONVERT_TIMEZONE
create function pg_catalog.date_trunc(part text, value date) returns timestamp language sql immutable return date_trunc(part, value::timestamp);
create function pg_catalog.trunc(value timestamp) returns date language sql immutable return value::date;
create function pg_catalog.trunc(value timestamptz) returns date language sql stable return value::date;
create function pg_catalog.last_day(value timestamp) returns date language sql immutable return (date_trunc('month', value) + interval '1 month' - interval '1 day')::date;
create function pg_catalog.next_day(value timestamp, day text) returns date language sql immutable
  return (value::date + 1 + (7 + (array_position(array['su', 'mo', 'tu', 'we', 'th', 'fr', 'sa'], lower(left(day, 2))) - 1) - extract(dow from value::date + 1)::int) % 7);
create function pg_catalog.months_between(last timestamp, first timestamp) returns double precision language sql immutable as $$
  select case
    when extract(day from last) = extract(day from first) or (last::date = last_day(last) and first::date = last_day(first))
      then datediff('month', first, last)
    else datediff('month', first, last) + (extract(epoch from last - date_trunc('month', last)) - extract(epoch from first - date_trunc('month', first))) / 86400 / 31
  end
$$;
create function pg_catalog.convert_timezone(source text, target text, value timestamp) returns timestamp language sql stable return value at time zone source at time zone target;
create function pg_catalog.convert_timezone(target text, value timestamp) returns timestamp language sql stable return value at time zone 'UTC' at time zone target;
create function pg_catalog.convert_timezone(target text, value timestamptz) returns timestamp language sql stable return value at time zone target;

-- r_NVL2, r_LEN, r_STRTOL, r_CHARINDEX, SHA1, SHA2, r_NULLIF and their kin
create function pg_catalog.nvl2(tested anyelement, present anycompatible, absent anycompatible) returns anycompatible language sql immutable
  as $$ select case when $1 is not null then $2 else $3 end $$;
create function pg_catalog.len(value text) returns integer language sql immutable return length(value);
create function pg_catalog.charindex(part text, whole text) returns integer language sql immutable return strpos(whole, part);
create function pg_catalog.strtol(digits text, base integer) returns bigint language plpgsql immutable strict as $$
declare
  total bigint := 0;
  digit integer;
  plain text := lower(ltrim(digits, '-+'));
begin
  if base = 16 and plain like '0x%' then plain := substr(plain, 3); end if;
  for at in 1 .. length(plain) loop
    digit := strpos('0123456789abcdefghijklmnopqrstuvwxyz', substr(plain, at, 1)) - 1;
    if digit < 0 or digit >= base then raise exception 'The input % is not valid to be converted to base %', digits, base using errcode = '22023'; end if;
    total := total * base + digit;
  end loop;
  return case when digits like '-%' then -total else total end;
end $$;
create function pg_catalog.sha2(value text, bits integer) returns text language sql immutable strict as $$
  select case bits
    when 224 then encode(sha224(convert_to(value, 'UTF8')), 'hex')
    when 384 then encode(sha384(convert_to(value, 'UTF8')), 'hex')
    when 512 then encode(sha512(convert_to(value, 'UTF8')), 'hex')
    else encode(sha256(convert_to(value, 'UTF8')), 'hex')
  end
$$;

-- r_MEDIAN, r_WF_MEDIAN: an aggregate, so that it is a window function too.
create function pg_catalog.middle(collected numeric[]) returns numeric language sql immutable
  as $$ select percentile_cont(0.5) within group (order by one)::numeric from unnest(collected) one $$;
create function pg_catalog.middle(collected double precision[]) returns double precision language sql immutable
  as $$ select percentile_cont(0.5) within group (order by one) from unnest(collected) one $$;
create function pg_catalog.collect(collected numeric[], value integer) returns numeric[] language sql immutable return array_append(collected, value::numeric);
create function pg_catalog.collect(collected numeric[], value bigint) returns numeric[] language sql immutable return array_append(collected, value::numeric);
create function pg_catalog.collect(collected numeric[], value numeric) returns numeric[] language sql immutable return array_append(collected, value);
create function pg_catalog.collect(collected double precision[], value double precision) returns double precision[] language sql immutable return array_append(collected, value);
create aggregate pg_catalog.median(integer) (sfunc = pg_catalog.collect, stype = numeric[], finalfunc = pg_catalog.middle);
create aggregate pg_catalog.median(bigint) (sfunc = pg_catalog.collect, stype = numeric[], finalfunc = pg_catalog.middle);
create aggregate pg_catalog.median(numeric) (sfunc = pg_catalog.collect, stype = numeric[], finalfunc = pg_catalog.middle);
create aggregate pg_catalog.median(double precision) (sfunc = pg_catalog.collect, stype = double precision[], finalfunc = pg_catalog.middle);

-- SUPER, JSON_PARSE, JSON_SERIALIZE, JSON_EXTRACT_PATH_TEXT, JSON_EXTRACT_ARRAY_ELEMENT_TEXT, JSON_ARRAY_LENGTH, IS_VALID_JSON, IS_VALID_JSON_ARRAY, r_json_typeof
create domain pg_catalog.super as jsonb;
create function pg_catalog.json_parse(value text) returns jsonb language sql immutable strict return value::jsonb;
create function pg_catalog.json_to_text(value jsonb) returns text language sql immutable strict return value::text;
create function pg_catalog.json_typeof(value jsonb) returns text language sql immutable strict return jsonb_typeof(value);
create function pg_catalog.get_array_length(value jsonb) returns bigint language sql immutable strict return case when jsonb_typeof(value) = 'array' then jsonb_array_length(value) end;
create function pg_catalog.is_valid_json(value text) returns boolean language sql immutable return value is json;
create function pg_catalog.is_valid_json_array(value text) returns boolean language sql immutable return value is json array;
create function pg_catalog.json_array_length(value text) returns integer language sql immutable return json_array_length(value::json);
create function pg_catalog.json_extract_array_element_text(value text, at integer) returns text language sql immutable return value::json ->> at;
create function pg_catalog.json_extract_path_text(value text, variadic path text[]) returns text language sql immutable as $$ select value::json #>> path $$;
create function pg_catalog.json_extract_path_text_or_null(value text, variadic path text[]) returns text language plpgsql immutable as $$
begin
  return case when value is json then value::json #>> path end;
end $$;

-- QUALIFY: a row where it is true, and none where it is not.
create function pg_catalog.keep(condition boolean) returns setof boolean language sql immutable rows 1 as $$ select true where $1 $$;

-- REGEXP_REPLACE: every occurrence, from a position on; `p` is a dialect with more operators, whose common part Postgres reads too.
create function pg_catalog.redshift_regexp_replace(source text, pattern text, replacement text default '', start integer default 1, parameters text default 'c')
returns text language sql immutable as $$
  select regexp_replace(source, pattern, replacement, start, 0, case when parameters like '%i%' then 'i' else '' end)
$$;
