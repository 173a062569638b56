/** Aliases (`*name`) share a value while it is in memory; written out, into the cache or a manifest, they may have no end. */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { JsonValue } from '../core/project.ts'
import type { Document } from './document.ts'

const most = 100_000

/** A value that holds itself, or that aliases of aliases multiply. `start` is the offset of `text` in the file. */
export function findEndlessAliases({ file, value }: Document<JsonValue>, text: string, start: number): Diagnostic | undefined {
  const alias = /\*[^\s,[\]{}]+/.exec(text)
  if (!alias || !text.includes('&') || !isLargerThan(value, most)) return undefined
  return errorDiagnostic('yaml-alias', `The aliases of this file make it endless, or larger than ${most.toLocaleString('en')} values.`, {
    at: { file, start: start + alias.index, end: start + alias.index + alias[0].length },
    hint: 'Write the values out where they stand.',
  })
}

function isLargerThan(root: JsonValue, limit: number): boolean {
  const left: JsonValue[] = [root]
  for (let count = 0; count <= limit; count++) {
    const value = left.pop()
    if (value === undefined) return false
    if (typeof value === 'object' && value !== null) for (const child of Object.values(value)) left.push(child)
  }
  return true
}
