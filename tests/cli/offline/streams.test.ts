import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createFieldProject } from './field-project.ts'

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url))

describe('A reader that stops early', () => {
  it('ends the command quietly, with exit code 0', async () => {
    await using project = await createFieldProject({
      'models/wide.sql': `select ${Array.from({ length: 30_000 }, (_, at) => `${at} as column_${at}`).join(', ')}`,
    })
    const child = spawn(process.execPath, [main, 'compile', 'wide'], { cwd: project.root, stdio: ['ignore', 'pipe', 'pipe'] })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.stdout.once('data', () => child.stdout.destroy())
    const exitCode = await new Promise((resolve) => child.on('close', resolve))
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  })
})

describe.skipIf(!existsSync('/dev/full'))('A disk that is full', () => {
  it('ends the command with what happened, and exit code 2', async () => {
    await using project = await createFieldProject()
    const full = openSync('/dev/full', 'w')
    const child = spawn(process.execPath, [main, 'list'], { cwd: project.root, stdio: ['ignore', full, 'pipe'] })
    let stderr = ''
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const exitCode = await new Promise((resolve) => child.on('close', resolve))
    closeSync(full)
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: 'error[output-refused]: The output could not be written: ENOSPC: no space left on device, write\n',
    })
  })
})

describe('Colours', () => {
  const colour = '\u001B['

  it.each([
    ['a pipe', false, {}, [], false],
    ['a terminal', true, { TERM: 'xterm' }, [], true],
    ['a terminal that knows none', true, { TERM: 'dumb' }, [], false],
    ['NO_COLOR', true, { TERM: 'xterm', NO_COLOR: '1' }, [], false],
    ['an empty NO_COLOR', true, { TERM: 'xterm', NO_COLOR: '' }, [], true],
    ['--no-color', true, { TERM: 'xterm' }, ['--no-color'], false],
    ['FORCE_COLOR through a pipe', false, { FORCE_COLOR: '1' }, [], true],
    ['FORCE_COLOR=0 on a terminal', true, { TERM: 'xterm', FORCE_COLOR: '0' }, [], false],
    ['NO_COLOR over FORCE_COLOR', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, [], false],
  ] as const)('follow %s, in results and in failures', async (_why, isTerminal, env, args, coloured) => {
    await using project = await createFieldProject()
    const listed = await project.run(['list', ...args], { isTerminal, env })
    const failed = await project.run(['list', '--target', 'prdo', ...args], { isTerminal, env })
    expect([listed.stdout.includes(colour), failed.stderr.includes(colour)]).toEqual([coloured, coloured])
  })
})

describe('A name that holds control characters', () => {
  it('does not drive the terminal', async () => {
    await using project = await createFieldProject({ 'seeds/turf\u001B[2Jlist.csv': 'id\n1\n' })
    const { stdout } = await project.run(['list', '--resource-type', 'seed'], { isTerminal: true, env: { NO_COLOR: '1' } })
    expect(stdout).not.toContain('\u001B')
  })
})

describe('The frame of a mistake', () => {
  const columns = Array.from({ length: 12 }, (_, at) => `column_${at}`).join(', ')
  const files = {
    'models/marts/turf_list.sql': `select ${columns} from {{ref 'stg_suporters'}} where ${columns.replaceAll(',', ' =')} = 1\n`,
  }

  it('is cut around its place to fit the terminal', async () => {
    await using project = await createFieldProject(files)
    const { stderr } = await project.run(['list'], { isTerminal: true, columns: 60, env: { NO_COLOR: '1' } })
    expect(stderr).toBe(`models/marts/turf_list.sql:1:140 error[unknown-ref]: There is no model or seed named \`stg_suporters\`.
  1 | …10, column_11 from {{ref 'stg_suporters'}} where c…
    |                           ^^^^^^^^^^^^^^^
  hint: Did you mean \`stg_supporters\`?

1 error
`)
  })

  it('is as wide as a log where there is no terminal', async () => {
    await using project = await createFieldProject(files)
    const [, framed] = (await project.run(['list'], { columns: 60 })).stderr.split('\n')
    expect(framed).toHaveLength(118)
  })
})
