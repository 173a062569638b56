/**
 * Wildcards of selectors: `*`, `?`, `[abc]`, `[a-z]`, `[!abc]`, as shells and dbt know them. Our own few lines: names and
 * paths need no more, and each pattern is compiled once per term.
 */

export type Match = (text: string) => boolean

export function hasWildcard(pattern: string): boolean {
  return /[*?[]/.test(pattern)
}

/** Over a name: `*` and `?` match any character. Case counts. */
export function matchName(pattern: string): Match {
  if (!hasWildcard(pattern)) return (text) => text === pattern
  return compile(pattern, toExpression(pattern, { star: '.*', one: '.' }))
}

/** Over a path: `*` and `?` stop at a slash, `**` does not; a folder matches all that is in it. */
export function matchPath(pattern: string): Match {
  const trimmed = pattern
    .replaceAll('\\', '/')
    .replace(/^(\.\/)+/, '')
    .replace(/\/+$/, '')
  if (trimmed === '' || trimmed === '.') return () => true
  return compile(trimmed, `${toExpression(trimmed, { star: '[^/]*', one: '[^/]' })}(?:/.*)?`)
}

/** A range that runs backwards, `[z-a]`, is no pattern: the text stands for itself. */
function compile(pattern: string, expression: string): Match {
  try {
    const compiled = new RegExp(`^${expression}$`, 'su')
    return (text) => compiled.test(text)
  } catch {
    return (text) => text === pattern
  }
}

const token = /\*\*\/|\*+|\?|\[(!|\^)?(\]?[^\]]*)\]|[\s\S]/gu

function toExpression(pattern: string, { star, one }: { star: string; one: string }): string {
  return pattern.replaceAll(token, (text: string, negated: string | undefined, members: string | undefined) => {
    if (text === '**/') return star === '.*' ? '.*/' : '(?:.*/)?'
    if (text.startsWith('*')) return text.length > 1 ? '.*' : star
    if (text === '?') return one
    if (members !== undefined && members !== '') return `[${negated ? '^' : ''}${members.replaceAll(/[\\[\]^]/g, String.raw`\$&`)}]`
    return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
  })
}
