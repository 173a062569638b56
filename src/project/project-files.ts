/**
 * Which files make up a project. Only the folders that have a meaning are read; another project below (a folder with its own
 * sqlflow.yml), dot folders, node_modules and target are never entered, and no folder is entered twice, whatever links say.
 */
import { readdirSync, realpathSync, statSync, type Dirent } from 'node:fs'
import { join } from 'node:path'
import { SqlflowError } from '../core/errors.ts'
import { projectFile } from './find-project.ts'

const projectFolders = ['models', 'macros', 'seeds', 'tests', 'exports'] as const
type ProjectFolder = (typeof projectFolders)[number]

/** Paths relative to the root, forward slashes, sorted. */
export type ProjectFiles = Readonly<Record<ProjectFolder, readonly string[]>>

const skipped = new Set(['node_modules', 'target'])
const extensions: Readonly<Record<ProjectFolder, RegExp>> = {
  models: /\.(?:sql|ya?ml)$/i,
  macros: /\.(?:sql|ya?ml)$/i,
  seeds: /\.(?:csv|tsv|ya?ml)$/i,
  tests: /\.(?:sql|ya?ml)$/i,
  exports: /\.(?:sql|ya?ml)$/i,
}

export function listProjectFiles(root: string): ProjectFiles {
  const list = (folder: ProjectFolder): readonly string[] => {
    const files: string[] = []
    if (kindOfTarget(join(root, folder)) === 'folder') walk({ root, wanted: extensions[folder], files, entered: new Set() }, folder)
    return files.sort(byCodePoint)
  }
  return { models: list('models'), macros: list('macros'), seeds: list('seeds'), tests: list('tests'), exports: list('exports') }
}

interface Walk {
  readonly root: string
  readonly wanted: RegExp
  readonly files: string[]
  /** Real paths of the folders entered so far. */
  readonly entered: Set<string>
}

function walk(state: Walk, folder: string): void {
  const path = join(state.root, folder)
  const real = realpathSync(path)
  if (state.entered.has(real)) return
  state.entered.add(real)
  const entries = readEntries(path)
  if (entries.some((entry) => entry.name === projectFile)) return
  for (const entry of entries) visit(state, `${folder}/${entry.name}`, entry)
}

function visit(state: Walk, path: string, entry: Dirent): void {
  if (entry.name.startsWith('.')) return
  const kind = kindOf(state.root, path, entry)
  if (kind === 'folder' && !skipped.has(entry.name)) walk(state, path)
  else if (kind === 'file' && state.wanted.test(entry.name)) state.files.push(path)
}

function kindOf(root: string, path: string, entry: Dirent): 'file' | 'folder' | 'other' {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'folder'
  if (!entry.isSymbolicLink()) return 'other'
  return kindOfTarget(join(root, path))
}

/** A link to nothing, or to itself, is `other`. */
function kindOfTarget(path: string): 'file' | 'folder' | 'other' {
  try {
    const stats = statSync(path)
    if (stats.isFile()) return 'file'
    return stats.isDirectory() ? 'folder' : 'other'
  } catch {
    return 'other'
  }
}

/** Plain entries before links, so that a folder keeps its own path when a link leads to it too. */
function readEntries(path: string): readonly Dirent[] {
  const entries = listFolder(path)
  return entries.sort((a, b) => Number(a.isSymbolicLink()) - Number(b.isSymbolicLink()) || byCodePoint(a.name, b.name))
}

function listFolder(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true })
  } catch (cause) {
    const hint = 'Check that you may read the folder, or take it out of the project.'
    throw new SqlflowError('unreadable-folder', `The folder ${path} cannot be read.`, { hint, cause })
  }
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
