/**
 * What `sqlflow init` writes: the smallest project in which every kind of file has one example that works. Pure, so that a
 * test can build it without a disk in between. Each file teaches one idea, in comments, to somebody who knows SQL alone.
 */
import { devcontainerFile } from './devcontainer-file.ts'
import { editorFiles } from './editor-files.ts'
import { exportFile } from './export-file.ts'
import type { InitFile, InitOptions } from './init-file.ts'
import { packageFile } from './package-file.ts'
import { envExampleFile, gitignoreFile, projectConfigFile } from './project-config-files.ts'
import { readmeFile } from './readme-file.ts'
import { seedFiles } from './seed-files.ts'
import { sqlFiles } from './sql-files.ts'
import { workflowFiles } from './workflow-files.ts'

/** Paths are unique; texts end in a line feed. */
export function initFiles(options: InitOptions): readonly InitFile[] {
  return [
    projectConfigFile(options),
    ...seedFiles,
    ...sqlFiles(options.warehouse),
    exportFile,
    readmeFile(options),
    gitignoreFile,
    envExampleFile(options),
    ...workflowFiles(options),
    devcontainerFile,
    ...editorFiles,
    ...(options.hasPackageJson ? [] : [packageFile(options)]),
  ]
}
