import { appendFileSync, chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { StoredContentCache } from '../../src/project/content-cache.ts'
import { openContentCache } from '../../src/project/content-cache.ts'
import { loadProject } from '../../src/project/load-project.ts'
import { createTemporaryFolder } from '../support/databases.ts'
import { writeFiles } from './load-folder.ts'

const facts = (root: string, kind = 'document'): string => `${root}/.sqlflow/cache/${kind}.jsonl`
const files = {
  'sqlflow.yml': 'name: field\nenv: { TOKEN: { secret: true } }\ntargets: { local: { type: pglite, schema: "s_${TOKEN}" } }\n',
  'models/a.sql': '/*---\nmaterialised: view\ntags: [x]\n---*/\nselect 1',
}

async function load(root: string, cache: StoredContentCache) {
  const loaded = await loadProject({ root, environment: { TOKEN: 'canary-value' }, cache })
  cache.save()
  return loaded
}

describe('The cache of facts', () => {
  it('gives the same project and the same mistakes without parsing again', async () => {
    await using folder = await createTemporaryFolder()
    writeFiles(folder.path, files)
    const cold = await load(folder.path, openContentCache(folder.path, '1'))
    const asked: string[] = []
    const stored = openContentCache(folder.path, '1')
    const warm = await load(folder.path, { ...stored, set: (kind) => asked.push(kind) })
    expect(warm).toEqual(cold)
    expect(cold.diagnostics.map((one) => one.code)).toEqual(['unknown-key'])
    expect(asked).toEqual([])
  })

  it('holds no secret', async () => {
    await using folder = await createTemporaryFolder()
    writeFiles(folder.path, files)
    await load(folder.path, openContentCache(folder.path, '1'))
    expect(readFileSync(facts(folder.path), 'utf8')).not.toContain('canary-value')
  })

  it('forgets files that are gone when it has grown', async () => {
    await using folder = await createTemporaryFolder()
    writeFiles(folder.path, files)
    await load(folder.path, openContentCache(folder.path, '1'))
    writeFiles(folder.path, { 'models/a.sql': '/*---\ntags: [y]\n---*/\nselect 1' })
    await load(folder.path, openContentCache(folder.path, '1'))
    expect(readFileSync(facts(folder.path), 'utf8')).toContain('materialised')
    appendFileSync(facts(folder.path), 'key\t1\n'.repeat(31_000))
    await load(folder.path, openContentCache(folder.path, '1'))
    const kept = readFileSync(facts(folder.path), 'utf8')
    expect(kept.split('\n').length).toBeLessThan(10)
    expect(kept).not.toContain('materialised')
  })

  it('keeps what was of use on another branch while there is room', async () => {
    await using folder = await createTemporaryFolder()
    const first = openContentCache(folder.path, '1')
    first.set('template-facts', 'of another branch', 1)
    first.save()
    appendFileSync(facts(folder.path, 'template-facts'), 'of this branch\t2\n'.repeat(31_000))
    const second = openContentCache(folder.path, '1')
    expect(second.get('template-facts', 'of this branch')).toBe(2)
    second.save()
    expect(readFileSync(facts(folder.path, 'template-facts'), 'utf8').split('\n').length).toBe(4)
    expect(openContentCache(folder.path, '1').get('template-facts', 'of another branch')).toBe(1)
  })

  it('reads no kind of fact that nobody asks for', async () => {
    await using folder = await createTemporaryFolder()
    const first = openContentCache(folder.path, '1')
    first.set('template-facts', 'key', 1)
    first.set('template-program', 'key', 1)
    first.save()
    const second = openContentCache(folder.path, '1')
    expect(second.get('template-facts', 'key')).toBe(1)
    rmSync(facts(folder.path, 'template-program'))
    second.set('template-facts', 'other', 2)
    second.save()
    expect(readdirSync(`${folder.path}/.sqlflow/cache`)).toEqual(['template-facts.jsonl'])
    expect(second.get('template-program', 'key')).toBe(undefined)
  })

  it('counts the later of two lines, and only itself for lost where a line was cut off', async () => {
    await using folder = await createTemporaryFolder()
    const first = openContentCache(folder.path, '1')
    first.set('template-facts', 'old', 1)
    first.set('template-facts', 'whole', 2)
    first.save()
    appendFileSync(facts(folder.path, 'template-facts'), 'whole\t{"cut')
    const second = openContentCache(folder.path, '1')
    second.set('template-facts', 'old', 3)
    second.save()
    const third = openContentCache(folder.path, '1')
    expect(third.get('template-facts', 'old')).toBe(3)
    expect(third.get('template-facts', 'whole')).toBe(undefined)
  })

  it('is only written when something changed', async () => {
    await using folder = await createTemporaryFolder()
    writeFiles(folder.path, files)
    await load(folder.path, openContentCache(folder.path, '1'))
    const before = statSync(facts(folder.path)).mtimeMs
    await load(folder.path, openContentCache(folder.path, '1'))
    expect(statSync(facts(folder.path)).mtimeMs).toBe(before)
  })

  it.each([
    '',
    '{',
    '{"format":"other"}\n',
    '{"format":"sqlflow-facts-3","version":"1"}\nno tab\n\n\tno key\n',
    '{"format":"sqlflow-facts-3","version":"1"}\nkey\t{cut',
    '{"format":"sqlflow-facts-3","version":"1"}\nkey\t{\n',
  ])('discards what it cannot read: %s', async (content) => {
    await using folder = await createTemporaryFolder()
    writeFiles(folder.path, { '.sqlflow/cache/document.jsonl': content })
    const cache = openContentCache(folder.path, '1')
    expect(cache.get('document', 'key')).toBe(undefined)
    cache.set('document', 'key', 1)
    cache.save()
    expect(openContentCache(folder.path, '1').get('document', 'key')).toBe(1)
    expect(openContentCache(folder.path, '2').get('document', 'key')).toBe(undefined)
  })

  it('does without a folder that cannot be written', async () => {
    await using folder = await createTemporaryFolder()
    writeFileSync(`${folder.path}/.sqlflow`, 'a file where the folder would be')
    chmodSync(folder.path, 0o555)
    const cache = openContentCache(folder.path, '1')
    cache.set('document', 'key', 1)
    cache.save()
    chmodSync(folder.path, 0o755)
    expect(existsSync(facts(folder.path))).toBe(false)
  })
})
