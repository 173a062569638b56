/** `fields=spreadsheetId,sheets(properties,data.rowData)`: the part of an answer that was asked for. */

interface Mask {
  readonly [name: string]: Mask | true
}

export function applyFields(answer: unknown, fields: string | undefined): unknown {
  return fields === undefined || fields === '' || fields === '*' ? answer : pick(answer, parse(fields))
}

function parse(text: string): Mask {
  const mask: Record<string, Mask | true> = {}
  let at = 0
  const list = (into: Record<string, Mask | true>): void => {
    while (at < text.length && text[at] !== ')') {
      const name = /^[\w*]+/.exec(text.slice(at))?.[0] ?? ''
      if (name === '') {
        at++
        continue
      }
      at += name.length
      if (text[at] === '(') {
        at++
        const inner: Record<string, Mask | true> = {}
        list(inner)
        at++
        into[name] = merge(into[name], inner)
      } else if (text[at] === '.' || text[at] === '/') {
        at++
        const rest = /^[\w*./]+/.exec(text.slice(at))?.[0] ?? ''
        const isNested = text[at + rest.length] === '('
        at += rest.length
        let leaf: Record<string, Mask | true> | true = true
        if (isNested) {
          at++
          leaf = {}
          list(leaf)
          at++
        }
        const inner = rest.split(/[./]/).reduceRight<Mask | true>((below, key) => ({ [key]: below }), leaf)
        into[name] = merge(into[name], inner)
      } else into[name] = true
      if (text[at] === ',') at++
    }
  }
  list(mask)
  return mask
}

function merge(a: Mask | true | undefined, b: Mask | true): Mask | true {
  if (a === true || b === true) return true
  const merged: Record<string, Mask | true> = { ...a }
  for (const [key, below] of Object.entries(b)) merged[key] = merge(merged[key], below)
  return merged
}

function pick(value: unknown, mask: Mask | true): unknown {
  if (mask === true || typeof value !== 'object' || value === null || Object.hasOwn(mask, '*')) return value
  if (Array.isArray(value)) return value.map((one) => pick(one, mask))
  const kept = Object.entries(mask).flatMap(([key, below]) => {
    const found: unknown = Reflect.get(value, key)
    return found === undefined ? [] : [[key, pick(found, below)]]
  })
  return Object.fromEntries(kept)
}
