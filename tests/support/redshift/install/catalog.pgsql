-- Views of the catalog that Redshift has. https://docs.aws.amazon.com/redshift/latest/dg/svv_views.html

create view pg_catalog.relations_of_users as
  select c.oid, n.nspname, c.relname, c.relkind, c.relowner, c.relacl, design_of(c.oid) as design
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'v', 'm', 'p') and n.nspname !~ '^pg_(toast|temp)' and n.nspname not in ('pg_catalog', 'information_schema');

create view pg_catalog.svv_tables as
  select current_database()::varchar as table_catalog, nspname::varchar as table_schema, relname::varchar as table_name,
    case when relkind in ('v', 'm') then 'VIEW' else 'BASE TABLE' end::varchar as table_type, obj_description(oid, 'pg_class')::varchar as remarks
  from relations_of_users where has_schema_privilege(nspname::text, 'usage');

create view pg_catalog.columns_of_users as
  select r.oid, r.nspname, r.relname, r.relkind, r.design, a.attname, a.attnum, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull, pg_get_expr(d.adbin, d.adrelid) as default_value
  from relations_of_users r
  join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  union all
  select r.oid, r.nspname, r.relname, r.relkind, r.design, l.col_name, l.col_num, l.col_type, false, null
  from late_binding_columns() l join relations_of_users r on r.oid = l.relation;

create view pg_catalog.svv_columns as
  select current_database()::varchar as table_catalog, nspname::varchar as table_schema, relname::varchar as table_name, attname::varchar as column_name, attnum::integer as ordinal_position,
    default_value::varchar as column_default, case when attnotnull then 'NO' else 'YES' end::varchar as is_nullable,
    regexp_replace(type, '\(.*\)', '')::varchar as data_type,
    case when type ~ '^(character|character varying)\(' then substring(type from '\((\d+)')::integer end as character_maximum_length,
    case when type ~ '^numeric\(' then substring(type from '\((\d+)')::integer when type = 'integer' then 32 when type = 'bigint' then 64 when type = 'smallint' then 16 end as numeric_precision,
    case when type ~ '^numeric\(' then substring(type from ',(\d+)')::integer when type in ('integer', 'bigint', 'smallint') then 0 end as numeric_scale,
    case when type ~ '^timestamp' then 6 end as datetime_precision, null::varchar as interval_type, null::varchar as interval_precision,
    current_database()::varchar as character_set_catalog, null::varchar as character_set_schema, null::varchar as character_set_name, null::varchar as collation_catalog,
    null::varchar as collation_schema, null::varchar as collation_name, null::varchar as domain_name, col_description(oid, attnum)::varchar as remarks
  from columns_of_users;

create view pg_catalog.svv_redshift_databases as
  select datname::varchar as database_name, datdba::integer as database_owner, 'local'::varchar as database_type, null::varchar as database_acl, ''::varchar as database_options,
    'Serializable'::varchar as database_isolation_level
  from pg_database where not datistemplate;

create view pg_catalog.svv_redshift_schemas as
  select current_database()::varchar as database_name, nspname::varchar as schema_name, nspowner::integer as schema_owner, 'local'::varchar as schema_type,
    nspacl::varchar as schema_acl, null::varchar as schema_option
  from pg_namespace where nspname !~ '^pg_(toast|temp)';

create view pg_catalog.svv_all_schemas as
  select case when schema_name like '%.%' then split_part(schema_name, '.', 1) else database_name end::varchar as database_name,
    case when schema_name like '%.%' then split_part(schema_name, '.', 2) else schema_name end::varchar as schema_name, schema_owner, schema_type, schema_acl, null::varchar as source_database, schema_option from svv_redshift_schemas;

create view pg_catalog.svv_redshift_tables as
  select current_database()::varchar as database_name, nspname::varchar as schema_name, relname::varchar as table_name,
    case when relkind in ('v', 'm') then 'VIEW' else 'TABLE' end::varchar as table_type, relacl::varchar as table_acl, obj_description(oid, 'pg_class')::varchar as remarks, pg_get_userbyid(relowner)::varchar as table_owner
  from relations_of_users;

create view pg_catalog.svv_all_tables as
  select case when schema_name like '%.%' then split_part(schema_name, '.', 1) else database_name end::varchar as database_name,
    case when schema_name like '%.%' then split_part(schema_name, '.', 2) else schema_name end::varchar as schema_name, table_name, table_acl, table_type, remarks from svv_redshift_tables;

create view pg_catalog.svv_redshift_columns as
  select current_database()::varchar as database_name, nspname::varchar as schema_name, relname::varchar as table_name, attname::varchar as column_name, attnum::integer as ordinal_position,
    type::varchar as data_type, default_value::varchar as column_default, case when attnotnull then 'NO' else 'YES' end::varchar as is_nullable,
    case when relkind in ('v', 'm') then null else coalesce(design -> 'encode' ->> attname, 'none') end::varchar as encoding, (design ->> 'distkey' = attname) is true as distkey,
    coalesce(array_position(array(select jsonb_array_elements_text(coalesce(design -> 'sortkey', '[]'))), attname::text), 0) as sortkey, null::varchar as column_acl,
    col_description(oid, attnum)::varchar as remarks
  from columns_of_users;

-- A schema `archive.public` stands in for one of another database. https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_ALL_COLUMNS.html
create view pg_catalog.svv_all_columns as
  select case when schema_name like '%.%' then split_part(schema_name, '.', 1) else database_name end::varchar as database_name,
    case when schema_name like '%.%' then split_part(schema_name, '.', 2) else schema_name end::varchar as schema_name, table_name, column_name, ordinal_position, column_default, is_nullable,
    regexp_replace(data_type, '\(.*\)', '')::varchar as data_type,
    case when data_type ~ '^character' then substring(data_type from '\((\d+)')::integer end as character_maximum_length,
    case when data_type ~ '^numeric' then substring(data_type from '\((\d+)')::integer end as numeric_precision,
    case when data_type ~ '^numeric' then substring(data_type from ',(\d+)')::integer end as numeric_scale, remarks
  from svv_redshift_columns;

-- r_PG_TABLE_DEF: what the search path shows.
create view pg_catalog.pg_table_def as
  select schema_name as schemaname, table_name as tablename, column_name as "column", data_type as type, encoding, distkey, sortkey, is_nullable = 'NO' as "notnull"
  from svv_redshift_columns where schema_name = any (current_schemas(true));

-- r_SVV_TABLE_INFO: empty tables are not shown; superusers alone see it.
create view pg_catalog.svv_table_info as
  select current_database()::varchar as database, nspname::varchar as schema, oid as table_id, relname::varchar as "table",
    case when design -> 'encode' is null then 'Y, AUTO(ENCODE)' else 'Y' end::varchar as encoded,
    case
      when design ->> 'distkey' is not null then 'KEY(' || (design ->> 'distkey') || ')'
      when design ->> 'diststyle' in ('even', 'all') then upper(design ->> 'diststyle')
      else 'AUTO(ALL)'
    end::varchar as diststyle,
    case
      when design ->> 'sortstyle' = 'interleaved' then 'INTERLEAVED'
      when jsonb_array_length(coalesce(design -> 'sortkey', '[]')) > 0 then design -> 'sortkey' ->> 0
      else 'AUTO(SORTKEY)'
    end::varchar as sortkey1,
    (select max(case when format_type(atttypid, atttypmod) ~ '^character varying\(' then atttypmod - 4 else 0 end) from pg_attribute where attrelid = oid and attnum > 0) as max_varchar,
    (design -> 'encode' ->> (design -> 'sortkey' ->> 0))::varchar as sortkey1_enc, jsonb_array_length(coalesce(design -> 'sortkey', '[]')) as sortkey_num,
    (pg_relation_size(oid) / 1048576 + 1)::bigint as size, 0::numeric as pct_used, 0::bigint as empty, 0::numeric as unsorted, 0::numeric as stats_off,
    (select n_live_tup from pg_stat_all_tables where relid = oid)::numeric as tbl_rows, null::numeric as skew_sortkey1, null::numeric as skew_rows,
    null::numeric as estimated_visible_rows, null::varchar as risk_event, null::numeric as vacuum_sort_benefit
  from relations_of_users where relkind in ('r', 'p') and pg_relation_size(oid) > 0;

-- Users, groups and roles are kept apart, and lists of privileges leave out roles: r_PG_DEFAULT_ACL has their form and letters.
create function pg_catalog.identity_type(identity oid) returns varchar language sql stable as $$
  select case
    when identity = 0 then 'public'
    when (select rolcanlogin from pg_roles where oid = identity) then 'user'
    when shobj_description(identity, 'pg_authid') = 'group' then 'group'
    else 'role'
  end::varchar
$$;

create function pg_catalog.redshift_acl(acl aclitem[]) returns text[] language sql stable as $$
  select array_agg(case type when 'group' then 'group ' else '' end || case grantee when 0 then '' else quote_ident(pg_get_userbyid(grantee)) end || '=' || letters
    || '/' || quote_ident(pg_get_userbyid(grantor)) order by place)
  from (
    select grantee, grantor, identity_type(grantee) as type, min(ordinality) as place,
      string_agg(letter || case when is_grantable and grantee <> grantor then '*' else '' end, '' order by position(letter in 'arwdRxtUCTDPA')) as letters
    from (
      select x.*, case privilege_type when 'INSERT' then 'a' when 'SELECT' then 'r' when 'UPDATE' then 'w' when 'DELETE' then 'd' when 'REFERENCES' then 'x'
        when 'TRIGGER' then case when grantee = grantor then 'Rt' else 't' end when 'TRUNCATE' then case when grantee = grantor then 'DPA' else 'P' end
        when 'USAGE' then 'U' when 'CREATE' then 'C' end as owned
      from aclexplode(acl) with ordinality x
    ) one cross join lateral regexp_split_to_table(owned, '') letter group by grantee, grantor
  ) items where type <> 'role'
$$;

create view pg_catalog.redshift_default_acl as
  select oid, defaclrole as defacluser, defaclnamespace, defaclobjtype, redshift_acl(defaclacl) as defaclacl from pg_default_acl;

-- An identity column has a default that calls a function.
create view pg_catalog.redshift_attrdef as
  select adrelid, adnum, pg_get_expr(adbin, adrelid) as adsrc from pg_attrdef
  union all
  select attrelid, attnum, format('"identity"(%s, 0, ''1,1''::text)', attrelid) from pg_attribute where attidentity <> '';

create function pg_catalog.oid_of(name text) returns oid language sql stable security definer as $$ select coalesce(to_regclass(name)::oid, 0::oid) $$;

-- Of the tables whose note says something of the kind.
create function pg_catalog.noted(kind text) returns table (relation oid, note jsonb) language sql stable security definer as $$
  select r.oid, note from pg_description d join pg_class r on r.reltype = d.objoid cross join lateral jsonb_array_elements(d.description::jsonb -> kind) note
  where d.classoid = 'pg_type'::regclass and position('"' || kind || '"' in d.description) > 0
$$;

-- Keys are information alone; their numbers are made of what they are.
create view pg_catalog.redshift_constraint as
  select hashtext(relation || ' ' || (note ->> 'name'))::bigint & 2147483647 as oid, note ->> 'name' as conname, note ->> 'type' as contype, relation as conrelid,
    oid_of(note ->> 'refers') as confrelid,
    array(select a.attnum from jsonb_array_elements_text(note -> 'columns') with ordinality k (name, place) join pg_attribute a on a.attrelid = relation and a.attname = k.name order by place) as conkey
  from noted('keys');

create view pg_catalog.svv_relation_privileges as
  select nspname::varchar as namespace_name, relname::varchar as relation_name, acl.privilege_type::varchar, acl.grantee::integer as identity_id,
    case when acl.grantee = 0 then 'public' else pg_get_userbyid(acl.grantee) end::varchar as identity_name, identity_type(acl.grantee), acl.is_grantable as admin_option
  from relations_of_users r cross join lateral aclexplode(r.relacl) acl where acl.grantee <> r.relowner;

create view pg_catalog.svv_column_privileges as
  select nspname::varchar as namespace_name, relname::varchar as relation_name, attname::varchar as column_name, acl.privilege_type::varchar, acl.grantee::integer as identity_id,
    case when acl.grantee = 0 then 'public' else pg_get_userbyid(acl.grantee) end::varchar as identity_name, identity_type(acl.grantee)
  from relations_of_users r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  cross join lateral aclexplode(a.attacl) acl where acl.grantee <> r.relowner;

create view pg_catalog.svv_schema_privileges as
  select nspname::varchar as namespace_name, acl.privilege_type::varchar, acl.grantee::integer as identity_id,
    case when acl.grantee = 0 then 'public' else pg_get_userbyid(acl.grantee) end::varchar as identity_name, identity_type(acl.grantee), acl.is_grantable as admin_option
  from pg_namespace n cross join lateral aclexplode(n.nspacl) acl where acl.grantee <> n.nspowner;

-- r_SVV_RLS_ATTACHED_POLICY: users of the role sys:secadmin alone may ask. r_SVV_ATTACHED_MASKING_POLICY: others see no rows. Policies are a note on the type of their table.
create view pg_catalog.svv_rls_attached_policy as
  select nspname::varchar as relschema, relname::varchar, 'table'::varchar as relkind, (note #>> '{}')::varchar as polname, pg_get_userbyid(relowner)::varchar as grantor, 'public'::varchar as grantee,
    'public'::varchar as granteekind, true as is_pol_on, true as is_rls_on, 'and'::varchar as rls_conjunction_type
  from noted('policies') join relations_of_users on oid = relation;

create view pg_catalog.svv_attached_masking_policy as
  select (note #>> '{}')::varchar as policy_name, nspname::varchar as schema_name, relname::varchar as table_name, 'table'::varchar as table_type, pg_get_userbyid(relowner)::varchar as grantor,
    'public'::varchar as grantee, 'public'::varchar as grantee_type, 0 as priority
  from noted('masks') join relations_of_users on oid = relation
  where (select usesuper from pg_user where usename = current_user);

-- r_SVV_EXTERNAL_COLUMNS, r_SVV_EXTERNAL_TABLES: what is in no file of the cluster's own. Users see what they have access to.
create table pg_catalog.external_columns (schemaname text, tablename text, columnname text, external_type text, columnnum integer);

create function pg_catalog.keep_external(schemaname text, tablename text, columns text) returns void language sql security definer as $$
  insert into pg_catalog.external_columns
  select $1, $2, one ->> 0, one ->> 1, place::integer from jsonb_array_elements($3::jsonb) with ordinality c (one, place)
$$;

create view pg_catalog.svv_external_columns as
  select current_database()::text as redshift_database_name, schemaname, tablename, columnname, external_type, columnnum, 0 as part_key, ''::text as is_nullable
  from external_columns where has_schema_privilege(schemaname, 'usage');

create view pg_catalog.svv_external_tables as
  select distinct redshift_database_name, schemaname, tablename, 'TABLE'::text as tabletype from svv_external_columns;

create view pg_catalog.svv_mv_info as
  select current_database()::varchar as database_name, nspname::varchar as schema_name, pg_get_userbyid(relowner)::varchar as user_name, relname::varchar as name, 'f'::varchar as is_stale, 1 as state,
    (design ->> 'autorefresh')::varchar as autorefresh
  from relations_of_users where relkind = 'm';

-- r_STV_RECENTS, r_STV_SESSIONS (a login sees its own, a superuser all), r_STV_INFLIGHT, r_SVV_TRANSACTIONS
create view pg_catalog.stv_recents as
  select usesysid::integer as userid, case when state = 'active' then 'Running' else 'Done' end::varchar as status, query_start::timestamp as starttime,
    (extract(epoch from clock_timestamp() - query_start) * 1000000)::bigint as duration, usename::varchar as user_name, datname::varchar as db_name, query::varchar as query, case when state = 'active' then pid else -1 end as pid
  from pg_stat_activity where datname = current_database() and backend_type = 'client backend';

create view pg_catalog.stv_sessions as
  select date_trunc('second', backend_start at time zone 'UTC') as starttime, pid as process, usename::varchar as user_name, datname::varchar as db_name, 0 as timeout_sec
  from pg_stat_activity where datname = current_database() and backend_type = 'client backend'
    and (usename = session_user or (select rolsuper from pg_roles where rolname = session_user));

create view pg_catalog.stv_inflight as
  select usesysid::integer as userid, 0 as slice, pid as query, coalesce(nullif(current_setting('redshift.query_group', true), ''), 'default')::varchar as label, backend_xid::text::bigint as xid, pid,
    query_start::timestamp as starttime, left(query, 100)::varchar as text, 0 as suspended
  from pg_stat_activity where datname = current_database() and state = 'active';

create view pg_catalog.svv_transactions as
  select a.usename::varchar as txn_owner, a.datname::varchar as txn_db, a.backend_xid::text::bigint as xid, a.pid, a.xact_start::timestamp as txn_start, l.mode::varchar as lock_mode, l.locktype::varchar as lockable_object_type,
    l.relation::integer, l.granted
  from pg_stat_activity a join pg_locks l on l.pid = a.pid where a.datname = current_database();

create view pg_catalog.svv_user_info as
  select usename::varchar as user_name, usesysid::integer as user_id, usecreatedb as createdb, usesuper as superuser, false as catalog_update, 'UNLIMITED'::varchar as connection_limit, 'RESTRICTED'::varchar as syslog_access, null::timestamp as last_ddl_ts
  from pg_user;

create view pg_catalog.svv_roles as
  select oid::integer as role_id, rolname::varchar as role_name, null::varchar as role_owner, null::varchar as external_id from pg_roles where not rolcanlogin;

-- The definition of a late-binding view is the whole statement, and of another its query.
create function pg_catalog.redshift_viewdef(relation oid, pretty boolean default false) returns text language sql stable as $$
  select coalesce(
    (select format('create view %I.%I as %s with no schema binding;', nspname, relname, query) from late_binding_views where oid = relation),
    pg_get_viewdef(relation, pretty))
$$;

create view pg_catalog.redshift_views as
  select schemaname, viewname, viewowner, redshift_viewdef(format('%I.%I', schemaname, viewname)::regclass) as definition from pg_views;

-- Everybody reads them, but for what superusers see.
do $$
declare
  one regclass;
begin
  for one in select oid from pg_class where relnamespace = 'pg_catalog'::regnamespace and relkind = 'v' and oid >= 16384 and relname not in ('svv_table_info', 'svv_rls_attached_policy') loop
    execute format('grant select on %s to public', one);
  end loop;
end $$;
