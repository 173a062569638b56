import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { relationKey } from '../../src/core/relation.ts'
import { redshiftDialect } from '../../src/dialects/redshift.ts'
import { catalogPath, digestRows, fingerprintQuery } from '../../src/dialects/redshift-fingerprint.ts'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Session, Warehouse } from '../../src/warehouses/warehouse.ts'
import { targetOver } from '../support/databases.ts'
import { startRedshift } from '../support/redshift/start-redshift.ts'

const own = process.pid
const [reader, analysts, reporting] = [`reader_${own}`, `analysts_${own}`, `reporting_${own}`]

let redshift: Awaited<ReturnType<typeof startRedshift>>
let warehouse: Warehouse
let session: Session

beforeAll(async () => {
  redshift = await startRedshift()
  warehouse = await openWarehouse(targetOver('redshift', { url: redshift.url }), { applicationName: 'sqlflow test' })
  session = await warehouse.acquire()
  await session.run(`create user ${reader} password 'Secret123'; create group ${analysts} with user ${reader}; create role ${reporting}`)
  await session.run(`create schema field; create schema archive;
create table field.supporters (id int not null, name varchar(100) default 'nobody', email varchar(50), number bigint identity(1, 1), primary key (id), unique (email));
comment on table field.supporters is 'Who gives\nsqlflow: field/model:supporters';
comment on column field.supporters.name is 'As on the card';
create table field.pledges (id int, supporter int references field.supporters (id));
create view field.named as select id, name from field.supporters;
comment on view field.named is 'Names';
create view field.late as select id, name from field.supporters with no schema binding;
create materialized view field.totals as select count(*) as total from field.supporters`)
})

afterAll(async () => {
  await session.run(
    `drop schema field cascade; drop schema archive cascade; drop owned by ${reader}, ${analysts}, ${reporting}; drop user ${reader}; drop group ${analysts}; drop role ${reporting}`,
  )
  await session[Symbol.asyncDispose]()
  await warehouse[Symbol.asyncDispose]()
  await redshift[Symbol.asyncDispose]()
})

const supporters = { schema: 'field', name: 'supporters' }

/** Runs as the reader. */
async function asReader<T>(work: (session: Session) => Promise<T>): Promise<T> {
  const url = Object.assign(new URL(redshift.url), { username: reader, password: 'Secret123' }).href
  await using other = await openWarehouse(targetOver('redshift', { url }), { applicationName: 'sqlflow test' })
  await using theirs = await other.acquire()
  return await work(theirs)
}

describe('what planners decide from', () => {
  it('tells a table, its columns, comments, keys and what stands on it', async () => {
    expect(await session.catalog.relation({ schema: 'Field', name: 'SUPPORTERS' })).toMatchObject({
      schema: 'field',
      name: 'supporters',
      kind: 'table',
      owner: 'postgres',
      alterable: true,
      comment: 'Who gives\nsqlflow: field/model:supporters',
      options: [],
      columns: [
        { name: 'id', type: 'integer', notNull: true },
        { name: 'name', type: 'character varying(100)', notNull: false, comment: 'As on the card' },
        { name: 'email', type: 'character varying(50)', notNull: false },
        { name: 'number', type: 'bigint', notNull: true },
      ],
      privileges: [],
      revokedFromOwner: [],
      indexes: [],
      attachments: [
        { kind: 'constraint', name: 'supporters_email_key', blocksInserts: false },
        { kind: 'default of column', name: 'name', blocksInserts: false },
        { kind: 'identity column', name: 'number', blocksInserts: true },
        { kind: 'not-null constraint on column', name: 'number', blocksInserts: false },
      ],
    })
  })

  it('tells what depends on a table: bound views, materialized views and foreign keys, but no late-binding views', async () => {
    const found = await session.catalog.relation(supporters)
    expect(found?.dependents).toEqual([
      {
        kind: 'view',
        schema: 'field',
        name: 'named',
        id: expect.stringMatching(/^\d+$/),
        owner: 'postgres',
        alterable: true,
        comment: 'Names',
        options: [],
        definition: 'SELECT id,\n    name\n   FROM field.supporters',
        uses: ['id', 'name'],
      },
      {
        kind: 'other',
        id: expect.stringMatching(/^pg_constraint:\d+$/),
        label: 'foreign key pledges_supporter_fkey on table field.pledges',
        toleratesRewrite: true,
        checksEachStatement: false,
      },
      {
        kind: 'other',
        id: expect.stringMatching(/^pg_class:\d+$/),
        relation: { schema: 'field', name: 'totals' },
        label: 'materialized view field.totals',
        toleratesRewrite: true,
        checksEachStatement: false,
      },
    ])
  })

  it('reads all of several schemas, each with the columns that late-binding views have at this moment', async () => {
    const { schemas, user, relations } = await session.catalog.read(['field', 'archive', 'missing'])
    expect([...schemas].toSorted()).toEqual(['archive', 'field'])
    expect(user).toBe('postgres')
    expect([...relations.values()].map(({ name, kind, columns }) => `${kind} ${name} of ${columns.length}`).toSorted()).toEqual([
      'materialized view totals of 1',
      'table pledges of 2',
      'table supporters of 4',
      'view late of 2',
      'view named of 2',
    ])
    expect(relations.get(relationKey({ schema: 'field', name: 'late' }))?.columns).toEqual([
      { name: 'id', type: 'integer', notNull: false },
      { name: 'name', type: 'character varying(100)', notNull: false },
    ])
  })

  it('takes one round trip for a relation, and one for its columns', async () => {
    await session.catalog.relation(supporters) // by which it knows which policies it may read
    const sent: string[] = []
    const run = session.run.bind(session)
    session.run = (sql) => {
      sent.push(sql)
      return run(sql)
    }
    try {
      await session.catalog.relation(supporters)
      await session.catalog.columns(supporters)
      expect(sent.length).toBe(2)
    } finally {
      session.run = run
    }
  })

  it('has a fingerprint of the rows that a publish asks for again', async () => {
    const found = (await session.catalog.read(['field'])).relations.get(relationKey(supporters))!
    const results = await session.run(`begin;\n${catalogPath};\n${fingerprintQuery(found.id)};\nrollback`)
    expect(digestRows(results[2]!.rows)).toBe(found.fingerprint)
    expect((await session.catalog.relation(supporters))!.fingerprint).toBe(found.fingerprint)
    expect(found.version).toBe(`${found.id}:${found.fingerprint}`)
  })

  it('finds nothing where nothing is', async () => {
    expect(await session.catalog.relation({ schema: 'field', name: 'events' })).toBeUndefined()
    expect(await session.catalog.columns({ schema: 'nowhere', name: 'supporters' })).toBeUndefined()
    expect((await session.catalog.read([])).relations.size).toBe(0)
  })

  it('tells the columns of a table, and of a late-binding view', async () => {
    expect((await session.catalog.columns(supporters))?.map(({ name }) => name)).toEqual(['id', 'name', 'email', 'number'])
    expect((await session.catalog.columns({ schema: 'field', name: 'late' }))?.map(({ name }) => name)).toEqual(['id', 'name'])
  })
})

describe('privileges', () => {
  it('are those of users, groups, roles and everybody, and can be granted again as they are told', async () => {
    await session.run(`create table field.shared (id int, name varchar(9));
grant select, insert on field.shared to ${reader} with grant option; grant select on field.shared to group ${analysts}; grant select, delete on field.shared to role ${reporting};
grant select on field.shared to public; grant select (name) on field.shared to group ${analysts}`)
    const { privileges } = (await session.catalog.relation({ schema: 'field', name: 'shared' }))!
    expect(privileges).toEqual([
      { privilege: 'select', grantee: `group ${analysts}`, grantable: false },
      { privilege: 'select', grantee: `group ${analysts}`, grantable: false, column: 'name' },
      { privilege: 'select', grantee: 'public', grantable: false },
      { privilege: 'insert', grantee: reader, grantable: true },
      { privilege: 'select', grantee: reader, grantable: true },
      { privilege: 'delete', grantee: `role ${reporting}`, grantable: false },
      { privilege: 'select', grantee: `role ${reporting}`, grantable: false },
    ])
    await session.run('create table field.copied (id int, name varchar(9))')
    for (const { privilege, grantee, grantable, column } of privileges) {
      const to = grantee === 'public' ? grantee : redshiftDialect.grantee(grantee)
      await session.run(
        `grant ${privilege}${column === undefined ? '' : ` (${column})`} on field.copied to ${to}${grantable ? ' with grant option' : ''}`,
      )
    }
    expect((await session.catalog.relation({ schema: 'field', name: 'copied' }))!.privileges).toEqual(privileges)
  })

  it('say what the owner has given up', async () => {
    await session.run('create table field.frozen (id int); revoke insert, delete on field.frozen from postgres')
    expect((await session.catalog.relation({ schema: 'field', name: 'frozen' }))!.revokedFromOwner).toEqual(['insert', 'delete'])
  })

  it('are given by default to some', async () => {
    await session.run(`alter default privileges in schema archive grant select on tables to group ${analysts}`)
    expect([...(await session.catalog.read(['field', 'archive'])).defaultGrantees]).toEqual([
      ['archive', [`group ${analysts}`]],
      ['field', []],
    ])
  })
})

describe('policies', () => {
  it('stand on a table, for those who may see them', async () => {
    await session.run(
      'create table field.private (id int, email varchar(9)); attach rls policy own_rows on table field.private to public; attach masking policy hide_email on field.private (email) to public',
    )
    const attachmentsOf = async ({ catalog }: Session): Promise<unknown> =>
      (await catalog.relation({ schema: 'field', name: 'private' }))?.attachments
    expect(await attachmentsOf(session)).toEqual([
      { kind: 'masking policy', name: 'hide_email', blocksInserts: false },
      { kind: 'policy', name: 'own_rows', blocksInserts: false },
    ])
    expect(await asReader(attachmentsOf)).toEqual([])
  })
})

describe('what a user sees', () => {
  it('tells sources that are missing from those that may not be read', async () => {
    await session.run(
      `create schema open_house; grant usage on schema open_house to ${reader}; create table open_house.events (id int, title varchar(20)); create table open_house.guests (id int, name varchar(9));
create view open_house.upcoming as select id from open_house.events with no schema binding; comment on table open_house.events is 'What takes place';
grant select on open_house.events to ${reader}; grant select on open_house.upcoming to ${reader}; grant select (id) on open_house.guests to ${reader}`,
    )
    const relations = [
      { schema: 'open_house', name: 'Events' },
      { schema: 'open_house', name: 'guests' },
      { schema: 'open_house', name: 'upcoming' },
      { schema: 'open_house', name: 'event' },
      { schema: 'field', name: 'pledges' },
      { schema: 'nowhere', name: 'pledges' },
    ]
    const { user, found } = await asReader(({ catalog }) => catalog.sources(relations))
    expect(user).toBe(reader)
    expect(relations.map((relation) => found.get(relationKey(relation)))).toEqual([
      {
        schemaExists: true,
        mayUseSchema: true,
        relation: {
          mayRead: true,
          comment: 'What takes place',
          columns: [
            { name: 'id', type: 'integer' },
            { name: 'title', type: 'character varying(20)' },
          ],
        },
        others: [],
      },
      {
        schemaExists: true,
        mayUseSchema: true,
        relation: {
          mayRead: true,
          comment: undefined,
          columns: [
            { name: 'id', type: 'integer' },
            { name: 'name', type: 'character varying(9)' },
          ],
        },
        others: [],
      },
      {
        schemaExists: true,
        mayUseSchema: true,
        relation: { mayRead: true, comment: undefined, columns: [{ name: 'id', type: 'integer' }] },
        others: [],
      },
      { schemaExists: true, mayUseSchema: true, relation: undefined, others: ['events', 'guests', 'upcoming'] },
      {
        schemaExists: true,
        mayUseSchema: false,
        relation: {
          mayRead: false,
          comment: undefined,
          columns: [
            { name: 'id', type: 'integer' },
            { name: 'supporter', type: 'integer' },
          ],
        },
        others: [],
      },
      { schemaExists: false, mayUseSchema: false, relation: undefined, others: [] },
    ])
  })

  it('tells everything in a schema, or which schemas there are', async () => {
    const contents = await session.catalog.schema('open_house')
    expect(contents).toMatchObject({ user: 'postgres', exists: true, mayUse: true, schemas: [] })
    expect(
      contents.tables.map(({ name, comment, mayRead, columns }) => [name, comment, mayRead, columns.map((column) => column.name)]),
    ).toEqual([
      ['events', 'What takes place', true, ['id', 'title']],
      ['guests', undefined, true, ['id', 'name']],
      ['upcoming', undefined, true, ['id']],
    ])
    expect(await session.catalog.schema('open')).toMatchObject({
      exists: false,
      tables: [],
      schemas: expect.arrayContaining(['field', 'open_house', 'public']),
    })
  })

  it('tells tables of external schemas, to those who may use the schema', async () => {
    await session.run(`create external schema lake from data catalog database 'field' iam_role 'arn:aws:iam::123456789012:role/lake';
create external table lake.visits (visit_id bigint, note string, cost decimal(10, 2), tags array<string>) partitioned by (day date) stored as parquet location 's3://field/visits/'`)
    const visits = { schema: 'lake', name: 'visits' }
    const sources = async ({ catalog }: Session): Promise<unknown> => [
      ...(await catalog.sources([visits, { schema: 'lake', name: 'visit' }])).found.values(),
    ]
    expect(await sources(session)).toEqual([
      {
        schemaExists: true,
        mayUseSchema: true,
        relation: {
          mayRead: true,
          comment: undefined,
          columns: [
            { name: 'visit_id', type: 'bigint' },
            { name: 'note', type: 'character varying(65535)' },
            { name: 'cost', type: 'numeric(10,2)' },
            { name: 'tags', type: 'array<string>' },
            { name: 'day', type: 'date' },
          ],
        },
        others: [],
      },
      { schemaExists: true, mayUseSchema: true, relation: undefined, others: ['visits'] },
    ])
    expect((await session.catalog.schema('lake')).tables.map(({ name, columns }) => [name, columns.length])).toEqual([['visits', 5]])
    expect(await asReader(sources)).toEqual([
      { schemaExists: true, mayUseSchema: false, relation: { mayRead: true, columns: [] }, others: [] },
      { schemaExists: true, mayUseSchema: false, relation: { mayRead: true, columns: [] }, others: [] },
    ])
  })

  it('tells who may read what, also through views', async () => {
    await session.run(`grant select on field.named to ${reader}`)
    const access = await asReader(({ catalog }) => catalog.access([{ schema: 'field', name: 'named' }], ['events']))
    expect(access).toEqual([
      {
        relation: { schema: 'field', name: 'named' },
        owner: 'postgres',
        schemaOwner: 'postgres',
        reader,
        mayUseSchema: false,
        maySelect: true,
        visible: false,
      },
      {
        relation: { schema: 'open_house', name: 'events' },
        owner: 'postgres',
        schemaOwner: 'postgres',
        reader,
        mayUseSchema: true,
        maySelect: true,
        visible: false,
      },
      {
        relation: supporters,
        owner: 'postgres',
        schemaOwner: 'postgres',
        reader: 'postgres',
        through: { schema: 'field', name: 'named' },
        mayUseSchema: true,
        maySelect: true,
        visible: false,
      },
    ])
  })
})

describe('places', () => {
  it('says which relations stand, as they were asked for', async () => {
    const standing = await session.catalog.standing([
      { schema: 'field', name: 'Late' },
      supporters,
      { schema: 'field', name: 'gone' },
      { schema: 'archive', name: 'late' },
    ])
    expect([...standing]).toEqual([relationKey({ schema: 'field', name: 'Late' }), relationKey(supporters)])
    expect([...(await session.catalog.standing([]))]).toEqual([])
  })

  it('says in which schemas may be built', async () => {
    expect(await asReader(({ catalog }) => catalog.buildSchemas(['open_house', 'nowhere']))).toEqual([
      { name: 'nowhere', standing: undefined },
      { name: 'open_house', standing: { mayBuild: false, owner: 'postgres' } },
    ])
    expect(await session.catalog.buildSchemas(['field'])).toEqual([{ name: 'field', standing: { mayBuild: true, owner: 'postgres' } }])
  })

  it('finds schemas that hold what is stamped', async () => {
    const found = await session.catalog.stampedSchemas('sqlflow: ')
    expect(found.filter(({ name }) => ['field', 'archive'].includes(name))).toEqual([
      { name: 'archive', comment: undefined, holdsStamps: false },
      { name: 'field', comment: undefined, holdsStamps: true },
    ])
  })

  it('labels what stands in a schema', async () => {
    await session.run(
      'create function archive.doubled (integer) returns integer stable as $$ select $1 * 2 $$ language sql; create table archive.old (id int); create table archive.mv_tbl__totals__0 (id int)',
    )
    expect(await session.catalog.inSchema('archive')).toEqual(['function archive.doubled(integer)', 'table archive.old'])
  })
})

describe('named objects', () => {
  it('are found with or without quotes, with what reads them', async () => {
    const [named, totals, doubled] = await session.catalog.named(['"field"."named"', 'field.totals', 'archive.doubled(integer)'])
    await session.run('create view field.names as select name from field.named')
    expect(named).toMatchObject({
      name: '"field"."named"',
      kind: 'view',
      label: 'view field.named',
      spelled: '"field"."named"',
      owner: 'postgres',
      readers: [],
    })
    expect(totals).toMatchObject({ kind: 'materialized view', label: 'materialized view field.totals' })
    expect(doubled).toMatchObject({ id: expect.stringMatching(/^pg_proc:/), kind: 'routine', spelled: '"archive"."doubled"(integer)' })
    expect((await session.catalog.named(['field.named', 'field.nothing']))[0]!.readers).toEqual([
      { id: expect.stringMatching(/^pg_class:\d+$/), label: 'view field.names' },
    ])
  })

  it('are suggested', async () => {
    expect(await session.catalog.droppableNames()).toEqual(
      expect.arrayContaining(['field.named', 'field.late', 'field.totals', 'archive.doubled']),
    )
  })
})

describe('blockers', () => {
  it('are other sessions that hold locks', async () => {
    expect(await session.catalog.blockers([supporters])).toEqual([])
    await asReader(async (theirs) => {
      await session.run(`grant usage on schema field to ${reader}; grant select on field.supporters to ${reader}`)
      await theirs.run('begin; select count(*) from field.supporters')
      expect(await session.catalog.blockers([supporters, { schema: 'field', name: 'pledges' }])).toEqual([
        expect.stringMatching(
          new RegExp(`^process ${theirs.processId} \\(user ${reader}, in a transaction since .*\\) on field\\.supporters$`),
        ),
      ])
    })
  })
})
