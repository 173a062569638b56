/** Every use of a name in YAML that is no template: entries of properties, `from:`, `to:` of relationships, tests that are used, selectors. */
import type { JsonValue } from '../core/project.ts'
import { keySpan, valueAt, valueSpan, type Path } from '../project/document.ts'
import { projectFile } from '../project/find-project.ts'
import { isMapping, textsOf, type WrittenFile } from '../project/written-files.ts'
import { renameInSelector, type SelectorNames } from './rename-in-selector.ts'
import { tableOf } from './rename-in-templates.ts'
import type { RenameFindings, RenameTarget } from './rename-target.ts'

export function renameInYaml(file: WrittenFile, target: RenameTarget, names: SelectorNames, findings: RenameFindings): void {
  const { document } = file
  if (file.file === projectFile) return renameInSelectors(file, names, findings)
  if (file.body === undefined && !file.file.startsWith('exports/')) renameEntry(file, target, findings)
  const { kind, from, to } = target
  const isRead = kind === 'model' || kind === 'seed' || kind === 'source'
  if (isRead && file.file.startsWith('exports/') && valueAt(document.value, ['from']) === from) {
    findings.replace(file, valueSpan(document, ['from']), from, to)
  }
  if (isRead || kind === 'generic-test') renameInTests(file, target, findings)
  if (file.file.startsWith('exports/')) renameRequiredTests(file, target, names, findings)
}

const sections = { model: 'models', seed: 'seeds', 'singular-test': 'tests' } as const

function renameEntry(file: WrittenFile, { kind, from, to }: RenameTarget, findings: RenameFindings): void {
  const { document } = file
  if (kind === 'source') {
    const path = ['sources', from.slice(0, from.indexOf('.')), 'tables', tableOf(from)]
    if (valueAt(document.value, path) !== undefined) findings.replace(file, keySpan(document, path), tableOf(from), tableOf(to))
  } else if (kind === 'model' || kind === 'seed' || kind === 'singular-test') {
    const path = [sections[kind], from]
    if (valueAt(document.value, path) !== undefined) findings.replace(file, keySpan(document, path), from, to)
  }
}

function renameInTests(file: WrittenFile, { kind, from, to }: RenameTarget, findings: RenameFindings): void {
  const { document } = file
  for (const { entry, path } of testEntries(document.value, [])) {
    if (kind === 'generic-test') {
      if (entry === from) findings.replace(file, valueSpan(document, path), from, to)
      else if (isMapping(entry) && Object.hasOwn(entry, from)) findings.replace(file, keySpan(document, [...path, from]), from, to)
    } else if (isMapping(entry) && isMapping(entry['relationships'])) {
      const read = [...path, 'relationships', 'to']
      const written = entry['relationships']['to']
      if (typeof written === 'string' && written.trim() === from) findings.replace(file, valueSpan(document, read), from, to)
    }
  }
}

/** Tests that a guard requires, also those whose generated names change with what they stand on. */
function renameRequiredTests(file: WrittenFile, { kind, from }: RenameTarget, { names }: SelectorNames, findings: RenameFindings): void {
  const path = ['guards', 'required_tests']
  for (const { path: at, text } of textsOf(valueAt(file.document.value, path) ?? null, path)) {
    const isOther = text === from && kind !== 'singular-test' // names of tests are their own
    const to = isOther ? undefined : names.get(text)
    if (to !== undefined) findings.replace(file, valueSpan(file.document, at), text, to)
  }
}

interface TestEntry {
  readonly entry: JsonValue
  readonly path: Path
}

/** The items of every list `tests:`. */
function testEntries(value: JsonValue | undefined, path: Path): readonly TestEntry[] {
  if (!isMapping(value)) return []
  return Object.entries(value).flatMap(([key, item]): readonly TestEntry[] =>
    key === 'tests' && Array.isArray(item)
      ? item.map((entry: JsonValue, index) => ({ entry, path: [...path, key, index] }))
      : testEntries(item, [...path, key]),
  )
}

function renameInSelectors(file: WrittenFile, names: SelectorNames, findings: RenameFindings): void {
  const { document } = file
  for (const { path, text } of textsOf(valueAt(document.value, ['selectors']) ?? null, ['selectors'])) {
    if (path.at(-1) === 'description' && path.length === 3) continue
    const renamed = renameInSelector(text, names)
    if (renamed !== text) findings.replace(file, valueSpan(document, path), text, renamed)
  }
}
