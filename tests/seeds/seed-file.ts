/** A seed's file in a folder of its own, for tests. */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { inspectSeed, type InspectedSeed, type SeedFile, type SeedInspection } from '../../src/materializations/seed-inspect.ts'
import { createTemporaryFolder } from '../support/databases.ts'

type Options = Partial<Pick<SeedFile, 'delimiter' | 'nullValues'>> & { readonly types?: Readonly<Record<string, string>> }

export function seedFile({ types = {}, delimiter = ',', nullValues = [] }: Options = {}): SeedFile {
  const at = { file: 'seeds/seeds.yml', start: 0, end: 0 }
  return { file: 'pledges.csv', delimiter, nullValues, columns: Object.entries(types).map(([name, type]) => ({ name, type, at })) }
}

export async function inspect(content: string | Uint8Array, options: Options = {}): Promise<SeedInspection> {
  await using folder = await createTemporaryFolder()
  await writeFile(path.join(folder.path, 'pledges.csv'), content)
  return await inspectSeed(seedFile(options), { root: folder.path, identifierBytes: 63 })
}

/** `name type, ...`, or each mistake as `line:column message`. */
export async function describeSeed(content: string | Uint8Array, options: Options = {}): Promise<string> {
  const result = await inspect(content, options)
  return result.ok ? result.seed.columns.map(({ name, type }) => `${name} ${type}`).join(', ') : describeMistakes(result.diagnostics)
}

export function describeMistakes(diagnostics: Extract<SeedInspection, { ok: false }>['diagnostics']): string {
  return diagnostics.map(({ at, message }) => `${at?.position ? `${at.position.line}:${at.position.column} ` : ''}${message}`).join('\n')
}

export function inspected(result: SeedInspection): InspectedSeed {
  if (!result.ok) throw new Error(describeMistakes(result.diagnostics))
  return result.seed
}
