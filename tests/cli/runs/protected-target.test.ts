import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { createProject, type CliProject } from '../../support/cli.ts'

const files = {
  'sqlflow.yml': `name: field
targets:
  prod: { type: pglite, schema: analytics, protected: true }
`,
  '.gitignore': '.sqlflow/\n',
  'models/turf.sql': 'select 1 as turf_id\n',
}

const hint =
  'It is written to from CI, or from a clean commit of the default branch. Build on another target; or, if it must be, pass `--allow-protected`.'

async function createRepository(): Promise<CliProject & { readonly git: (...args: readonly string[]) => void }> {
  const project = await createProject('pglite', { files })
  const identity = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.org', '-c', 'commit.gpgsign=false']
  const git = (...args: readonly string[]): void => {
    execFileSync('git', ['-C', project.root, ...identity, ...args], { stdio: 'ignore' })
  }
  git('init', '-b', 'main')
  git('add', '.')
  git('commit', '-m', 'Begin')
  return { ...project, git }
}

describe('a protected target', () => {
  it('is written to from a clean commit of the default branch', async () => {
    await using project = await createRepository()
    expect(await project.run(['build', '-t', 'prod'])).toMatchObject({ exitCode: 0 })
    expect(await project.run(['build', '-t', 'prod'])).toMatchObject({ exitCode: 0 })
  })

  it('is refused from anything else, unless told', async () => {
    await using project = await createRepository()
    const refused = async (env: Readonly<Record<string, string>> = {}): Promise<string> => {
      const { exitCode, stdout, stderr } = await project.run(['build', '-t', 'prod'], { env })
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
      const [message, told] = stderr.trimEnd().split('\n')
      expect(told).toBe(`  hint: ${hint}`)
      return message!
    }
    const head = 'error[protected-target]: The target `prod` is protected, and '
    project.write({ 'models/turf.sql': 'select 2 as turf_id\n' })
    expect(await refused()).toBe(`${head}this folder has changes that are not committed.`)
    project.git('checkout', '-b', 'idea')
    project.git('commit', '-am', 'Try')
    expect(await refused()).toBe(`${head}the commit that is checked out is not part of \`main\`.`)
    project.git('branch', '-m', 'main', 'trunk')
    expect(await refused()).toBe(`${head}this repository has no default branch (\`main\` or \`master\`).`)
    expect(await refused({ CI: 'true', GITHUB_EVENT_NAME: 'pull_request' })).toBe(`${head}this is the build of a pull request.`)
    project.remove('.git')
    expect(await refused()).toBe(`${head}this folder has no commit of git.`)
    expect(project.read('.sqlflow/pglite/prod/PG_VERSION')).toBeUndefined()

    expect(await project.run(['build', '-t', 'prod'], { env: { CI: 'true', GITHUB_EVENT_NAME: 'push' } })).toMatchObject({ exitCode: 0 })
    expect(await project.run(['build', '-t', 'prod', '--allow-protected'])).toMatchObject({ exitCode: 0 })
  })

  it('is read by everybody', async () => {
    await using project = await createRepository()
    await project.run(['build', '-t', 'prod'])
    project.write({ 'tests/positive.sql': "select * from {{ref 'turf'}} where turf_id < 1\n" })
    expect(await project.run(['test', '-t', 'prod'])).toMatchObject({ exitCode: 0 })
    expect(await project.run(['show', 'turf', '-t', 'prod'])).toMatchObject({ exitCode: 0 })
  })
})
