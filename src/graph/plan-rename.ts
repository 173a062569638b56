/**
 * All that a rename changes: files that move, edits in every file that uses the name, and what is written of the former name. Pure over the files
 * as they were read; places that no machine should change are diagnostics, and then nothing is done.
 */
import type { ContentCache } from '../core/content-cache.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import type { Project, TestUse } from '../core/project.ts'
import { valueAt } from '../project/document.ts'
import type { FileChange } from '../project/replace-files.ts'
import type { WrittenFile } from '../project/written-files.ts'
import { addKey, recordInEntry, recordInFrontMatter } from './record-former-name.ts'
import { RenameFindings, type RenameTarget } from './rename-target.ts'
import { renameInTemplates, tableOf } from './rename-in-templates.ts'
import { renameInYaml } from './rename-in-yaml.ts'
import type { SelectorNames } from './rename-in-selector.ts'

export interface RenamePlan {
  readonly changes: readonly FileChange[]
  readonly diagnostics: readonly Diagnostic[]
  /** The relation moves with the next build. */
  readonly movesRelation: boolean
  /** Generic tests whose names are made from the old one, by those. */
  readonly tests: ReadonlyMap<string, string>
}

export interface RenameInput {
  readonly project: Project
  readonly files: readonly WrittenFile[]
  readonly target: RenameTarget
  readonly until: string
  readonly cache: ContentCache
  /** Whether a file stands there. */
  readonly exists: (file: string) => boolean
}

export function planRename(input: RenameInput): RenamePlan {
  const { project, files, target, cache } = input
  const findings = new RenameFindings()
  const moves = movesOf(project, target)
  const tests = renamedTests(project, target)
  const names = selectorNames(target, moves, tests)
  for (const file of files) {
    renameInTemplates(file, target, cache, findings)
    renameInYaml(file, target, names, findings)
  }
  const created = recordFormerName(input, findings)
  keepRelationOfSource(input, findings)
  const changed = new Set([...findings.edits.keys(), ...moves.keys()])
  const changes = [...changed].sort().map((file): FileChange => {
    const to = moves.get(file)
    return { file, edits: findings.edits.get(file) ?? [], ...(to !== undefined && { to }) }
  })
  return { changes: [...changes, ...created], diagnostics: findings.diagnostics, movesRelation: movesRelation(project, target), tests }
}

/** Old path to new: the file keeps its folder, its ending, and a macro its dialect. */
function movesOf(project: Project, { kind, from, to }: RenameTarget): ReadonlyMap<string, string> {
  const named = (all: readonly { readonly name: string; readonly file: string }[]): readonly string[] =>
    all.filter(({ name }) => name === from).map(({ file }) => file)
  const files = {
    model: () => named(project.models),
    seed: () => named(project.seeds),
    source: () => [],
    macro: () => named(project.macros),
    'singular-test': () => named(project.singularTests),
    'generic-test': () => named(project.genericTests),
    export: () => named(project.exports),
  }[kind]()
  return new Map(
    files.map((file) => {
      const folder = file.slice(0, file.lastIndexOf('/') + 1)
      const name = file.slice(folder.length).normalize('NFC')
      return [file, `${folder}${to}${name.slice(from.length)}`]
    }),
  )
}

/** Tests that no author named carry the name of what they stand on, and of the test. */
function renamedTests(project: Project, { kind, from, to }: RenameTarget): ReadonlyMap<string, string> {
  const flat = (name: string): string => name.replaceAll('.', '_')
  const renamed = new Map<string, string>()
  for (const node of [...project.models, ...project.seeds, ...project.sources]) {
    for (const use of node.tests) {
      const isOn = node.kind === kind && node.name === from
      if (!isOn && !(kind === 'generic-test' && use.test === from)) continue
      const [was, is] = isOn
        ? [nameOf(use, flat(from)), nameOf(use, flat(to))]
        : [nameOf(use, flat(node.name)), nameOf({ ...use, test: to }, flat(node.name))]
      if (use.name === was) renamed.set(was, is)
    }
  }
  return renamed
}

function nameOf({ test, column }: Pick<TestUse, 'test' | 'column'>, node: string): string {
  return `${test}_${node}${column === undefined ? '' : `_${column}`}`
}

function selectorNames(
  { kind, from, to }: RenameTarget,
  moves: ReadonlyMap<string, string>,
  tests: ReadonlyMap<string, string>,
): SelectorNames {
  const one = new Map([[from, to]])
  const none = new Map<string, string>()
  const isNode = kind === 'model' || kind === 'seed' || kind === 'singular-test' || kind === 'export'
  return {
    names: new Map([...(isNode ? one : none), ...tests]),
    sources: kind === 'source' ? one : none,
    tests: kind === 'generic-test' || kind === 'singular-test' ? one : none,
    files: moves,
  }
}

/** A model without a relation, or whose relation has a name of its own, has nothing to move. */
function movesRelation({ models, seeds }: Project, { kind, from }: RenameTarget): boolean {
  const node =
    kind === 'model' ? models.find((one) => one.name === from) : kind === 'seed' ? seeds.find((one) => one.name === from) : undefined
  if (!node || node.relation.name !== node.name) return false
  return node.kind === 'seed' || node.materialized !== 'ephemeral'
}

/** Returns the file that has to be made for it, if any. */
function recordFormerName({ project, files, target, until, exists }: RenameInput, findings: RenameFindings): readonly FileChange[] {
  if (!movesRelation(project, target)) return []
  const former = { from: target.from, to: target.to, until }
  const section = target.kind === 'seed' ? 'seeds' : 'models'
  const entry = files.find(({ body, document }) => body === undefined && valueAt(document.value, [section, target.from]) !== undefined)
  const own = target.kind === 'model' ? project.models.find(({ name }) => name === target.from) : undefined
  const file = own && files.find((one) => one.file === own.file)
  const isInEntry = entry && (!file || valueAt(entry.document.value, [section, target.from, 'renamed_from']) !== undefined)
  if (isInEntry) findings.edit(entry.file, recordInEntry(entry, [section, target.from], former))
  else if (file) findings.edit(file.file, recordInFrontMatter(file, former))
  else {
    const seed = project.seeds.find(({ name }) => name === target.from)
    const folder = seed?.file.slice(0, seed.file.lastIndexOf('/') + 1) ?? 'seeds/'
    const made =
      [`${folder}${target.to}.yml`, `${folder}${target.to}_renamed.yml`].find((one) => !exists(one)) ?? `${folder}${target.to}_.yml`
    const text = `seeds:\n  ${target.to}:\n    renamed_from: { name: ${target.from}, until: ${until} }\n`
    return [{ file: made, edits: [{ start: 0, end: 0, text }], isNew: true }]
  }
  return []
}

/** The table in the warehouse is somebody else's, and keeps its name. */
function keepRelationOfSource({ project, files, target: { kind, from } }: RenameInput, findings: RenameFindings): void {
  if (kind !== 'source') return
  const source = project.sources.find(({ name }) => name === from)
  const file = files.find((one) => one.file === source?.file)
  if (!source || !file || source.relation.name !== source.table) return
  const path = ['sources', source.source, 'tables', source.table]
  if (valueAt(file.document.value, [...path, 'relation']) === undefined) {
    findings.edit(file.file, addKey(file, path, 'relation', tableOf(from)))
  }
}
