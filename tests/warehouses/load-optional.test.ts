import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createTemporaryFolder } from '../support/databases.ts'

const loader = fileURLToPath(new URL('../../src/warehouses/load-optional.ts', import.meta.url))

/** What a program prints that loads a package by `specifier`, in a folder where nothing is installed. */
async function told(specifier: string): Promise<string> {
  await using folder = await createTemporaryFolder()
  const file = path.join(folder.path, 'load.mjs')
  await writeFile(path.join(folder.path, 'broken.mjs'), "import 'something-else'\n")
  await writeFile(
    file,
    `import { loadOptional } from ${JSON.stringify(loader)}
const error = await loadOptional('ssh2', '\`tunnel\`', () => import('${specifier}')).catch((error) => error)
console.log([error.code, error.message, error.hint].join('|'))`,
  )
  return spawnSync(process.execPath, [file], { encoding: 'utf8' }).stdout.replaceAll(folder.path, 'FOLDER')
}

it('A package that is not installed is named, with the line that installs it', async () => {
  expect(await told('ssh2')).toBe(
    'missing-package|`tunnel` needs the package ssh2, which is not installed.|Install it beside sqlflow: npm install ssh2\n',
  )
})

it('A package that is installed and broken is not said to be missing', async () => {
  expect(await told('./broken.mjs')).toMatch(/^ERR_MODULE_NOT_FOUND\|Cannot find package 'something-else'/)
})
