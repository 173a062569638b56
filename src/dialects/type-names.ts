/** The names of types as people write them, and as a catalog shows them (`format_type`). Pure text; each dialect brings its own list. */

export interface TypeNames {
  /** Spellings that people use, lower case, by the one that the catalog shows. */
  readonly aliases: Readonly<Record<string, string>>
  /** Further ones that the catalog shows as they are. */
  readonly others: readonly string[]
}

/** An unknown type passes through as written. */
export function typeSpeller({ aliases, others }: TypeNames): (written: string) => string {
  const known: ReadonlySet<string> = new Set([...Object.values(aliases), ...others])
  return (written) => {
    const parts = /^([a-z_][a-z0-9_ ]*?)\s*(\([\s\d,]*\))?\s*(with(?:out)? time zone)?\s*((?:\[\d*\])*)$/i.exec(written.trim())
    if (parts === null) return written.trim()
    const [, base = '', modifier = '', zone, array = ''] = parts
    const words = [base, zone ?? ''].join(' ').trim().toLowerCase().replaceAll(/\s+/g, ' ')
    const name = aliases[words] ?? (known.has(words) ? words : base)
    return withModifier(name, modifier.replaceAll(/\s+/g, '')) + array
  }
}

/** `timestamp(3) without time zone`: the modifier stands after the first word of the types of time. */
function withModifier(name: string, modifier: string): string {
  if (modifier === '') return name
  if (name === 'numeric' && !modifier.includes(',')) return `numeric(${modifier.slice(1, -1)},0)`
  if (/^(time|timestamp) /.test(name)) return name.replace(' ', `${modifier} `)
  return name + modifier
}
