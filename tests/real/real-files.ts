/**
 * The real files: results of Georgia's precincts and counties, which are no part of the repository. They are looked for beside
 * it, or where SQLFLOW_REAL_DATA says.
 */
import { existsSync } from 'node:fs'
import { cp, readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseCsv } from './parse-csv.ts'

const repository = fileURLToPath(new URL('../../', import.meta.url))
const project = fileURLToPath(new URL('project/', import.meta.url))

const realData = resolve(repository, process.env['SQLFLOW_REAL_DATA'] ?? '../shared/data/georgia-elections')

/** Why the tests cannot run, if they cannot. */
export const missing = existsSync(join(realData, 'general_2024_precinct.csv'))
  ? undefined
  : `${realData} holds no general_2024_precinct.csv; set SQLFLOW_REAL_DATA to the folder that does.`

/** The project with the files as its seeds. */
export async function copyRealProject(folder: string): Promise<void> {
  await cp(project, folder, { recursive: true })
  const files = await readdir(realData)
  for (const name of files.filter((file) => file.endsWith('.csv'))) await cp(join(realData, name), join(folder, 'seeds', name))
}

export async function readRealCsv(name: string): Promise<readonly Readonly<Record<string, string>>[]> {
  return parseCsv(await readFile(join(realData, name), 'utf8'))
}
