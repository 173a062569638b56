import { describe, expect, it } from 'vitest'
import { warehouses, steady, statusesOf, eventsOf } from '../../support/cli.ts'
import { fieldFiles } from '../../support/field-project.ts'

describe.each(warehouses)('build on $type', ({ create }) => {
  it('says what was built, how long it took and where to look next', async () => {
    await using project = await create({
      files: { ...fieldFiles, 'exports/donors.yml': 'from: donors\norder_by: [supporter_id]\nto:\n  csv: { path: donors.csv }\n' },
    })
    const built = await project.run(['build'])
    console.log(steady(built.stderr))
    console.log(steady(built.stdout))
    const again = await project.run(['build', '--json'])
    console.log(again.stdout, again.stderr)
    expect(built.exitCode).toBe(0)
  })
})
