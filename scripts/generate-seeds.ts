/**
 * Writes seeds/*.csv of the sample project: `node scripts/generate-seeds.ts`. The data is made up: names are drawn from two
 * lists, phones are of the range kept for fiction, and the generator has its own random numbers, so nothing changes from run to run.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { makeSampleSeeds } from './seeds/sample-seeds.ts'

const folder = new URL('../seeds/', import.meta.url)

await mkdir(folder, { recursive: true })
for (const seed of makeSampleSeeds()) await writeFile(new URL(seed.name, folder), seed.text)
