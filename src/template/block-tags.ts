/** Tags that open, divide or close a block, told from their text: for mistakes, and before there is a tree. */
import type { SqlSource } from '../core/span.ts'
import type { Tag } from './scan-tags.ts'

interface BlockPart {
  readonly kind: 'open' | 'close' | 'else'
  readonly name: string
}

export function blockPart({ text }: SqlSource, tag: Tag): BlockPart | undefined {
  if (tag.kind !== 'handlebars') return undefined
  const written = text.slice(tag.start, tag.end)
  const inverse = /^\{\{~?(?:\^\s*~?\}\}|\s*else\b)/.test(written)
  if (inverse) return { kind: 'else', name: 'else' }
  const [, sign, name] = /^\{\{~?(#\*?|#>|\^|\/)\s*(\[[^\]]*\]|"[^"]*"|'[^']*'|[^\s~}]*)/.exec(written) ?? []
  if (sign === undefined) return undefined
  const bare = (name ?? '').replace(/^(?:\[(.*)\]|"(.*)"|'(.*)')$/, '$1$2$3')
  return { kind: sign === '/' ? 'close' : 'open', name: bare }
}
