/** A copy of the sample project without the tool around it, so that a test leaves nothing in the repository. */
import { cp, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = fileURLToPath(new URL('../../', import.meta.url))

export async function copySample(folder: string): Promise<void> {
  for (const name of ['sqlflow.yml', 'models', 'macros', 'seeds', 'exports', 'tests/generic']) {
    await cp(join(repository, name), join(folder, name), { recursive: true })
  }
  const tests = await readdir(join(repository, 'tests'))
  for (const name of tests.filter((file) => file.endsWith('.sql'))) await cp(join(repository, 'tests', name), join(folder, 'tests', name))
}
