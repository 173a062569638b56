-- What the stand-in keeps about tables and views, as comments on what belongs to them.

create function pg_catalog.design_of(relation oid) returns jsonb language sql stable
  as $$ select coalesce((select obj_description(reltype, 'pg_type')::jsonb from pg_class where oid = relation and pg_input_is_valid(obj_description(reltype, 'pg_type'), 'jsonb')), '{}') $$;

create function pg_catalog.write_design(relation regclass, design jsonb) returns void language plpgsql as $$
begin
  execute format('comment on type %s is %L', (select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = relation), design);
end $$;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html, r_CREATE_TABLE_AS.html: keys are columns of the table.
create function pg_catalog.check_keys(relation regclass, design jsonb) returns void language plpgsql as $$
declare
  missing text;
begin
  select one into missing
    from (select design ->> 'distkey' union all select jsonb_array_elements_text(coalesce(design -> 'sortkey', '[]'))) named (one)
   where one <> '' and not exists (select from pg_attribute where attrelid = relation and attname = one and attnum > 0 and not attisdropped);
  if missing is not null then
    raise exception 'column "%" named in key does not exist', missing using errcode = '42703';
  end if;
end $$;

create function pg_catalog.keep_design(relation text, design text, unless_there boolean) returns void language plpgsql as $$
begin
  if not unless_there or obj_description((select reltype from pg_class where oid = to_regclass(relation)), 'pg_type') is null then
    perform check_keys(relation::regclass, design::jsonb);
    perform write_design(relation::regclass, design::jsonb);
  end if;
end $$;

create function pg_catalog.change_design(relation text, change text) returns void language sql as $$
  select write_design(relation::regclass, (design_of(relation::regclass::oid) || change::jsonb)
    || jsonb_build_object('keys', coalesce(design_of(relation::regclass::oid) -> 'keys', '[]') || coalesce(change::jsonb -> 'keys', '[]'), 'encode', coalesce(design_of(relation::regclass::oid) -> 'encode', '{}') || coalesce(change::jsonb -> 'encode', '{}')))
$$;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE_APPEND.html: the rows move, and the source is empty.
create function pg_catalog.append_table(target text, source text) returns void language plpgsql as $$
declare
  columns text;
begin
  select string_agg(quote_ident(attname), ', ' order by attnum) into columns from pg_attribute where attrelid = source::regclass and attnum > 0 and not attisdropped;
  execute format('insert into %s (%s) select %2$s from %3$s', target, columns, source);
  execute format('truncate %s', source);
end $$;

create function pg_catalog.lock_for_insert(relation text) returns void language plpgsql security definer as $$
begin
  if exists (select from pg_class where oid = to_regclass(relation) and relkind = 'r') and has_table_privilege(session_user, to_regclass(relation), 'insert') then
    execute format('lock table %s in share row exclusive mode', relation);
  end if;
end $$;

-- Late-binding views.
create function pg_catalog.late_binding() returns setof boolean language plpgsql as $$
begin
  raise exception 'The stand-in for Redshift did not see that a late-binding view is read.' using errcode = 'XX000';
end $$;

create function pg_catalog.drop_bound_view(relation text) returns void language plpgsql as $$
begin
  if exists (select from pg_attribute join pg_class on pg_class.oid = attrelid where attrelid = to_regclass(relation) and relkind = 'v' and attnum > 0) then
    raise exception 'cannot change the columns of view "%"', relation using errcode = '42P16';
  end if;
end $$;

create view pg_catalog.late_binding_views as
  select c.oid, n.nspname, c.relname, d.description as query, pg_table_is_visible(c.oid) as visible, has_table_privilege(c.oid, 'select') as readable,
    pg_has_role(c.relowner, 'usage') as owned
  from pg_description d
  join pg_rewrite r on r.oid = d.objoid and r.rulename = '_RETURN'
  join pg_class c on c.oid = r.ev_class
  join pg_namespace n on n.oid = c.relnamespace
  where d.classoid = 'pg_rewrite'::regclass and d.objsubid = 0;

create function pg_catalog.read_late_binding(query text) returns setof record language plpgsql security definer as $$
begin
  return query execute query;
end $$;

-- The columns of a query, as it would have them at this moment; none where it cannot be read.
create function pg_catalog.describe_query(query text) returns table (place integer, name name, type text) language plpgsql security definer as $$
declare
  found jsonb;
begin
  begin
    execute 'create temporary view described_query as ' || query;
    select jsonb_agg(jsonb_build_array(attnum, attname, format_type(atttypid, atttypmod)) order by attnum) into found
      from pg_attribute where attrelid = 'pg_temp.described_query'::regclass and attnum > 0;
    raise exception using errcode = 'RS001';
  exception
    when sqlstate 'RS001' then null;
    when others then return;
  end;
  return query select (one ->> 0)::integer, (one ->> 1)::name, one ->> 2 from jsonb_array_elements(found) one;
end $$;

create function pg_catalog.column_list(query text) returns text language sql as $$ select string_agg(format('%I %s', name, type), ', ' order by place) from describe_query(query) $$;

-- The session hands in the queries as Postgres reads them, by the oid of the view.
create function pg_catalog.late_binding_columns() returns table (relation oid, view_schema name, view_name name, col_name name, col_type text, col_num integer) language sql as $$
  select v.oid, v.nspname, v.relname, d.name, d.type, d.place
  from late_binding_views v
  cross join lateral describe_query(nullif(current_setting('redshift.late_binding', true), '')::jsonb ->> v.oid::text) d
$$;

create function pg_catalog.pg_get_late_binding_view_cols() returns setof record language sql as $$
  select view_schema, view_name, col_name, col_type::varchar, col_num from late_binding_columns()
$$;

create function pg_catalog.analyze_compression(relation text) returns table ("table" text, "column" text, encoding text, est_reduction_pct numeric) language sql stable as $$
  select c.relname::text, a.attname::text, case when t.typname in ('bool', 'float4', 'float8') then 'raw' when t.typcategory = 'N' or t.typcategory = 'D' then 'az64' else 'lzo' end, 0.00
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid
  where a.attnum > 0 and not a.attisdropped and c.relkind = 'r'
    and case when relation = '' then c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)' else c.oid = to_regclass(relation) end
  order by c.relname, a.attnum
$$;

-- The session puts Redshift's own error in the place of this one.
create function pg_catalog.refuse() returns void language plpgsql as $$
begin
  raise exception 'refused_by_redshift';
end $$;

-- A materialized view is a view to COMMENT.
create function pg_catalog.comment_on_view(name regclass, words text) returns void language plpgsql as $$
begin
  execute format('comment on %s %s is %L', case (select relkind from pg_class where oid = name) when 'm' then 'materialized view' else 'view' end, name, words);
end
$$;
