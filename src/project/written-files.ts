/**
 * A project as its files say it, before anything is resolved: also what is disabled, or described in two places. For commands that change files;
 * what cannot be read is left out here, because loading the project reports it.
 */
import type { JsonValue } from '../core/project.ts'
import type { SqlSource } from '../core/span.ts'
import { emptyDocument, sqlAt, type Document, type Path } from './document.ts'
import { projectFile } from './find-project.ts'
import { splitFrontMatter } from './front-matter.ts'
import { listProjectFiles } from './project-files.ts'
import { readSourceFile } from './source-file.ts'
import { parseYaml } from './yaml.ts'

export interface WrittenFile {
  /** Relative to the root. */
  readonly file: string
  readonly text: string
  /** Of a `.sql` file. */
  readonly body?: SqlSource
  /** The YAML of the file, or its front matter; null where it has none. */
  readonly document: Document<JsonValue>
}

export interface WrittenTemplate {
  readonly source: SqlSource
  /** Names that mean something else than a macro in it: arguments. */
  readonly locals: ReadonlySet<string>
}

export function readWrittenFiles(root: string): readonly WrittenFile[] {
  const { seeds, ...folders } = listProjectFiles(root)
  const yamlOfSeeds = seeds.filter((file) => /\.ya?ml$/i.test(file))
  return [projectFile, ...Object.values(folders).flat(), ...yamlOfSeeds].flatMap((file) => {
    const read = readSourceFile(root, file)
    return read.ok ? [parseWrittenFile(file, read.text)] : []
  })
}

function parseWrittenFile(file: string, text: string): WrittenFile {
  if (!/\.sql$/i.test(file)) return { file, text, document: parseYamlOf(file, text, 0) }
  const { body, yaml } = splitFrontMatter(file, text)
  return { file, text, body, document: yaml ? parseYamlOf(file, yaml.text, yaml.start) : emptyDocument<JsonValue>(file, null) }
}

function parseYamlOf(file: string, text: string, start: number): Document<JsonValue> {
  const { place, ...parsed } = parseYaml(file, text, start)
  return { file, ...parsed, place: () => place }
}

/** The SQL of the file, and every text of its YAML that holds a tag. */
export function templatesOf({ file, body, document }: WrittenFile): readonly WrittenTemplate[] {
  const inYaml = textsOf(document.value).flatMap(({ path, text }): readonly WrittenTemplate[] =>
    text.includes('{{') ? [{ source: sqlAt(document, path, text), locals: impliedLocals }] : [],
  )
  return body ? [{ source: body, locals: argumentsOf(file, document.value) }, ...inYaml] : inYaml
}

const impliedLocals: ReadonlySet<string> = new Set(['relation', 'column'])

function argumentsOf(file: string, value: JsonValue): ReadonlySet<string> {
  const isGeneric = file.startsWith('tests/generic/')
  if (!isGeneric && !file.startsWith('macros/')) return new Set()
  const args = isMapping(value) && isMapping(value['args']) ? Object.keys(value['args']).map((name) => name.replace(/^\.\.\./, '')) : []
  return new Set(isGeneric ? [...args, ...impliedLocals] : args)
}

export interface WrittenText {
  readonly path: Path
  readonly text: string
}

/** Every text among the values, in order. */
export function textsOf(value: JsonValue, path: Path = []): readonly WrittenText[] {
  if (typeof value === 'string') return [{ path, text: value }]
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, item]: [string, JsonValue]) =>
    textsOf(item, [...path, Array.isArray(value) ? Number(key) : key]),
  )
}

export function isMapping(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
