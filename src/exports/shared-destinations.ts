/** Two exports that would overwrite one another: known from the project alone. */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { Export } from '../core/project.ts'

export interface Sharing<E> {
  /** What two exports must not have in common; undefined where it is not known yet. */
  readonly keyOf: (one: E) => string | undefined
  /** `one file, \`turf.csv\``. */
  readonly describe: (one: E) => string
  readonly hint: string
}

export function findShared<E extends Pick<Export, 'name' | 'destination'>>(
  exports: readonly E[],
  { keyOf, describe, hint }: Sharing<E>,
): readonly Diagnostic[] {
  const first = new Map<string, E>()
  return exports.flatMap((one) => {
    const key = keyOf(one)
    if (key === undefined) return []
    const other = first.get(key)
    if (!other) {
      first.set(key, one)
      return []
    }
    if (other.name === one.name) return [] // one name, twice: told as such
    return [
      errorDiagnostic('shared-destination', `The exports \`${other.name}\` and \`${one.name}\` write ${describe(one)}.`, {
        at: one.destination.at,
        hint,
        related: [{ message: `\`${other.name}\` writes it too.`, at: other.destination.at }],
      }),
    ]
  })
}
