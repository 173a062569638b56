/** Where the file of an export stands: under the project's folder always, and under `target/` while exports are previews. */
import { realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join, posix, relative, resolve, sep } from 'node:path'
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { FileDestination, FileExport, Target } from '../core/project.ts'
import { findShared } from './shared-destinations.ts'

export interface ExportPlace {
  /** Relative to the project's root, forward slashes. */
  readonly where: string
  /** Absolute. */
  readonly path: string
}

type Located = Pick<FileExport, 'name' | 'destination'>

export function exportPlace(root: string, target: Pick<Target, 'name' | 'exports'>, one: Located): ExportPlace {
  const path = normalPath(one.destination.path)
  const where = target.exports === 'live' ? path : posix.join('target', target.name, 'exports', path)
  return { where, path: join(root, where) }
}

/** Paths that leave the project, and exports that would overwrite one another's file: known from the project alone. */
export function checkExportPaths(exports: readonly Located[]): readonly Diagnostic[] {
  return [...exports.flatMap(checkPath), ...findSharedFiles(exports)]
}

/** Two exports with one file: names that differ only by case are one file on many disks. */
function findSharedFiles(exports: readonly Located[]): readonly Diagnostic[] {
  return findShared(exports, {
    keyOf: ({ destination }) => normalPath(destination.path).toLowerCase(),
    describe: ({ destination }) => `one file, \`${destination.path}\``,
    hint: 'Give one of them another path.',
  })
}

function checkPath({ name, destination }: Located): readonly Diagnostic[] {
  const { at } = destination
  const path = normalPath(destination.path)
  const outside = isAbsolute(destination.path) || /^[a-z]:/i.test(path) || path === '..' || path.startsWith('../')
  if (outside) return [leavesProject(name, destination.path, at)]
  if (path !== '.' && !path.endsWith('/') && !path.includes('\0')) return []
  return [errorDiagnostic('export-path', `The path \`${destination.path}\` of the export \`${name}\` names no file.`, { at })]
}

function leavesProject(name: string, path: string, at: FileDestination['at']): Diagnostic {
  return errorDiagnostic('export-path', `The path \`${path}\` of the export \`${name}\` leaves the project's folder.`, {
    at,
    hint: 'Write a path relative to the folder of sqlflow.yml.',
  })
}

/** A link on the way may lead out of the project, which only the disk knows. */
export async function checkLinks(root: string, place: ExportPlace, one: Located): Promise<Diagnostic | undefined> {
  const home = await realpath(root)
  let folder = dirname(place.path)
  for (;;) {
    const real = await realpath(folder).catch(() => undefined)
    if (real !== undefined) {
      const way = relative(home, real)
      return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)
        ? leavesProject(one.name, one.destination.path, one.destination.at)
        : undefined
    }
    if (resolve(folder, '..') === folder) return undefined
    folder = dirname(folder)
  }
}

function normalPath(path: string): string {
  return posix.normalize(path.replaceAll('\\', '/'))
}
