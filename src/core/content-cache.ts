/**
 * Results that depend on the content of a file alone, kept from one command to the next: `project/content-cache.ts` stores them.
 * A value is plain JSON, and a pure function of its key: keys are hashes of content. Losing the cache loses time alone.
 */
export interface ContentCache {
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows what it put under the kind
  readonly get: <T>(kind: string, key: string) => T | undefined
  readonly set: (kind: string, key: string, value: unknown) => void
}

export const noCache: ContentCache = { get: () => undefined, set: () => {} }
