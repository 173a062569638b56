/** How many columns a text takes on a terminal. Printable ASCII, which is nearly all, is counted here: string-width is loaded for the rest. */
import { createRequire } from 'node:module'
import type stringWidth from 'string-width'

const plain = /^[\x20-\x7e]*$/

export function textWidth(text: string): number {
  return plain.test(text) ? text.length : (loaded ??= load())(text)
}

let loaded: typeof stringWidth | undefined

function load(): typeof stringWidth {
  const module = createRequire(import.meta.url)('string-width') as { readonly default: typeof stringWidth }
  return module.default
}
