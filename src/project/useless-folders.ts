/** What is said of folders in vain: a slip of the hand would otherwise pass in silence. */
import { warningDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { didYouMean } from '../core/nearest-name.ts'
import { keySpan, type Document } from './document.ts'
import { normalizeFolder, parentOf } from './folders.ts'
import type { FolderConfig, ProjectConfig } from './schemas/project.ts'

/** `files`: every file of the project. */
export function findUselessFolders(document: Document<ProjectConfig>, files: readonly string[]): readonly Diagnostic[] {
  const described = Object.entries(document.value.folders ?? {})
  if (described.length === 0) return []
  const folders = new Set(files.flatMap(ancestorsOf))
  return described.flatMap(([path, config]) => {
    const folder = normalizeFolder(path)
    return folders.has(folder) ? uselessKeys(document, path, folder, config) : [unknownFolder(document, path, folders)]
  })
}

function ancestorsOf(file: string): readonly string[] {
  const folders: string[] = []
  for (let folder = parentOf(file); folder !== ''; folder = parentOf(folder)) folders.push(folder)
  return folders
}

function unknownFolder(document: Document<ProjectConfig>, path: string, folders: ReadonlySet<string>): Diagnostic {
  return warningDiagnostic('unknown-folder', `\`${path}\` under \`folders\` is no folder with files of this project.`, {
    at: keySpan(document, ['folders', path]),
    hint: didYouMean(path, folders),
  })
}

type FolderKey = keyof FolderConfig

const ofAll: readonly FolderKey[] = ['owner', 'tags', 'meta', 'enabled']
const ofTests: readonly FolderKey[] = ['severity', 'store_failures']
const ofRelations: readonly FolderKey[] = ['schema', 'grants', 'swap', 'dist', 'sort', 'backup', 'query_group', 'analyze']

/** What has a meaning, by the first folder of a path. Models, seeds and sources declare data tests. */
const meaningful: Readonly<Record<string, readonly FolderKey[]>> = {
  models: [...ofAll, ...ofTests, ...ofRelations, 'materialized', 'bind', 'auto_refresh'],
  seeds: [...ofAll, ...ofTests, ...ofRelations],
  tests: [...ofAll, ...ofTests],
  exports: ofAll,
  macros: [],
}

function uselessKeys(document: Document<ProjectConfig>, path: string, folder: string, config: FolderConfig): readonly Diagnostic[] {
  const [top = ''] = folder.split('/')
  const known = new Set<string>(meaningful[top])
  return Object.keys(config)
    .filter((key) => !known.has(key))
    .map((key) =>
      warningDiagnostic('useless-key', `\`${key}\` means nothing to ${top}.`, {
        at: keySpan(document, ['folders', path, key]),
        hint: 'Remove the line.',
      }),
    )
}
