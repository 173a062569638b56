import { spawnSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createFieldProject, type FieldProject } from './field-project.ts'

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url))

interface Shell {
  readonly name: 'bash' | 'zsh' | 'fish'
  readonly args: readonly string[]
  /** Prints what Tab offers behind each of the lines, a line each, words separated by spaces. */
  readonly script: (lines: readonly string[]) => string
}

const quoted = (text: string): string => `'${text}'`

/** Each script is loaded as its user loads it; what the shell would do at Tab is done for it, as its own tests do. */
const shells: readonly Shell[] = [
  {
    name: 'bash',
    args: ['--norc', '-c'],
    script: (lines) => `source <(sqlflow completion bash)
for line in ${lines.map(quoted).join(' ')}; do
  COMP_LINE=$line COMP_POINT=\${#line} COMPREPLY=()
  _sqlflow
  echo "\${COMPREPLY[*]}"
done`,
  },
  {
    name: 'zsh',
    args: ['-f', '-c'],
    script: (lines) => `compdef() { }
source <(sqlflow completion zsh)
compadd() { while [[ $1 != -- ]]; do shift; done; shift; offered+=("$@") }
_files() { }
for line in ${lines.map(quoted).join(' ')}; do
  words=("\${(@s: :)line}") CURRENT=\${#words} offered=()
  _sqlflow
  print -r -- "\${offered[*]}"
done`,
  },
  {
    name: 'fish',
    args: ['--no-config', '-c'],
    script: (lines) => `sqlflow completion fish | source
for line in ${lines.map(quoted).join(' ')}
  echo (complete -C $line)
end`,
  },
]

function isInstalled(shell: string): boolean {
  return spawnSync(shell, ['--version']).status === 0
}

function offersOf({ name, args, script }: Shell, project: FieldProject, lines: readonly string[]): readonly string[] {
  const bin = join(project.root, '.bin')
  project.write({ '.bin/sqlflow': `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n` })
  chmodSync(join(bin, 'sqlflow'), 0o755)
  const { stdout, stderr } = spawnSync(name, [...args, script(lines)], {
    cwd: project.root,
    encoding: 'utf8',
    env: { PATH: `${bin}${delimiter}${process.env['PATH']}`, HOME: project.root, TERM: 'dumb' },
  })
  expect(stderr).toBe('')
  return stdout.trimEnd().split('\n')
}

describe.each(shells)('Completion in $name', (shell) => {
  it('offers commands, options, values, nodes, tags, targets and variables', async (context) => {
    if (!isInstalled(shell.name)) context.skip(`${shell.name} is not installed`)
    await using project = await createFieldProject()
    const offered = offersOf(shell, project, [
      'sqlflow bu',
      'sqlflow build --tar',
      'sqlflow build --target ',
      'sqlflow build +turf',
      'sqlflow build --var cy',
    ])
    const sorted = offered.map((line) => line.split(' ').sort().join(' '))
    expect(sorted).toEqual(['build', '--target', 'dev local prod', '+turf_csv +turf_list', 'cycle='])
  })
})

describe('The words that are offered', () => {
  const complete = async (project: FieldProject, ...words: readonly string[]): Promise<readonly string[]> => {
    const { stdout, stderr, exitCode } = await project.run(['__complete', '--', ...words])
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    return stdout === '' ? [] : stdout.trimEnd().split('\n')
  }

  it('are those of what stands before the cursor', async () => {
    await using project = await createFieldProject()
    expect(await complete(project, 'build', 'tag:')).toEqual(['tag:nightly'])
    expect(await complete(project, 'build', '--target=p')).toEqual(['--target=prod'])
    expect(await complete(project, 'build', '-x', '@turf_l')).toEqual(['@turf_list'])
    expect(await complete(project, 'list', '--selector', '')).toEqual(['lists'])
    expect(await complete(project, 'test', 'everybody')).toEqual(['everybody_is_listed'])
    expect(await complete(project, 'build', 'everybody')).toEqual([])
    expect(await complete(project, 'build', '--junit', '')).toEqual([])
    expect(await complete(project, 'nothing', '')).toEqual([])
    expect(await complete(project, 'help', 'gr')).toEqual(['graph'])
    expect(await complete(project, 'list', '--format', '')).toEqual(['table', 'names', 'paths', 'json'])
    expect(await complete(project, 'completion', 'z')).toEqual(['zsh'])
  })

  it('are those of the project that --project-dir names', async () => {
    await using project = await createFieldProject()
    await using other = await createFieldProject({ 'models/marts/walk_list.sql': 'select 1 as n' })
    expect(await complete(project, 'build', '--project-dir', other.root, 'walk')).toEqual(['walk_list'])
  })

  it('are none, in silence, where the project does not load', async () => {
    await using project = await createFieldProject({ 'sqlflow.yml': 'name: [\n' })
    expect(await complete(project, 'build', 'turf')).toEqual([])
    writeFileSync(join(project.root, 'sqlflow.yml'), '')
    expect(await complete(project, 'build', 'turf')).toEqual([])
  })
})
