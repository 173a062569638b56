import { Client } from 'pg'
import Cursor from 'pg-cursor'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refusals } from '../support/redshift/refusals/index.ts'
import { startRedshift } from '../support/redshift/start-redshift.ts'
import { refusedStatements } from './refused-statements.ts'

let redshift: Awaited<ReturnType<typeof startRedshift>>
let client: Client

beforeAll(async () => {
  redshift = await startRedshift()
  client = await connect()
  await client.query("create table supporters (id int, name varchar(100)); insert into supporters values (1, 'Ada'), (2, 'Bo'), (2, 'Cy')")
})

afterAll(async () => {
  await client.end()
  await redshift[Symbol.asyncDispose]()
})

async function connect(options: object = {}): Promise<Client> {
  const client = new Client({ connectionString: redshift.url, types: { getTypeParser: () => String }, ...options })
  await client.connect()
  return client
}

async function rowsOf(sql: string, values?: readonly unknown[]): Promise<unknown[][]> {
  const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array', ...(values && { values: [...values] }) })
  return rows
}

async function errorOf(running: Promise<unknown>): Promise<object> {
  const error: unknown = await running.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(error instanceof Error)) throw new Error('The statement was not refused.')
  const { code, message, detail, position } = error as Error & { code?: string; detail?: string; position?: string }
  return { code, message, detail, position }
}

describe('what is refused', () => {
  it('has a statement for every rule', () => {
    expect(Object.keys(refusedStatements)).toEqual(refusals.map(({ refuses }) => refuses))
  })

  it('cites a page of the guide for every rule', () => {
    expect(refusals.filter(({ source }) => !/^https:\/\/docs\.aws\.amazon\.com\/redshift\/latest\/dg\/[\w-]+\.html$/.test(source))).toEqual(
      [],
    )
  })

  it.each(refusals.map((refusal) => [refusal.refuses, refusal] as const))('refuses %s', async (refuses, { sqlstate }) => {
    const { sql, message, inTransaction } = refusedStatements[refuses]!
    const at = sql.indexOf('[')
    const sent = sql.slice(0, at) + sql.slice(at + 1)
    for (const values of [undefined, []]) {
      if (inTransaction) await client.query('begin')
      const error = await errorOf(client.query({ text: sent, ...(values && { name: `refused ${refuses}`.slice(0, 60), values }) }))
      if (inTransaction) await client.query('rollback')
      expect(error).toEqual({ code: sqlstate, message, detail: undefined, position: String(at + 1) })
    }
  })

  it('says which function before a refusal of the leader node', async () => {
    const notices: (string | undefined)[] = []
    client.on('notice', ({ message }) => notices.push(message))
    await errorOf(client.query('select generate_series(1, 3) from supporters'))
    expect(notices).toEqual(['Function "generate_series()" not supported.'])
    expect(await rowsOf('select * from generate_series(1, 2)')).toEqual([['1'], ['2']])
  })

  it('runs what stands before a refused statement, and nothing after it', async () => {
    await client.query('create table before_refusal (id int)')
    await errorOf(client.query('begin; insert into before_refusal values (1); select distinct on (id) id from supporters; commit'))
    expect(await errorOf(client.query('select 1'))).toMatchObject({ code: '25P02' })
    await client.query('rollback')
    expect(await rowsOf('select count(*) from before_refusal')).toEqual([['0']])
  })
})

describe('what is carried out', () => {
  const expressions: readonly (readonly [string, string])[] = [
    ["nvl(null, 'x')", 'x'],
    ["nvl2(1, 'there', 'not')", 'there'],
    ["decode(2, 1, 'one', 2, 'two', 'many')", 'two'],
    ["decode(null::int, null, 'none', 'some')", 'none'],
    ["dateadd(day, -7, '2024-03-08')", '2024-03-01 00:00:00'],
    ["dateadd('month', 1, '2024-02-29'::timestamp)", '2024-03-31 00:00:00'],
    ["dateadd(quarter, 1, '2024-01-15'::date)", '2024-04-15 00:00:00'],
    ["datediff(year, '2008-12-31', '2009-01-01')", '1'],
    ["datediff(hour, '2023-01-01', '2023-01-03 05:04:03')", '53'],
    ["datediff(hour, '2024-01-01 00:59', '2024-01-01 01:00')", '1'],
    ["datediff(week, '2009-01-01', '2009-12-31')", '52'],
    ["date_trunc('month', '2024-03-08'::date)", '2024-03-01 00:00:00'],
    ["date_part(dow, '2024-01-01'::timestamp)", '1'],
    ["trunc('2024-03-08 12:00'::timestamp)", '2024-03-08'],
    ["last_day('2024-02-03'::timestamp)", '2024-02-29'],
    ["add_months('2024-02-29'::timestamp, 1)", '2024-03-31 00:00:00'],
    ["months_between('2024-03-31'::timestamp, '2024-02-29'::timestamp)", '1'],
    ["convert_timezone('UTC', 'America/New_York', '2024-01-01 12:00'::timestamp)", '2024-01-01 07:00:00'],
    ["len('it\\'s a \\\\')", '8'],
    ["strtol('ff', 16)", '255'],
    ["len('abc')", '3'],
    ["charindex('b', 'abc')", '2'],
    [`json_extract_path_text('{"a": {"b": 1}}', 'a', 'b')`, '1'],
    [`json_extract_path_text('no json', 'a', true) is null`, 't'],
    [`json_extract_array_element_text('[10, 20]', 1)`, '20'],
    [`is_valid_json('{')`, 'f'],
    [`json_serialize(json_parse('{"a": 1}'))`, '{"a": 1}'],
    ['get_array_length(array(1, 2))', '2'],
    ['convert(integer, 1.2)', '1'],
    ["getdate() - sysdate < interval '1 minute'", 't'],
  ]

  it.each(expressions)('%s', async (expression, value) => {
    expect(await rowsOf(`select ${expression}`)).toEqual([[value]])
  })

  it('says that it is a Redshift', async () => {
    expect(await rowsOf('select version()')).toEqual([[expect.stringMatching(/^PostgreSQL 8\.0\.2 .*Redshift 1\.0\.\d+$/)]])
    expect(await rowsOf('show server_version')).toEqual([['8.0.2']])
  })

  it('qualifies rows, in a query, a common table expression and a union', async () => {
    expect(
      await rowsOf(
        'select id, name, row_number() over (partition by id order by name) as place from supporters qualify place = 1 order by id desc limit 5',
      ),
    ).toEqual([
      ['2', 'Bo', '1'],
      ['1', 'Ada', '1'],
    ])
    expect(
      await rowsOf(
        'with firsts as (select * from supporters qualify row_number() over (partition by id order by name) = 2) select * from firsts',
      ),
    ).toEqual([['2', 'Cy']])
    expect(await rowsOf('select id from supporters qualify row_number() over (order by name) = 1 union all select 9')).toEqual([
      ['1'],
      ['9'],
    ])
    expect(await rowsOf('select name from supporters qualify row_number() over (order by name) > 9')).toEqual([])
  })

  it('takes the top', async () => {
    expect(await rowsOf('select top 2 name from supporters order by name desc')).toEqual([['Cy'], ['Bo']])
    expect(await rowsOf('select count(*) from (select top 1 id from supporters) one')).toEqual([['1']])
  })

  it('replaces every match of a pattern', async () => {
    expect(
      await rowsOf(
        `select regexp_replace('(202) 555', '[^0-9]', '') as a, regexp_replace('202 555', ' ') as b, regexp_replace('aaa', 'a', 'b', 2) as c`,
      ),
    ).toEqual([['202555', '202555', 'abb']])
  })

  it('refuses a wrong password by the SQLSTATE that Redshift has for it, and takes the user of temporary credentials', async () => {
    const wrong = new Client({ connectionString: redshift.url.replace(':test@', ':wrong@') })
    await expect(wrong.connect()).rejects.toMatchObject({ code: '28000', message: 'password authentication failed for user "postgres"' })
    const temporary = new Client({ connectionString: redshift.url.replace('postgres:test@', 'IAM%3Apostgres:test@') })
    await temporary.connect()
    expect((await temporary.query({ text: 'select current_user', rowMode: 'array' })).rows).toEqual([['postgres']])
    await temporary.end()
  })

  it('aggregates by LISTAGG, MEDIAN and APPROXIMATE COUNT', async () => {
    expect(
      await rowsOf(
        "select listagg(distinct id, ', ') within group (order by id), listagg(name) within group (order by name desc), median(id), approximate count(distinct id) from supporters",
      ),
    ).toEqual([['1, 2', 'CyBoAda', '2', '2']])
    expect(
      await rowsOf(
        "select name, listagg(name, '+') within group (order by name) over (partition by id), median(id) over (partition by id) from supporters order by name",
      ),
    ).toEqual([
      ['Ada', 'Ada', '1'],
      ['Bo', 'Bo+Cy', '2'],
      ['Cy', 'Bo+Cy', '2'],
    ])
  })

  it('keeps distribution, sort keys and encodings', async () => {
    await client.query(`create table pledges (id bigint identity(1, 1), donor int not null distkey references supporters (id), note text encode zstd, primary key (id), unique (donor)) compound sortkey (donor, id) backup no;
insert into pledges (donor, note) values (7, 'a'), (7, 'b')`)
    const info = 'select diststyle, sortkey1, sortkey_num, encoded from svv_table_info where "table" = \'pledges\''
    expect(await rowsOf(info)).toEqual([['KEY(donor)', 'donor', '2', 'Y']])
    expect(
      await rowsOf('select "column", type, encoding, distkey, sortkey, "notnull" from pg_table_def where tablename = \'pledges\''),
    ).toEqual([
      ['id', 'bigint', 'none', 'f', '2', 't'],
      ['donor', 'integer', 'none', 't', '1', 't'],
      ['note', 'character varying(256)', 'zstd', 'f', '0', 'f'],
    ])
    await client.query('alter table pledges alter sortkey (id), alter distkey id')
    expect(await rowsOf(info)).toEqual([['KEY(id)', 'id', '1', 'Y']])
    await client.query(
      'create table pledges_of_all backup no diststyle all interleaved sortkey (donor, id) as select donor, id from pledges',
    )
    expect(await rowsOf('select diststyle, sortkey1 from svv_table_info where "table" = \'pledges_of_all\'')).toEqual([
      ['ALL', 'INTERLEAVED'],
    ])
  })

  it('refuses keys that are no columns of the table', async () => {
    const message = 'column "nobody" named in key does not exist'
    expect(await errorOf(client.query('create table keyed (id int) distkey (nobody)'))).toMatchObject({ code: '42703', message })
    expect(await errorOf(client.query('create table keyed sortkey (id, nobody) as select 1 as id'))).toMatchObject({
      code: '42703',
      message,
    })
    expect(await rowsOf("select count(*) from pg_class where relname = 'keyed'")).toEqual([['0']])
  })

  it('forgets a table that is rolled back, with its keys', async () => {
    await client.query('begin; create table undone (id int distkey); rollback; create table undone (id int); insert into undone values (1)')
    expect(await rowsOf('select diststyle from svv_table_info where "table" = \'undone\'')).toEqual([['AUTO(ALL)']])
  })

  it('has temporary tables by #name, for the session alone', async () => {
    await client.query(
      'create table #staged (like supporters); insert into #staged select * from supporters; select id into #ids from #staged',
    )
    expect(await rowsOf('select count(*) from #ids i join #staged on i.id = #staged.id')).toEqual([['5']])
    const other = await connect()
    expect(await errorOf(other.query('select 1 from #ids'))).toMatchObject({ code: '42P01', position: '15' })
    await other.end()
  })

  it('merges, also by replacing', async () => {
    await client.query(
      "create table target (id int, name varchar(9)); create table source (id int, name varchar(9)); insert into target values (1, 'a'), (2, 'b'); insert into source values (2, 'B'), (3, 'C')",
    )
    await client.query(
      'merge into target using source s on target.id = s.id when matched then update set name = s.name when not matched then insert values (s.id, s.name)',
    )
    expect(await rowsOf('select * from target order by id')).toEqual([
      ['1', 'a'],
      ['2', 'B'],
      ['3', 'C'],
    ])
    await client.query("insert into source values (3, 'C'), (1, 'A')")
    expect(
      await errorOf(
        client.query(
          'merge into target using source on target.id = source.id when matched then update set name = source.name when not matched then insert values (source.id, source.name)',
        ),
      ),
    ).toMatchObject({
      message: 'Found multiple matches to update the same tuple.',
    })
    await client.query('merge into target using source on target.id = source.id remove duplicates')
    expect(await rowsOf('select * from target order by id')).toEqual([
      ['1', 'A'],
      ['2', 'B'],
      ['3', 'C'],
    ])
  })

  it('folds quoted names to lower case, until told not to', async () => {
    const session = await connect()
    await session.query('create table "Folded" ("Id" int)')
    expect((await session.query('select "ID" from FOLDED')).fields.map(({ name }) => name)).toEqual(['id'])
    await session.query('set enable_case_sensitive_identifier to true')
    expect(await errorOf(session.query('select "ID" from folded'))).toMatchObject({ code: '42703' })
    await session.end()
  })

  it('has names of up to 127 bytes, and cuts longer ones', async () => {
    const name = 'supporters_who_pledged_'.repeat(6).slice(0, 127)
    const twin = `${name.slice(0, 126)}x`
    await client.query(
      `create table ${name}too_long (${name} int); create table "${twin}" as select 7 as ${name}; create view ${name.slice(0, 99)} as select * from public.${twin} with no schema binding`,
    )
    const { fields } = await client.query(`select a.${name}, b.* from ${name} a full join ${name.slice(0, 99)} b on false`)
    expect(fields.map(({ name }) => name)).toEqual([name, name])
    expect(
      await rowsOf(`select table_name, to_char(1, '9') from svv_tables where table_name in ('${name}', '${twin}') order by 1 desc`),
    ).toEqual([
      [twin, ' 1'],
      [name, ' 1'],
    ])
    await client.query(`drop table ${name}`)
    expect(await errorOf(client.query(`select 1 from ${name}`))).toMatchObject({
      message: `relation "${name}" does not exist`,
      position: '15',
    })
  })

  it('keeps a query group, by SET and by the options of the connection', async () => {
    await client.query("set query_group to 'nightly'")
    expect(await rowsOf('show query_group')).toEqual([['nightly']])
    const session = await connect({ options: '-c query_group=daily' })
    expect((await session.query('show query_group')).rows).toEqual([{ 'redshift.query_group': 'daily' }])
    await session.end()
  })
})

describe('late-binding views', () => {
  it('name tables that are not there, and outlive those that are dropped', async () => {
    await client.query('create view upcoming as select * from public.events with no schema binding')
    expect(await errorOf(client.query('select * from upcoming'))).toEqual({
      code: '42P01',
      message: 'relation "public.events" does not exist',
      detail: undefined,
      position: '15',
    })
    await client.query("create table events (id int, title varchar(50)); insert into events values (1, 'Picnic')")
    expect(await rowsOf('select u.* from upcoming u where u.id = $1', [1])).toEqual([['1', 'Picnic']])
    await client.query('drop table events; create table events (place int); insert into events values (7)')
    expect(await rowsOf('select upcoming.place from public.upcoming')).toEqual([['7']])
  })

  it('read each other, and tell their columns', async () => {
    await client.query(
      'create view named as select id as number, name from public.supporters with no schema binding; create view counted (total) as select count(*) from public.named with no schema binding',
    )
    expect(await rowsOf('select total from counted')).toEqual([['3']])
    expect(await rowsOf("select definition from pg_views where viewname = 'counted'")).toEqual([
      ['create view public.counted as select * from (select count(*) from public.named) as named ("total") with no schema binding;'],
    ])
    expect(await rowsOf("select pg_get_viewdef('public.named'::regclass)")).toEqual([
      ['create view public.named as select id as number, name from public.supporters with no schema binding;'],
    ])
    const columns = [
      ['counted', 'total', 'bigint'],
      ['named', 'number', 'integer'],
      ['named', 'name', 'character varying(100)'],
    ]
    expect(
      await rowsOf(
        "select table_name, column_name, data_type from svv_redshift_columns where table_name in ('named', 'counted') order by 1, ordinal_position",
      ),
    ).toEqual(columns)
    expect(
      await rowsOf(
        "select view_name, col_name, col_type from pg_get_late_binding_view_cols() cols(view_schema name, view_name name, col_name name, col_type varchar, col_num int) where view_name in ('named', 'counted') order by 1, col_num",
      ),
    ).toEqual(columns)
  })

  it('need a privilege on themselves alone', async () => {
    const role = `reader_${process.pid}`
    await client.query(
      `create view shown as select name from public.supporters with no schema binding; create user ${role} password 'test'`,
    )
    const reader = new Client({ connectionString: Object.assign(new URL(redshift.url), { username: role }).href })
    await reader.connect()
    try {
      expect(await errorOf(reader.query('select count(*) from public.shown'))).toMatchObject({
        code: '42501',
        message: 'permission denied for relation shown',
      })
      await client.query(`grant usage on schema public to ${role}; grant select on shown to ${role}`)
      expect((await reader.query('select count(name) as n from public.shown s')).rows).toEqual([{ n: '3' }])
      expect(await errorOf(reader.query('select 1 from supporters'))).toMatchObject({
        code: '42501',
        message: 'permission denied for relation supporters',
      })
      expect(
        await rowsOf(`select relation_name, privilege_type, identity_type from svv_relation_privileges where identity_name = '${role}'`),
      ).toEqual([['shown', 'SELECT', 'user']])
    } finally {
      await reader.end()
      await client.query(`drop view shown; revoke all on schema public from ${role}; drop user ${role}`)
    }
  })

  it('are gone with their transaction', async () => {
    await client.query('begin; create view fleeting as select 1 as one from public.supporters with no schema binding; rollback')
    expect(await errorOf(client.query('select * from fleeting'))).toMatchObject({ code: '42P01' })
  })
})

describe('users, groups and roles', () => {
  const [user, group, role] = ['user', 'group', 'role'].map((kind) => `${kind}_${process.pid}`)

  it('are three kinds; lists of privileges leave roles out, which views show', async () => {
    await client.query(
      `create user ${user} password 'test'; create group ${group} with user ${user}; create role ${role}; create table shared (id int, name varchar(9))`,
    )
    try {
      await client.query(
        `grant select, truncate on shared to ${user} with grant option; grant insert on shared to group ${group}, role ${role}; grant select (name) on shared to role ${role}; grant select on shared to public`,
      )
      expect(await rowsOf("select c.relacl from pg_class c where c.relname = 'shared'")).toEqual([
        [`{postgres=arwdRxtDPA/postgres,${user}=r*P*/postgres,"group ${group}=a/postgres",=r/postgres}`],
      ])
      expect(
        await rowsOf(
          "select identity_name, identity_type, privilege_type, admin_option from svv_relation_privileges where relation_name = 'shared' order by 2, 3",
        ),
      ).toEqual([
        [group, 'group', 'INSERT', 'f'],
        ['public', 'public', 'SELECT', 'f'],
        [role, 'role', 'INSERT', 'f'],
        [user, 'user', 'SELECT', 't'],
        [user, 'user', 'TRUNCATE', 't'],
      ])
      expect(
        await rowsOf("select column_name, identity_name, privilege_type from svv_column_privileges where relation_name = 'shared'"),
      ).toEqual([['name', role, 'SELECT']])
      await client.query(`alter default privileges in schema public grant select on tables to group ${group}`)
      expect(await rowsOf('select defaclobjtype, defaclacl from pg_default_acl')).toEqual([['r', `{"group ${group}=r/postgres"}`]])
    } finally {
      await client.query(`drop table shared; drop owned by ${group}; drop group ${group}; drop role ${role}; drop user ${user}`)
    }
  })
})

describe('what a table declares', () => {
  it('is in the catalog: keys that nothing checks, and the default of an identity column', async () => {
    await client.query(
      'create table donors (id int, email varchar(50) unique, number bigint identity(1, 1), constraint donor_key primary key (id)); create table gifts (donor int references donors (id)); alter table gifts add constraint one_gift unique (donor)',
    )
    await client.query("insert into donors (id, email) values (1, 'a'), (1, 'a')")
    expect(
      await rowsOf(
        "select k.conname, k.contype, t.relname, k.conkey, k.confrelid = d.oid from pg_constraint k join pg_class t on t.oid = k.conrelid, pg_class d where d.relname = 'donors' and t.relname in ('donors', 'gifts') order by 1",
      ),
    ).toEqual([
      ['donor_key', 'p', 'donors', '{1}', 'f'],
      ['donors_email_key', 'u', 'donors', '{2}', 'f'],
      ['gifts_donor_fkey', 'f', 'gifts', '{1}', 't'],
      ['one_gift', 'u', 'gifts', '{1}', 'f'],
    ])
    expect(
      await rowsOf("select d.adnum, d.adsrc from pg_attrdef d join pg_class c on c.oid = d.adrelid where c.relname = 'donors'"),
    ).toEqual([['3', expect.stringMatching(/^"identity"\(\d+, 0, '1,1'::text\)$/)]])
  })

  it('has policies that are kept and told, though nothing applies them', async () => {
    await client.query('create table veiled (id int, email varchar(9))')
    await client.query('attach rls policy own_rows on table veiled to public')
    await client.query('attach masking policy hidden on veiled (email) to public')
    expect(await rowsOf('select relschema, relname, polname from svv_rls_attached_policy')).toEqual([['public', 'veiled', 'own_rows']])
    expect(await rowsOf('select schema_name, table_name, policy_name from svv_attached_masking_policy')).toEqual([
      ['public', 'veiled', 'hidden'],
    ])
  })
})

describe('transactions', () => {
  it.each([[undefined], [[]]])('commit by TRUNCATE, with values %j', async (values) => {
    await client.query('create table kept (id int); create table emptied (id int); begin; insert into kept values (1)')
    await client.query({ text: 'truncate emptied', ...(values && { values, name: 'truncates' }) })
    await client.query('rollback')
    expect(await rowsOf('select count(*) from kept')).toEqual([['1']])
    await client.query('drop table kept; drop table emptied')
  })

  it('fail by 1023 where they are not serializable', async () => {
    await client.query('create table left_side (id int); create table right_side (id int)')
    const [first, second] = [await connect(), await connect()]
    await first.query('begin; select * from left_side')
    await second.query('begin; select * from right_side')
    await first.query('insert into right_side values (1)')
    await second.query('insert into left_side values (1)')
    await first.query('commit')
    expect(await errorOf(second.query('commit'))).toMatchObject({
      code: 'XX000',
      message: '1023',
      detail: expect.stringContaining('Serializable isolation violation on table'),
    })
    await Promise.all([first.end(), second.end()])
  })

  it('write to a table one after another', async () => {
    await client.query('create table queued (id int)')
    const [first, second] = [await connect(), await connect()]
    await first.query('begin; insert into queued values (1)')
    const waiting = second.query('insert into queued values (2)')
    const blocked = 'select count(*) from pg_locks where not granted'
    await expect.poll(async () => (await rowsOf(blocked))[0]).toEqual(['1'])
    await first.query('commit')
    await waiting
    expect(await rowsOf('select count(*) from queued')).toEqual([['2']])
    await Promise.all([first.end(), second.end()])
  })
})

describe('the protocol', () => {
  it('hands rows out by portions, also of a late-binding view', async () => {
    await client.query('create view many as select one.id from public.supporters one, public.supporters two with no schema binding')
    await client.query('begin')
    const cursor = client.query(new Cursor<{ id: string }>('select top 7 id from many where id > $1', [0]))
    expect([(await cursor.read(5)).length, (await cursor.read(5)).length, (await cursor.read(5)).length]).toEqual([5, 2, 0])
    await cursor.close()
    await client.query('declare rows cursor for select id from many; fetch forward 2 from rows; close rows; commit')
  })

  it('leads errors back to the text that was sent, in characters', async () => {
    const sql = 'select "Né", \'ü\', nvl(1, 2), /* é */ decode(id, 1, nothing, 2) from supporters'
    expect(await errorOf(client.query(sql))).toMatchObject({ position: '8' })
    const later = "select 1; select 'é', nvl(id, 2), decode(id, 1, nothing, 2) from supporters"
    expect(await errorOf(client.query(later))).toMatchObject({
      message: 'column "nothing" does not exist',
      position: String(later.indexOf('nothing') + 1),
    })
  })

  it('cancels, and terminates a session', async () => {
    const session = await connect()
    const gone = new Promise((resolve) => session.on('error', resolve))
    const { rows } = await session.query('select pg_backend_pid() as pid')
    expect(await rowsOf(`select count(*) from stv_sessions where process = ${rows[0].pid}`)).toEqual([['1']])
    await client.query(`select pg_terminate_backend(${rows[0].pid})`)
    expect(await gone).toMatchObject({ code: '57P01' })
  })

  // https://docs.aws.amazon.com/redshift/latest/dg/r_STV_SESSIONS.html
  it('shows a login its own sessions, and a superuser all', async () => {
    const user = `viewer_${process.pid}`
    await client.query(`create user ${user} password 'test'`)
    const session = await connect({ connectionString: Object.assign(new URL(redshift.url), { username: user, password: 'test' }).href })
    try {
      const shown = 'select distinct user_name from stv_sessions'
      expect((await session.query({ text: shown, rowMode: 'array' })).rows).toEqual([[user]])
      expect(await rowsOf(`${shown} order by 1`)).toEqual([['postgres'], [user]])
    } finally {
      await session.end()
      await client.query(`drop user ${user}`)
    }
  })

  it('answers values of a statement', async () => {
    expect(await rowsOf('select name, dateadd(day, $1, $2::date) from supporters where id = $3', [1, '2024-01-01', 1])).toEqual([
      ['Ada', '2024-01-02 00:00:00'],
    ])
  })
})
