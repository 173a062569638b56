/** `${NAME}` and `${NAME:-default}` in YAML; `$${NAME}` stands for the text `${NAME}`. Pure. */
import type { EnvUse, Path } from './document.ts'

const use = /\$?\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g

/** Uses in a scalar as it stands in the file, from `start` on. */
export function findEnvUses(raw: string, start: number, path: Path): readonly EnvUse[] {
  const uses: EnvUse[] = []
  for (const found of raw.matchAll(use)) {
    const isEscaped = found[0].startsWith('$$')
    const at = start + found.index
    uses.push({ name: isEscaped ? '' : found[1]!, hasDefault: found[2] !== undefined, path, start: at, end: at + found[0].length })
  }
  return uses
}

/** Replaces every use; an unset name without a default becomes the empty text (it has been reported). */
export function replaceEnvUses(text: string, value: (name: string) => string | undefined): string {
  return text.replace(use, (whole: string, name: string, fallback: string | undefined) => {
    if (whole.startsWith('$$')) return whole.slice(1)
    const found = value(name)
    return found === undefined || (found === '' && fallback !== undefined) ? (fallback ?? '') : found
  })
}
