/** A project in a folder of its own, written from an object of files, loaded, its mistakes told as text to compare whole. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { noCache } from '../../src/core/content-cache.ts'
import type { Project } from '../../src/core/project.ts'
import { positionAt, type Span } from '../../src/core/span.ts'
import { loadProject, type LoadedProject, type LoadProjectOptions } from '../../src/project/load-project.ts'
import { createTemporaryFolder } from '../support/databases.ts'

export type FileContents = Readonly<Record<string, string | Uint8Array>>

export function writeFiles(root: string, files: FileContents): void {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), content)
  }
}

export interface LoadedFolder extends LoadedProject {
  readonly project: Project
  /** `error unknown-key at sqlflow.yml:2:1 [verson]`, message, hint and related places, line by line. */
  readonly told: string
}

/** A sqlflow.yml is added where `files` has none. */
export async function loadFolder(files: FileContents, options: Partial<LoadProjectOptions> = {}): Promise<LoadedFolder> {
  await using folder = await createTemporaryFolder()
  writeFiles(folder.path, { 'sqlflow.yml': 'name: field\n', ...files })
  const loaded = await loadProject({ root: folder.path, environment: {}, cache: noCache, ...options })
  if (!loaded.project) throw new Error('There is no project.')
  return { ...loaded, project: loaded.project, told: tell(loaded) }
}

/** The mistakes alone. */
export async function tellMistakes(files: FileContents, options: Partial<LoadProjectOptions> = {}): Promise<string> {
  const { told } = await loadFolder(files, options)
  return told
}

export function tell({ diagnostics, files }: LoadedProject): string {
  const place = (at: Span): string => {
    const text = files.get(at.file) ?? ''
    const { line, column } = positionAt(text, at.start)
    return `${at.file}:${line}:${column} [${text.slice(at.start, at.end)}]`
  }
  return diagnostics
    .flatMap(({ severity, code, message, at, hint, related = [] }) => [
      `${severity} ${code}${at ? ` at ${place(at)}` : ''}`,
      `  ${message}`,
      ...(hint === undefined ? [] : [`  hint: ${hint}`]),
      ...related.map((one) => `  ${place(one.at)}: ${one.message}`),
    ])
    .join('\n')
}

/** Lines without the indentation of the test. */
export function lines(text: string): string {
  const indented = text.replace(/^\n/, '').trimEnd().split('\n')
  const margin = Math.min(...indented.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)))
  return indented.map((line) => line.slice(margin)).join('\n')
}
