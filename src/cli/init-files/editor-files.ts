/** Settings for VS Code: completion and checks in YAML from the JSON Schemas of this package. */
import type { InitFile } from './init-file.ts'
import { schemaPaths } from './schema-paths.ts'

const settings = {
  'yaml.schemas': {
    [schemaPaths.project]: 'sqlflow.yml',
    [schemaPaths.properties]: ['models/**/*.yml', 'seeds/**/*.yml'],
    [schemaPaths.export]: 'exports/**/*.yml',
  },
  'files.watcherExclude': { '**/.sqlflow/**': true, '**/target/**': true },
  'search.exclude': { '**/.sqlflow': true, '**/target': true },
}

const extensions = { recommendations: ['redhat.vscode-yaml'] }

export const editorFiles: readonly InitFile[] = [
  { path: '.vscode/settings.json', text: formatJson(settings), ifExists: 'keep' },
  { path: '.vscode/extensions.json', text: formatJson(extensions), ifExists: 'keep' },
]

function formatJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
