/** Mistakes in the order in which a reader meets them. Pure. */
import type { Diagnostic } from '../core/diagnostic.ts'
import { projectFile } from './find-project.ts'

/** Those without a place first, then sqlflow.yml, then files by path, each from its beginning. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort((a, b) => rankOf(a) - rankOf(b) || comparePaths(a, b) || (a.at?.start ?? 0) - (b.at?.start ?? 0))
}

function rankOf({ at }: Diagnostic): number {
  if (!at) return 0
  return at.file === projectFile ? 1 : 2
}

function comparePaths(a: Diagnostic, b: Diagnostic): number {
  const [first, second] = [a.at?.file ?? '', b.at?.file ?? '']
  return first < second ? -1 : Number(first > second)
}
