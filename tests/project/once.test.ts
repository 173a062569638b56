/** One slip is one mistake: what was refused still counts where other files rely on it. */
import { expect, it } from 'vitest'
import { noCache } from '../../src/core/content-cache.ts'
import { secretValues } from '../../src/project/environment.ts'
import { linkProject } from '../../src/graph/link-project.ts'
import { lines, loadFolder, tell, type FileContents } from './load-folder.ts'

async function tellOf(files: FileContents): Promise<string> {
  const { project, diagnostics, files: texts } = await loadFolder(files)
  return tell({ files: texts, diagnostics: [...diagnostics, ...linkProject(project, noCache).diagnostics] })
}

it('a variable, or a default, of the wrong kind is told once', async () => {
  const told = await tellOf({
    'sqlflow.yml': lines(`
      name: field
      env: { PORT: { default: 5432 } }
      vars:
        cycle: { type: int, default: 2026 }
        region:
    `),
    'models/turf.sql': "select {{var 'cycle'}} as cycle, {{literal (var 'region')}} as region\n",
  })
  expect(told).toBe(
    lines(`
      error wrong-type at sqlflow.yml:2:25 [5432]
        \`default\` must be text, not the number 5432.
        hint: For example: \`default: localhost\`.
      error invalid-value at sqlflow.yml:4:18 [int]
        \`type\` must be one of integer, number, string, boolean, list, any, not \`int\`.
        hint: Write \`integer\`.
      error wrong-type at sqlflow.yml:5:9 []
        \`region\` must be text, a number, \`true\` or \`false\`, a list or a mapping of keys, not nothing.
    `),
  )
})

it('a target of a wrong or of no type is a target all the same', async () => {
  const told = await tellOf({
    'sqlflow.yml': lines(`
      name: field
      default_target: dev
      targets:
        dev: { type: postgress, url: postgres://db.example.org/field }
        ci: { url: postgres://db.example.org/field }
    `),
  })
  expect(told).toBe(
    lines(`
      error invalid-value at sqlflow.yml:4:16 [postgress]
        \`type\` must be one of pglite, postgres, redshift, not \`postgress\`.
        hint: Did you mean \`postgres\`?
      error missing-key at sqlflow.yml:5:3 [ci]
        The key \`type\` is missing under \`ci\`.
        hint: For example: \`type: postgres\`.
    `),
  )
})

it('a URL of something else is refused, and its password is known to the mask', async () => {
  const { told, project } = await loadFolder({
    'sqlflow.yml':
      'name: field\ndefault_target: dev\ntargets: { dev: { type: postgres, url: "mysql://ana:canary@db.example.org/field" } }\n',
  })
  expect(told).toBe(
    lines(`
      error bad-target at sqlflow.yml:3:41 [mysql://ana:canary@db.example.org/field]
        \`url\` of target \`dev\` must be one such as \`postgres://user@host:5432/database\`.
    `),
  )
  expect(secretValues(project)).toEqual(['canary'])
  const broken = await loadFolder({
    'sqlflow.yml': 'name: field\ndefault_target: dev\ntargets: { dev: { type: postgres, url: "postgres://ana:can ary@db:port/field" } }\n',
  })
  expect(secretValues(broken.project)).toEqual(['can ary'])
})

it('an export whose source is of the wrong kind is not said to have none', async () => {
  expect(await tellOf({ 'exports/turf.yml': 'from: [turf]\nto: { csv: {} }\n' })).toBe(
    lines(`
      error wrong-type at exports/turf.yml:1:7 [[turf]]
        \`from\` must be text, not a list.
        hint: For example: \`from: turf_list\`.
    `),
  )
})
