/** What is renamed, and what each step of it finds: edits by file, and places that no machine should change. */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { Span } from '../core/span.ts'
import type { Edit } from '../project/replace-files.ts'
import type { WrittenFile } from '../project/written-files.ts'

export type RenamedKind = 'model' | 'seed' | 'source' | 'macro' | 'singular-test' | 'generic-test' | 'export'

export interface RenameTarget {
  readonly kind: RenamedKind
  /** Of a source, `van.contacts`. */
  readonly from: string
  readonly to: string
}

export class RenameFindings {
  readonly edits = new Map<string, Edit[]>()
  readonly diagnostics: Diagnostic[] = []

  edit(file: string, edit: Edit): void {
    const edits = this.edits.get(file) ?? []
    if (!edits.some((one) => one.start === edit.start && one.end === edit.end)) edits.push(edit)
    this.edits.set(file, edits)
  }

  /** Replaces what stands at `span`, with or without quotes, where it is `from` to the letter. */
  replace({ file, text }: WrittenFile, span: Span, from: string, to: string): void {
    for (const inset of [0, 1]) {
      const [start, end] = [span.start + inset, span.end - inset]
      if (text.slice(start, end) === from) return this.edit(file, { start, end, text: to })
    }
    this.refuse(span, `\`${from}\` is not written as such here, so it cannot be replaced.`, 'Write the name plainly, then rename.')
  }

  refuse(at: Span, message: string, hint: string): void {
    this.diagnostics.push(errorDiagnostic('cannot-rename', message, { at, hint }))
  }
}
