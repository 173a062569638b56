import { describe, expect, it } from 'vitest'
import { runHere } from '../../support/cli.ts'
import { createFieldProject } from './field-project.ts'

const wrong: readonly (readonly [command: string, told: string])[] = [
  [
    'buld',
    `error[bad-usage]: There is no command \`buld\`.
  hint: Did you mean \`build\`? \`sqlflow --help\` lists them.
`,
  ],
  [
    'ls',
    `error[bad-usage]: There is no command \`ls\`.
  hint: That is \`sqlflow list\` here. \`sqlflow --help\` lists them.
`,
  ],
  [
    'help grpah',
    `error[bad-usage]: There is no command \`grpah\`.
  hint: Did you mean \`graph\`? \`sqlflow --help\` lists them.
`,
  ],
  [
    'build --tagret prod',
    `error[bad-usage]: \`sqlflow build\` has no option \`--tagret\`.
  hint: Did you mean \`--target\`? \`sqlflow help build\` lists them.
`,
  ],
  [
    'env --full-refresh',
    `error[bad-usage]: \`sqlflow env\` has no option \`--full-refresh\`.
  hint: \`sqlflow help env\` lists them.
`,
  ],
  [
    '--target prod build',
    `error[bad-usage]: There is no option \`--target\` before a command.
  hint: Options follow the command: \`sqlflow build --target\`.
`,
  ],
  [
    '--quiet list',
    `error[bad-usage]: There is no option \`--quiet\` before a command.
  hint: Options follow the command: \`sqlflow list --quiet\`.
`,
  ],
  [
    '--verison',
    `error[bad-usage]: There is no option \`--verison\` before a command.
  hint: Did you mean \`--version\`? \`sqlflow --help\` lists the commands.
`,
  ],
  ['list --target', 'error[bad-usage]: `--target` needs a value: `-t, --target <name>`.\n'],
  ['list --format tabel', 'error[bad-usage]: `--format` takes table, names, paths or json, not `tabel`.\n  hint: Did you mean `table`?\n'],
  ['list --resource-type model view', 'error[bad-usage]: `--resource-type` takes source, seed, model, test or export, not `view`.\n'],
  ['list --indirect-selection none', 'error[bad-usage]: `--indirect-selection` takes eager, cautious, buildable or empty, not `none`.\n'],
  ['init one two', 'error[bad-usage]: `sqlflow init` takes one argument, `[folder]`.\n  hint: `sqlflow help init` shows what it takes.\n'],
  ['env REGION', 'error[bad-usage]: `sqlflow env` takes no arguments.\n  hint: `sqlflow help env` shows what it takes.\n'],
  ['completion bsh', 'error[bad-usage]: There is no completion for `bsh`.\n  hint: Did you mean `bash`?\n'],
  ['completion powershell', 'error[bad-usage]: There is no completion for `powershell`.\n  hint: There is one for bash, zsh, fish.\n'],
  ['build --threads many', 'error[bad-usage]: `--threads` takes a number from 1 to 64, not `many`.\n'],
  ['show', 'error[bad-usage]: Name what to show: `sqlflow show turf_list`, or a query by --inline.\n'],
  ['show turf_list --inline select', 'error[bad-usage]: Both `turf_list` and a query by --inline are to be shown: name one of them.\n'],
  ['show turf_list --limit few', 'error[bad-usage]: `--limit` takes a number of rows, not `few`.\n'],
  [
    'show turf_lits',
    'error[unknown-node]: There is no model, seed, source, export or test named `turf_lits`.\n  hint: Did you mean `turf_list`?\n',
  ],
  ['list --var cycle', 'error[bad-usage]: `--var` takes name=value, not `cycle`.\n  hint: For example: --var cycle=2028\n'],
  [
    'list --var cylce=2028',
    'error[unknown-var]: The command line sets the variable `cylce`, which sqlflow.yml does not declare.\n  hint: Did you mean `cycle`?\n\n1 error\n',
  ],
  ['list --var cycle=soon', 'error[wrong-var-type]: --var sets `cycle` to `soon`, which is not of its type, integer.\n\n1 error\n'],
  ['list --target prdo', 'error[unknown-target]: There is no target `prdo`.\n  hint: Did you mean `prod`?\n\n1 error\n'],
  [
    'list --fail-on-empty turf_lits',
    'error[selector-matched-nothing]: Nothing matches `turf_lits`.\n  hint: Did you mean `turf_list`?\n\n1 error\n',
  ],
  [
    'list tga:nightly',
    'error[bad-selector]: `tga`, in `tga:nightly`, is no method of selection.\n  hint: Did you mean `tag`?\n\n1 error\n',
  ],
]

describe('Wrong usage', () => {
  it.each(wrong)('of `sqlflow %s` is told with what to do, and exits with 2', async (command, told) => {
    await using project = await createFieldProject()
    expect(await project.run(command.split(' '))).toEqual({ exitCode: 2, stdout: '', stderr: told })
  })

  it('is an object on stdout with --json', async () => {
    const { exitCode, stdout, stderr } = await runHere('/', ['list', '--json', '--tagret', 'prod'])
    expect({ exitCode, stderr, told: JSON.parse(stdout) as unknown }).toEqual({
      exitCode: 2,
      stderr: '',
      told: {
        type: 'error',
        code: 'bad-usage',
        message: '`sqlflow list` has no option `--tagret`.',
        hint: 'Did you mean `--target`? `sqlflow help list` lists them.',
      },
    })
  })

  it('is a command of a project in a folder that is none', async () => {
    expect(await runHere('/', ['list'])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `error[no-project]: There is no sqlflow.yml in this folder or above it.
  hint: Run \`sqlflow init\` to begin a project here, or name its folder by --project-dir.
`,
    })
    expect((await runHere('/', ['list', '--project-dir', '/dev'])).stderr)
      .toBe(`error[no-project]: There is no sqlflow.yml in /dev or above it.
  hint: Run \`sqlflow init\` to begin a project here, or name its folder by --project-dir.
`)
  })
})
