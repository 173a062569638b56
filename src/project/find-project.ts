/** Where a project is: the nearest folder, from here upwards, that holds sqlflow.yml. */
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

export const projectFile = 'sqlflow.yml'

/** Absolute path of the nearest folder with sqlflow.yml, `from` itself included. */
export function findProjectRoot(from: string): string | undefined {
  let folder = resolve(from)
  while (!existsSync(join(folder, projectFile))) {
    const parent = dirname(folder)
    if (parent === folder) return undefined
    folder = parent
  }
  return folder
}
