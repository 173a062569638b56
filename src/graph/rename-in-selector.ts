/** A selector with the names in it replaced, and everything else as it was typed. Pure. */
import { parseSelector, type Term } from './parse-selector.ts'

export interface SelectorNames {
  /** Names of nodes and of tests, old to new. */
  readonly names: ReadonlyMap<string, string>
  /** Of sources. */
  readonly sources: ReadonlyMap<string, string>
  /** Of generic tests. */
  readonly tests: ReadonlyMap<string, string>
  readonly files: ReadonlyMap<string, string>
}

export function renameInSelector(text: string, names: SelectorNames): string {
  return text
    .split(/(\s+|,)/)
    .map((word, index) => (index % 2 === 1 || word === '' ? word : renameInTerm(word, names)))
    .join('')
}

function renameInTerm(word: string, names: SelectorNames): string {
  const term = parseSelector(word, { diagnostics: [] })[0]?.[0]
  const renamed = term && renamedValue(term, names)
  if (!term || renamed === undefined) return word
  const end = word.length - (/\+\d*$/.exec(word)?.[0].length ?? 0)
  return word.slice(0, end - term.value.length) + renamed + word.slice(end)
}

function renamedValue({ method, value }: Term, { names, sources, tests, files }: SelectorNames): string | undefined {
  switch (method) {
    case 'fqn':
      return names.get(value) ?? renamedEnd(value, names, '.')
    case 'export':
      return names.get(value)
    case 'test_name':
      return tests.get(value) ?? names.get(value)
    case 'source':
      return sources.get(value) ?? renamedEnd(value, sources, '.')
    case 'file':
      return renamedFile(value, files)
    case 'path':
      return files.get(value)
    case 'tag':
    case 'config':
    case 'resource_type':
    case 'test_type':
    case 'selector':
      return undefined
    default:
      return method satisfies never
  }
}

/** `marts.turf_list`: the last part, behind folders or the name of the project. */
function renamedEnd(value: string, names: ReadonlyMap<string, string>, separator: string): string | undefined {
  for (const [from, to] of names) {
    if (value.endsWith(separator + from)) return value.slice(0, -from.length) + to
  }
  return undefined
}

/** A file by its name, or by its stem. */
function renamedFile(value: string, files: ReadonlyMap<string, string>): string | undefined {
  for (const [from, to] of files) {
    const [was, is] = [from, to].map((file) => file.slice(file.lastIndexOf('/') + 1)) as [string, string]
    if (value === was) return is
    if (value === stem(was)) return stem(is)
  }
  return undefined
}

function stem(name: string): string {
  return name.slice(0, name.lastIndexOf('.'))
}
