import { describe, expect, it } from 'vitest'
import { Client } from 'pg'
import { createProject, type CliProject } from '../../support/cli.ts'

const files = {
  'models/sources.yml': `sources:
  van:
    schema: van
    tables:
      contacts: {}
      callable: {}
`,
  'models/plain.sql': "select contact_id from {{source 'van' 'contacts'}}\n",
  'models/through_view.sql': "select contact_id from {{source 'van' 'callable'}}\n",
  'models/bare.sql': 'select contact_id from contacts\n',
}

interface Team extends AsyncDisposable {
  readonly project: CliProject
  readonly env: Readonly<Record<string, string>>
  readonly asAdmin: (sql: string) => Promise<void>
}

/** A login of its own that may build in `analytics`, and the tables of somebody else, which it may not read. */
async function createTeam(): Promise<Team> {
  const project = await createProject('postgres', { files })
  const admin = new URL(project.url!)
  const suffix = admin.pathname.slice(1)
  const [reader, owner, third] = [`reader_${suffix}`, `owner_${suffix}`, `third_${suffix}`]
  const asAdmin = async (sql: string): Promise<void> => {
    const client = new Client({ connectionString: project.url! })
    await client.connect()
    await client.query(sql.replaceAll('READER', reader).replaceAll('OWNER', owner).replaceAll('THIRD', third))
    await client.end()
  }
  await asAdmin(`create role READER login password 'canary-word'; create role OWNER; create role THIRD;
create schema analytics; grant usage, create on schema analytics to READER;
create schema van authorization OWNER; grant create on schema public to OWNER;
set role OWNER;
create table van.contacts (contact_id bigint);
create view van.callable as select contact_id from van.contacts;
reset role`)
  const url = Object.assign(new URL(project.url!), { username: reader, password: 'canary-word' }).href
  return {
    project,
    env: { DATABASE_URL: url },
    asAdmin,
    [Symbol.asyncDispose]: async () => {
      await asAdmin('drop owned by READER, THIRD, OWNER cascade; drop role READER, THIRD, OWNER')
      await project[Symbol.asyncDispose]()
    },
  }
}

/** The statements that a hint holds. */
function grantsIn(text: string): readonly string[] {
  return [...text.matchAll(/grant [^;]+;/g)].map(([sql]) => sql)
}

describe('a missing privilege', () => {
  it.each(['plain', 'bare'])(
    'is told apart from a missing relation, with the least GRANT, after which the same command passes: %s',
    async (model) => {
      await using team = await createTeam()
      const { project, env, asAdmin } = team
      const searchPath = 'targets:\n  dev: { type: postgres, url: "${DATABASE_URL}", schema: analytics, search_path: [van] }\n'
      project.write({ 'sqlflow.yml': `name: field\ndefault_target: dev\nenv: { DATABASE_URL: { secret: true } }\n${searchPath}` })
      const refused = await project.run(['run', model], { env })
      expect(refused.exitCode).not.toBe(0)
      const told = refused.stderr + refused.stdout
      const grants = grantsIn(told)
      expect(grants.map((sql) => sql.replaceAll(/_test_\w+/g, ''))).toEqual([
        'grant usage on schema "van" to "reader";',
        'grant select on "van"."contacts" to "reader";',
      ])
      expect(told).toMatch(/lacks USAGE on the schema van|may not use the schema van/)
      await asAdmin(grants.join('\n'))
      expect(await project.run(['run', model], { env })).toMatchObject({ exitCode: 0 })
    },
  )

  it('of a source or a schema is told by debug, whose GRANT makes it pass', async () => {
    await using team = await createTeam()
    const { project, env, asAdmin } = team
    await asAdmin('revoke create on schema analytics from READER')
    const closed = await project.run(['debug'], { env })
    expect(closed.exitCode).toBe(2)
    expect(closed.stdout).toContain('✗ schema       analytics: exists, and this login may not build in it\n')
    await asAdmin(grantsIn(closed.stderr).join('\n'))
    const unread = await project.run(['debug'], { env })
    expect(unread.exitCode).toBe(2)
    expect(unread.stdout).toMatch(/✓ schema .*\n✗ sources {6}failed\n$/)
    await asAdmin(grantsIn(unread.stderr).join('\n'))
    const open = await project.run(['debug'], { env })
    expect(open).toMatchObject({ exitCode: 0, stderr: '' })
    expect(open.stdout).toMatch(/✓ sources {6}2 tables may be read\n$/)
  })

  it('of the owner of a view is led to the table that it reads', async () => {
    await using team = await createTeam()
    const { project, env, asAdmin } = team
    await asAdmin('grant usage on schema van to READER; grant select on van.callable to READER; alter view van.callable owner to THIRD')
    const shown = await project.run(['show', 'through_view'], { env })
    const grants = grantsIn(shown.stderr)
    expect(grants.map((sql) => sql.replaceAll(/_test_\w+/g, ''))).toEqual(['grant select on "van"."contacts" to "third";'])
    expect(shown.stderr).toMatch(/The role third_\w+, as whom the view van\.callable reads it, lacks SELECT on van\.contacts/)
    await asAdmin(grants.join('\n'))
    expect(await project.run(['show', 'through_view'], { env })).toMatchObject({ exitCode: 0 })
  })

  it('is not suspected where a relation is missing, or stands outside of the search path', async () => {
    await using team = await createTeam()
    const { project, env, asAdmin } = team
    await asAdmin('grant usage on schema van to READER; grant select on van.contacts to READER')
    const hidden = await project.run(['run', 'bare'], { env })
    expect(hidden.stderr).toContain(
      "van.contacts exists, but the search path does not hold its schema: declare it as a source and write {{source 'van' 'contacts'}}, or name the schema.",
    )
    project.write({ 'models/bare.sql': 'select contact_id from contcats\n' })
    const missing = await project.run(['run', 'bare'], { env })
    expect(missing.stderr).toContain('relation "contcats" does not exist')
    expect(grantsIn(missing.stderr)).toEqual([])
  })
})
