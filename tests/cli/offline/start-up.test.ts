import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, describe, it } from 'vitest'
import { createFieldProject } from './field-project.ts'

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url))
const printLoaded = new URL('print-loaded.ts', import.meta.url).href

/** The packages, beside Node's own modules, that a command loads. */
function packagesLoadedBy(args: readonly string[], cwd: string): readonly string[] {
  const { stderr, status } = spawnSync(process.execPath, ['--import', printLoaded, main, ...args], {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  })
  expect(status).toBe(0)
  const names = [...stderr.matchAll(/^file:.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)].map((match) => match[1]!)
  return [...new Set(names)].sort()
}

describe('What a command loads', () => {
  it('is nothing but Node for --version', () => {
    expect(packagesLoadedBy(['--version'], '/')).toEqual([])
  })

  it.each([['--help'], ['help build'], ['build --help'], ['completion bash'], ['__complete -- bu']])(
    'is the parser of the command line alone for %s',
    (command) => {
      expect(packagesLoadedBy(command.split(' '), '/')).toEqual(['commander'])
    },
  )

  it('is no parser, schema or warehouse when no file has changed', async () => {
    await using project = await createFieldProject()
    await project.run(['compile'])
    for (const command of ['list', 'graph', 'compile', 'env'])
      expect({ command, loaded: packagesLoadedBy([command], project.root) }).toEqual({ command, loaded: ['commander'] })
  })
})
