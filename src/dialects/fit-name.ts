/** Names that are derived from another name and must fit the limit of the warehouse: cut, and ended by 8 hex digits of the whole. */
import { createHash } from 'node:crypto'

const digits = 8

/** `name` itself where it fits in `bytes` of UTF-8. */
export function fitName(name: string, bytes: number): string {
  if (Buffer.byteLength(name) <= bytes) return name
  const hash = createHash('sha256').update(name).digest('hex').slice(0, digits)
  return `${cutBytes(name, bytes - digits - 1)}_${hash}`
}

/** At most `bytes` of UTF-8, never within a character. */
export function cutBytes(text: string, bytes: number): string {
  let kept = ''
  let size = 0
  for (const character of text) {
    size += Buffer.byteLength(character)
    if (size > bytes) break
    kept += character
  }
  return kept
}
