import { expect, it } from 'vitest'
import { createProject } from '../../support/cli.ts'

it('annotates the lines of a pull request whose mistakes keep the project from running', async () => {
  await using project = await createProject('pglite', {
    files: { 'models/supporters.sql': "select 1 as supporter_id\nfrom {{ref 'contacts, all'}}\n" },
  })
  const { exitCode, stdout } = await project.run(['build'], { env: { GITHUB_ACTIONS: 'true' } })
  expect({ exitCode, stdout }).toEqual({
    exitCode: 2,
    stdout: '::error file=models/supporters.sql,line=2,col=12,title=unknown-ref::There is no model or seed named `contacts, all`.\n',
  })
})
