/**
 * What Google says of a request may quote a value that was in it. A message goes on only without quoted text, and without any word that stands
 * in a cell of the request.
 */

/** Keys of a request below which cells stand. */
const cellKeys = new Set(['values', 'stringValue', 'numberValue', 'boolValue', 'formulaValue', 'note', 'metadataValue', 'sourceValue'])
const word = /[\p{L}\p{M}\p{N}_]+/gu

/** `body` is the request's JSON; without one nothing was sent that could be quoted. */
export function redactMessage(message: string, body: string | Uint8Array | undefined): string {
  const plain = message
    .replace(/\{.*$/s, '…')
    .replaceAll(/"(?:[^"\\]|\\.)*"?/gs, '"…"')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 500)
  if (body === undefined) return plain
  const sent = wordsOfCells(body)
  return plain.replaceAll(word, (one) => (isTelling(one) && sent.has(one.toLowerCase()) ? '…' : one)).replaceAll(/…(?:[\s,;|]*…)+/g, '…')
}

/** A small number or a syllable says nothing about anybody. */
function isTelling(one: string): boolean {
  return one.length >= 3 && !/^\d{1,3}$/.test(one)
}

function wordsOfCells(body: string | Uint8Array): ReadonlySet<string> {
  const words = new Set<string>()
  const add = (value: string | number | boolean): void => {
    for (const [one] of String(value).matchAll(word)) words.add(one.toLowerCase())
  }
  visit(JSON.parse(typeof body === 'string' ? body : Buffer.from(body).toString('utf8')), false, add)
  return words
}

function visit(value: unknown, inCell: boolean, add: (leaf: string | number | boolean) => void): void {
  if (Array.isArray(value)) for (const one of value) visit(one, inCell, add)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, one] of Object.entries(value)) visit(one, inCell || cellKeys.has(key), add)
  } else if (inCell && (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')) add(value)
}
