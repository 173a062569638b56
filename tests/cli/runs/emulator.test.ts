import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createProject, type RunningCommand } from '../../support/cli.ts'

const emulate = ['emulator', 'sheets', '--port', '0']

interface Told {
  readonly url: string
  readonly page: string
  readonly credentials: string
  readonly data: string
}

async function readTold({ child }: RunningCommand): Promise<Told> {
  const line = await new Promise<string>((resolve) => child.stdout!.once('data', (text: string) => resolve(text)))
  return JSON.parse(line) as Told
}

const files = {
  'models/turf.sql': "select '00501' as precinct, 1.5 as hours",
  'exports/turf_sheet.yml': 'from: turf\nto: { google_sheets: { spreadsheet: field-plan, tab: Turf } }\n',
}

describe('sqlflow emulator sheets', () => {
  it('serves exports until Ctrl-C, and has the same key and sheets the next time', async () => {
    await using project = await createProject('pglite', { files, target: 'exports: live' })
    const first = project.spawn([...emulate, '--json'])
    const told = await readTold(first)
    const data = join(project.root, '.sqlflow', 'emulator')
    expect(told).toEqual({ url: told.url, page: told.url, credentials: join(data, 'service-account.json'), data })
    expect(told.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
    expect(statSync(told.credentials).mode & 0o777).toBe(0o600)
    expect(await (await fetch(told.page)).text()).toContain('New spreadsheet')

    const env = { SQLFLOW_SHEETS_ENDPOINT: told.url, GOOGLE_APPLICATION_CREDENTIALS: told.credentials }
    expect(await project.run(['build'], { env })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(`${told.url}spreadsheets/d/field-plan/edit#gid=`) as unknown,
    })
    first.kill('SIGINT')
    expect(await first.result).toMatchObject({ exitCode: 0, stderr: '' })

    const keyOf = (): unknown => (JSON.parse(readFileSync(told.credentials, 'utf8')) as { readonly private_key: unknown }).private_key
    const key = keyOf()
    const second = project.spawn([...emulate, '--json'])
    const again = await readTold(second)
    expect(keyOf()).toBe(key)
    expect(await project.run(['export'], { env: { ...env, SQLFLOW_SHEETS_ENDPOINT: again.url } })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('unchanged') as unknown,
    })
    second.kill('SIGTERM')
    expect((await second.result).exitCode).toBe(0)
  })

  it('says what to export, how to stop it, and what it kept', async () => {
    await using project = await createProject('pglite', { files })
    const serving = project.spawn([...emulate, '--data', 'sheets here'])
    await serving.prints(/Ctrl-C stops it/)
    serving.kill('SIGINT')
    const { stdout, stderr } = await serving.result
    const url = /http:\S+/.exec(stdout)?.[0]
    expect(stdout).toContain(
      `  export SQLFLOW_SHEETS_ENDPOINT=${url}\n  export GOOGLE_APPLICATION_CREDENTIALS='${project.root}/sheets here/service-account.json'\n`,
    )
    expect(stderr).toBe('\nStopped. 0 spreadsheets kept in sheets here.\n')
    expect(readFileSync(join(project.root, 'sheets here', '.gitignore'), 'utf8')).toBe('*\n')
    expect(existsSync(join(project.root, '.sqlflow', 'emulator'))).toBe(false)
  })

  it('with --strict makes no spreadsheet that is asked for', async () => {
    await using project = await createProject('pglite', { files, target: 'exports: live' })
    const serving = project.spawn([...emulate, '--strict', '--json'])
    const { url, credentials } = await readTold(serving)
    const env = { SQLFLOW_SHEETS_ENDPOINT: url, GOOGLE_APPLICATION_CREDENTIALS: credentials }
    const { exitCode, stdout } = await project.run(['build'], { env })
    expect(exitCode).toBe(1)
    expect(stdout).toContain('No spreadsheet field-plan.')
    serving.kill('SIGINT')
    await serving.result
  })

  it('refuses a port that is taken, one that is none, and what it cannot read', async () => {
    await using project = await createProject('pglite', { files })
    const serving = project.spawn([...emulate, '--json'])
    const { port } = new URL((await readTold(serving)).url)
    expect(await project.run(['emulator', 'sheets', '--port', port, '--data', 'other'])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `error[emulator-not-started]: The port ${port} of 127.0.0.1 is taken: by another emulator, or another program.\n  hint: Stop that one, choose another by --port, or let any free one be taken by --port 0.\n`,
    })
    serving.kill('SIGINT')
    await serving.result
    expect((await project.run(['emulator', 'sheets', '--port', '70000'])).stderr).toContain(
      '`--port` takes a number from 0 to 65535, not `70000`.',
    )
    project.write({ '.sqlflow/emulator/spreadsheets/cut.json': '{"id":' })
    const { exitCode, stderr } = await project.run(emulate)
    expect(exitCode).toBe(2)
    expect(stderr).toContain('cut.json cannot be read: it is no whole JSON')
  })
})
