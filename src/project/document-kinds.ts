/** The kinds of YAML in a project, and what each says once it is validated. */
import type { ExportConfig } from './schemas/exports.ts'
import type { GenericTestConfig, MacroConfig } from './schemas/macros.ts'
import type { ModelConfig } from './schemas/nodes.ts'
import type { ProjectConfig } from './schemas/project.ts'
import type { PropertiesConfig } from './schemas/properties.ts'
import type { SingularTestConfig } from './schemas/tests.ts'

export interface DocumentValues {
  readonly project: ProjectConfig
  readonly model: ModelConfig
  readonly macro: MacroConfig
  readonly 'singular-test': SingularTestConfig
  readonly 'generic-test': GenericTestConfig
  readonly export: ExportConfig
  readonly properties: PropertiesConfig
}

export type DocumentKind = keyof DocumentValues
