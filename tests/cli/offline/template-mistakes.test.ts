import { expect, it } from 'vitest'
import { createProject } from '../../support/cli.ts'

it('tells what only rendering can tell before anything runs, each mistake once', async () => {
  await using project = await createProject('pglite', {
    files: {
      'models/cleaned.sql': '/*---\nmaterialized: ephemeral\n---*/\nselect 1 as supporter_id; select 2\n',
      'models/supporters.sql': "select * from {{ref 'cleaned'}}\n",
      'models/counts.sql': "select\n{{#each (list 'PA' 'GA')}}\n  {{literal state}} as {{this}},\n{{/each}}\n  1 as one\n",
      'models/counts.yml': 'models:\n  counts:\n    tests:\n      - not_empty: { where: "{{#each (list 1)}}{{region}}{{/each}}" }\n',
    },
  })
  const { exitCode, stdout, stderr } = await project.run(['build'])
  expect(stderr).toMatchInlineSnapshot(`
    "models/cleaned.sql:4:27 error[not-one-select]: A second statement begins here, and only one SELECT is allowed.
      3 | ---*/
      4 | select 1 as supporter_id; select 2
        |                           ^^^^^^
      hint: Move it into a model of its own.

    models/counts.sql:3:13 error[unknown-name]: \`state\` is not known here.
      2 | {{#each (list 'PA' 'GA')}}
      3 |   {{literal state}} as {{this}},
        |             ^^^^^

    models/counts.yml:4:50 error[unknown-name]: \`region\` is not known here.
      3 |     tests:
      4 |       - not_empty: { where: "{{#each (list 1)}}{{region}}{{/each}}" }
        |                                                  ^^^^^^

    3 errors
    "
  `)
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(project.read('.sqlflow/pglite/dev/PG_VERSION')).toBe(undefined)
})
