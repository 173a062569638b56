/**
 * Every file of a project, read and parsed. What a file says depends on its path and text alone, so it is kept in the cache: only
 * files that are new to it load the YAML parser and the schemas.
 */
import type { ContentCache } from '../core/content-cache.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import type { SqlSource } from '../core/span.ts'
import { contentKey, documentFacts } from './content-cache.ts'
import { emptyDocument, type Document } from './document.ts'
import { packDocument, unpackDocument, type DocumentFacts } from './document-facts.ts'
import type { DocumentKind, DocumentValues } from './document-kinds.ts'
import { projectFile } from './find-project.ts'
import { splitFrontMatter } from './front-matter.ts'
import type * as ParseDocument from './parse-document.ts'
import type { ProjectFiles } from './project-files.ts'
import type { ExportConfig } from './schemas/exports.ts'
import type { GenericTestConfig, MacroConfig } from './schemas/macros.ts'
import type { ModelConfig } from './schemas/nodes.ts'
import type { ProjectConfig } from './schemas/project.ts'
import type { PropertiesConfig } from './schemas/properties.ts'
import type { SingularTestConfig } from './schemas/tests.ts'
import { readSourceFile } from './source-file.ts'

export interface LoadedSqlFile<T> {
  readonly file: string
  readonly document: Document<T>
  readonly body: SqlSource
  /** The file was read, and its front matter found its end. */
  readonly isWhole: boolean
}

export interface LoadedFiles {
  readonly project: Document<ProjectConfig>
  readonly models: readonly LoadedSqlFile<ModelConfig>[]
  readonly macros: readonly LoadedSqlFile<MacroConfig>[]
  readonly singularTests: readonly LoadedSqlFile<SingularTestConfig>[]
  readonly genericTests: readonly LoadedSqlFile<GenericTestConfig>[]
  readonly exportSql: readonly LoadedSqlFile<ExportConfig>[]
  readonly exportYaml: readonly Document<ExportConfig>[]
  readonly properties: readonly Document<PropertiesConfig>[]
  /** The text of every file that was read, by path. */
  readonly texts: ReadonlyMap<string, string>
  readonly diagnostics: readonly Diagnostic[]
}

export async function loadFiles(root: string, files: ProjectFiles, cache: ContentCache): Promise<LoadedFiles> {
  const reader = new FileReader(root, cache)
  const isSql = (file: string): boolean => /\.sql$/i.test(file)
  const isYaml = (file: string): boolean => /\.ya?ml$/i.test(file)
  const isGeneric = (file: string): boolean => file.startsWith('tests/generic/')
  const testSql = files.tests.filter(isSql)
  const project = reader.readYaml('project', projectFile)
  const models = files.models.filter(isSql).map((file) => reader.readSql('model', file))
  const macros = files.macros.filter(isSql).map((file) => reader.readSql('macro', file))
  const singularTests = testSql.filter((file) => !isGeneric(file)).map((file) => reader.readSql('singular-test', file))
  const genericTests = testSql.filter(isGeneric).map((file) => reader.readSql('generic-test', file))
  const exportSql = files.exports.filter(isSql).map((file) => reader.readSql('export', file))
  const exportYaml = files.exports.filter(isYaml).map((file) => reader.readYaml('export', file))
  const properties = [...files.models, ...files.seeds, ...files.macros, ...files.tests]
    .filter(isYaml)
    .map((file) => reader.readYaml('properties', file))
  await reader.parsePending()
  return {
    project: project(),
    models: models.map(call),
    macros: macros.map(call),
    singularTests: singularTests.map(call),
    genericTests: genericTests.map(call),
    exportSql: exportSql.map(call),
    exportYaml: exportYaml.map(call),
    properties: properties.map(call),
    texts: reader.texts,
    diagnostics: reader.diagnostics,
  }
}

function call<T>(later: () => T): T {
  return later()
}

type DocumentParser = typeof ParseDocument

interface Pending {
  readonly parse: (parser: DocumentParser) => void
}

/** Reads at once, and parses later in one go what the cache does not know: each reading is a function to call after that. */
class FileReader {
  readonly texts = new Map<string, string>()
  readonly diagnostics: Diagnostic[] = []
  private readonly root: string
  private readonly cache: ContentCache
  private readonly pending: Pending[] = []

  constructor(root: string, cache: ContentCache) {
    this.root = root
    this.cache = cache
  }

  readYaml<K extends DocumentKind>(kind: K, file: string): () => Document<DocumentValues[K]> {
    const { text, ok } = this.readText(file)
    return this.document(kind, file, ok ? text : '', 0)
  }

  readSql<K extends DocumentKind>(kind: K, file: string): () => LoadedSqlFile<DocumentValues[K]> {
    const { text, ok } = this.readText(file)
    const { body, yaml, diagnostic } = splitFrontMatter(file, text)
    if (diagnostic) this.diagnostics.push(diagnostic)
    const document = yaml ? this.document(kind, file, yaml.text, yaml.start) : this.withoutYaml<K>(file)
    const isWhole = ok && !diagnostic
    return () => ({ file, document: document(), body, isWhole })
  }

  private readText(file: string): { readonly text: string; readonly ok: boolean } {
    const read = readSourceFile(this.root, file)
    this.texts.set(file, read.text)
    if (!read.ok) this.diagnostics.push(read.diagnostic)
    return read
  }

  private withoutYaml<K extends DocumentKind>(file: string): () => Document<DocumentValues[K]> {
    return () => emptyDocument(file, {} as DocumentValues[K])
  }

  private document<K extends DocumentKind>(kind: K, file: string, text: string, start: number): () => Document<DocumentValues[K]> {
    const key = contentKey(kind, file, String(start), text)
    const facts = this.cache.get<DocumentFacts<DocumentValues[K]>>(documentFacts, key)
    let document = facts && unpackDocument(file, facts)
    if (!document) {
      const parse: Pending['parse'] = ({ parseDocument }) => {
        document = parseDocument(kind, file, text, start)
        this.cache.set(documentFacts, key, packDocument(document))
      }
      this.pending.push({ parse })
    }
    return () => {
      if (!document) throw new Error(`${file} was not parsed.`)
      return document
    }
  }

  async parsePending(): Promise<void> {
    if (this.pending.length === 0) return
    const parser = await import('./parse-document.ts')
    for (const { parse } of this.pending) parse(parser)
  }
}
