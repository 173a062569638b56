import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createProject, steady, type CliProject } from '../../support/cli.ts'

const password = 'wr@ng:p/ss%w0rd'

const files = {
  'seeds/raw_turf.csv': 'turf_id\n1\n',
  'models/turf_list.sql': "/*---\ncolumns:\n  turf_id: { tests: [unique] }\n---*/\nselect * from {{ref 'raw_turf'}}\n",
  'exports/turf.yml': 'from: turf_list\nto:\n  csv: { path: turf.csv }\n',
}

const connecting: readonly (readonly string[])[] = [['build'], ['run'], ['test'], ['seed'], ['export'], ['show', 'turf_list'], ['debug']]

/** Every command fails with exit code 2 and the same words, and shows no password, also in `--json`. Returns the words. */
async function refusals(project: CliProject, url: URL): Promise<readonly string[]> {
  const told = new Set<string>()
  for (const args of connecting) {
    for (const more of [[], ['--json']]) {
      const { exitCode, stdout, stderr } = await project.run([...args, ...more], { env: { DATABASE_URL: url.href } })
      expect([args, exitCode]).toEqual([args, 2])
      for (const spelling of [password, encodeURIComponent(password), `:${url.password}@`, Buffer.from(password).toString('base64')]) {
        expect(stdout + stderr).not.toContain(spelling)
      }
      if (more.length === 0) told.add(steady(stderr.slice(stderr.indexOf('error['))))
    }
  }
  return [...told]
}

describe('a server that cannot be worked with', () => {
  it('ends every command with exit code 2, and no credential is printed', async () => {
    await using project = await createProject('postgres', { files })
    const url = (changes: Partial<Pick<URL, 'port' | 'username' | 'password' | 'pathname' | 'hostname'>>): URL =>
      Object.assign(new URL(project.url ?? ''), changes)
    expect(await refusals(project, url({ port: String(await findClosedPort()), password }))).toMatchInlineSnapshot(`
      [
        "error[warehouse-unreachable]: Nothing answers on HOST, the address of target \`dev\`.
        hint: Is the server running, and is this its port?
      ",
      ]
    `)
    expect(await refusals(project, url({ password }))).toMatchInlineSnapshot(`
      [
        "error[warehouse-login-refused]: The server on HOST refused the password of user \`postgres\`.
        hint: Check the user and the password of target \`dev\`.
      ",
      ]
    `)
    expect(await refusals(project, url({ pathname: '/no_such_field' }))).toMatchInlineSnapshot(`
      [
        "error[warehouse-unknown-database]: There is no database \`no_such_field\` on HOST.
        hint: Check \`database\` of target \`dev\`, or create it: create database "no_such_field".
      ",
      ]
    `)
    expect(await refusals(project, url({ hostname: 'nowhere.invalid', password }))).toMatchInlineSnapshot(`
      [
        "error[warehouse-unreachable]: The host \`nowhere.invalid\` of target \`dev\` is unknown.
        hint: Check its spelling in sqlflow.yml and the network (a VPN?).
      ",
      ]
    `)
  })
})

async function findClosedPort(): Promise<number> {
  const server = createServer()
  const port = await new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))
  await new Promise((resolve) => server.close(resolve))
  return port
}
