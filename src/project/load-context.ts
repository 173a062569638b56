/** What every resolver of a kind of node needs. Mistakes are added to `diagnostics`. */
import type { Diagnostic } from '../core/diagnostic.ts'
import type { DisabledNode, Target, TestUse } from '../core/project.ts'
import type { TestDeclaration } from './builtin-tests.ts'
import type { FolderDefaults } from './folders.ts'
import type { PropertyEntries } from './property-entries.ts'

export interface LoadContext {
  readonly target: Target
  readonly folderOf: (file: string) => FolderDefaults
  readonly properties: PropertyEntries
  readonly findTest: (name: string) => TestDeclaration | undefined
  readonly testNames: () => readonly string[]
  readonly diagnostics: Diagnostic[]
  /** Uses of tests whose name the author chose. */
  readonly authoredNames: Set<TestUse>
  readonly disabled: DisabledNode[]
}
