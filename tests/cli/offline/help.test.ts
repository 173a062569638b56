import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { commands } from '../../../src/cli/commands/index.ts'
import { runHere } from '../../support/cli.ts'

const anywhere = '/'
const shown = commands.filter((spec) => spec.hidden !== true)

const wholeHelp = `Usage: sqlflow <command> [options]

Templated SQL models, built in order on Postgres, tested, and delivered.

Options:
  -V, --version           print the version
  -h, --help              show help

Begin:
  init [folder]           Make a small working project in a folder

Build:
  build [selectors...]    Build seeds and models in order, test them, write exports
  run [selectors...]      Build models alone: no seeds, tests or exports
  test [selectors...]     Run data tests on what is built
  seed [selectors...]     Load CSV files of seeds/ as tables
  export [selectors...]   Write exports, after the tests of what they read

Inspect:
  compile [selectors...]  Print the SQL of a model, or write that of many
  show [node]             Print the first rows of a node, or of a query
  list [selectors...]     List nodes, with the relations that they resolve to
  graph [selectors...]    Draw the dependency graph
  compare [node]          Compare what a model built with another target, or another relation

Maintain:
  debug                   Check the project, the environment and the connection
  auth                    Set up the accounts that exports run as
  env                     List the environment variables that the project reads
  format [selectors...]   Lay out the SQL of models, macros, tests and exports
  rename <node> <name>    Rename a node or a macro, and all that uses it
  sources                 Keep the declarations of sources as the warehouse is
  emulator                Serve what exports go to, on this machine
  clean                   Remove what sqlflow wrote, or what it built in a target
  completion [shell]      Print the script that makes a shell complete commands and names
  help [command]          Show what a command does, with examples

Begin with \`sqlflow init\` in an empty folder. \`sqlflow help build\` shows what a command takes, with examples.
`

const helpOfClean = `Usage: sqlflow clean [options]

Remove what sqlflow wrote, or what it built in a target.

Removes \`target/\` and the cache. Relations in a warehouse stay, and so does the embedded database,
unless an option asks for more. With --orphans or --schemas the folder is left alone instead:
relations that carry the stamp of this project are dropped in the schemas of the target, after
asking, never with CASCADE. What others depend on is kept and named, and the exit code is 1.

Options:
  --database           also remove the embedded databases of this project
  --orphans            drop relations that this project built in the target and no node builds any
                       more
  --schemas            drop all that this project built in the target, then the schemas that sqlflow
                       created and that are empty
  -y, --yes            drop without asking
  --allow-protected    write to a protected target from elsewhere than CI or a clean commit of the
                       default branch

Project:
  -t, --target <name>  target of sqlflow.yml to use (default: SQLFLOW_TARGET, or its default_target)
  --var <name=value>   set a variable of the project
  --vars <file|json>   set variables from JSON: the name of a file, or the text itself
  --project-dir <dir>  folder of sqlflow.yml (default: SQLFLOW_PROJECT_DIR, or the nearest above)

Output:
  --json               print JSON instead of text
  -q, --quiet          print results and failures alone
  --no-color           print without colours (NO_COLOR does the same)
  -h, --help           show help

Examples:
  sqlflow clean
      compiled SQL, artifacts and cache
  sqlflow clean --database
      begin again from nothing
  sqlflow clean --orphans
      what renamed and deleted nodes left in the warehouse
  sqlflow clean --schemas --target ci --yes
      when a pull request closes

`

describe('Help', () => {
  it.each([['--help'], ['-h'], ['help']])('lists the commands on stdout for %s', async (word) => {
    expect(await runHere(anywhere, [word])).toEqual({ exitCode: 0, stdout: wholeHelp, stderr: '' })
  })

  it('goes to stderr, with exit code 2, when no command is given', async () => {
    expect(await runHere(anywhere, [])).toEqual({ exitCode: 2, stdout: '', stderr: wholeHelp })
  })

  it.each([[['help', 'clean']], [['clean', '--help']], [['clean', '-h']]])('shows one command with examples for %j', async (args) => {
    expect(await runHere(anywhere, args)).toEqual({ exitCode: 0, stdout: helpOfClean, stderr: '' })
  })

  it('has colours on a terminal, unless they are refused', async () => {
    const coloured = await runHere(anywhere, ['help', 'clean'], { isTerminal: true, env: { TERM: 'xterm' } })
    expect(coloured.stdout).toContain('\u001B[1mExamples:\u001B[22m')
    expect(stripVTControlCharacters(coloured.stdout)).toBe(helpOfClean)
    expect((await runHere(anywhere, ['help', 'clean'], { isTerminal: true, env: { TERM: 'xterm', NO_COLOR: '1' } })).stdout).toBe(
      helpOfClean,
    )
    expect((await runHere(anywhere, ['clean', '--help', '--no-color'], { isTerminal: true, env: { TERM: 'xterm' } })).stdout).toBe(
      helpOfClean,
    )
  })

  it.each(shown.map((spec) => [spec.name]))('of %s fits a terminal of 80 columns, but for its examples', async (name) => {
    const { stdout } = await runHere(anywhere, ['help', ...name.split(' ')], { columns: 80 })
    const [text] = stdout.split('\nExamples:\n')
    expect(text!.split('\n').filter((line) => line.length > 80)).toEqual([])
  })

  it('has an example of every command that begins with its name', () => {
    expect(shown.filter((spec) => spec.examples.length === 0).map((spec) => spec.name)).toEqual([])
    const strays = shown.flatMap((spec) => spec.examples.filter((one) => !one.command.includes(`sqlflow ${spec.name}`)))
    expect(strays).toEqual([])
  })

  it('of a group lists its commands', async () => {
    const { exitCode, stderr } = await runHere(anywhere, ['sources'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain('\n  pull <schema>  Write sources from what a schema holds, and update them when it changes\n')
    expect((await runHere(anywhere, ['sources', 'pul'])).stderr).toBe(
      'error[bad-usage]: `sqlflow sources` has no command `pul`.\n  hint: Did you mean `pull`?\n',
    )
    expect((await runHere(anywhere, ['sources', 'pull'])).stderr).toBe(
      'error[bad-usage]: `sqlflow sources pull` needs <schema>, a schema of the target, as the warehouse spells it.\n  hint: `sqlflow help sources pull` shows what it takes.\n',
    )
  })

  it('is given under a title for every command', () => {
    expect(shown.filter((spec) => spec.group === undefined).map((spec) => spec.name)).toEqual([])
  })
})
