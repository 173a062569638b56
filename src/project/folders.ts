/** Defaults by folder: the nearest folder wins, tags add up, meta and grants merge by key. */
import type { JsonValue, Materialization, Swap } from '../core/project.ts'
import { compact, listOf } from './compact.ts'
import type { Document } from './document.ts'
import type { FolderConfig, ProjectConfig } from './schemas/project.ts'

export interface FolderDefaults {
  readonly owner?: string
  readonly tags: readonly string[]
  readonly meta: Readonly<Record<string, JsonValue>>
  readonly grants: Grants
  readonly materialized?: Materialization
  readonly schema?: string
  readonly enabled?: boolean
  readonly swap?: Swap
  readonly dist?: string
  readonly sort?: NonNullable<FolderConfig['sort']>
  readonly backup?: boolean
  readonly bind?: boolean
  readonly query_group?: string
  readonly auto_refresh?: boolean
  readonly analyze?: boolean
  readonly severity?: 'error' | 'warn'
  readonly store_failures?: boolean
}

export type Grants = Readonly<Record<string, readonly string[]>>

const noDefaults: FolderDefaults = { tags: [], meta: {}, grants: {} }

/** A function from a file to its defaults; each folder is worked out once. */
export function folderDefaults(document: Document<ProjectConfig>): (file: string) => FolderDefaults {
  const declared = new Map(Object.entries(document.value.folders ?? {}).map(([path, config]) => [normalizeFolder(path), config]))
  const known = new Map<string, FolderDefaults>([['', noDefaults]])
  const ofFolder = (folder: string): FolderDefaults => {
    const found = known.get(folder)
    if (found) return found
    const outer = ofFolder(parentOf(folder))
    const config = declared.get(folder)
    const defaults = config ? merge(outer, config) : outer
    known.set(folder, defaults)
    return defaults
  }
  return (file) => ofFolder(parentOf(file))
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/** `./models/staging/` is `models/staging`. */
export function normalizeFolder(path: string): string {
  return path.replace(/^\.\//, '').replace(/\/+$/, '')
}

function merge(outer: FolderDefaults, config: FolderConfig): FolderDefaults {
  const { tags, meta, grants, ...others } = config
  return compact<FolderDefaults>({
    ...outer,
    ...others,
    tags: addTags(outer.tags, listOf(tags)),
    meta: { ...outer.meta, ...meta },
    grants: mergeGrants(outer.grants, grants),
  })
}

export function addTags(outer: readonly string[], own: readonly string[]): readonly string[] {
  return own.length === 0 ? outer : [...new Set([...outer, ...own])]
}

/** By privilege, in lower case. */
export function mergeGrants(outer: Grants, own: Readonly<Record<string, string | readonly string[]>> | undefined): Grants {
  if (!own) return outer
  const merged: Record<string, readonly string[]> = { ...outer }
  for (const [privilege, roles] of Object.entries(own)) merged[privilege.toLowerCase()] = listOf(roles)
  return merged
}
