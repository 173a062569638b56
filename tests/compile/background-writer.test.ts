import { readFileSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createBackgroundWriter } from '../../src/compile/background-writer.ts'
import { createTemporaryFolder } from '../support/databases.ts'

describe('Files that are written in the background', () => {
  it.each([3, 2000])('all stand on the disk at the end, with their folders: %i of them', async (count) => {
    await using folder = await createTemporaryFolder()
    const writer = createBackgroundWriter()
    const paths = Array.from({ length: count }, (_, index) => join(folder.path, `area_${index % 7}`, `turf_${index}.sql`))
    for (const path of paths) writer.write({ path, text: `-- ${path}` })
    const written = await writer.finish()
    expect(written.map((one) => one.path)).toEqual(paths)
    expect(paths.filter((path) => readFileSync(path, 'utf8') !== `-- ${path}`)).toEqual([])
    const { size, mtimeMs } = statSync(paths.at(-1)!)
    expect(written.at(-1)).toEqual({ path: paths.at(-1), size, mtimeMs })
  })

  it.each([3, 2000])('report what the file system says: %i of them', async (count) => {
    await using folder = await createTemporaryFolder()
    await writeFile(join(folder.path, 'models'), 'a file where the folder would be')
    const writer = createBackgroundWriter()
    for (let index = 0; index < count; index++) writer.write({ path: join(folder.path, 'models', `turf_${index}.sql`), text: '' })
    await expect(writer.finish()).rejects.toMatchObject({ code: expect.stringMatching(/^(?:ENOTDIR|EEXIST)$/) })
  })
})
