/** Where an editor finds the JSON Schemas of this package, from the folder of a project in which it is installed. */

const folder = './node_modules/sqlflow/schemas'

export const schemaPaths = {
  project: `${folder}/project.schema.json`,
  properties: `${folder}/properties.schema.json`,
  export: `${folder}/export.schema.json`,
} as const

/** The first line of a YAML file, for editors that take no settings; `depth` is how many folders down the file stands. */
export function schemaLine(path: string, depth: 0 | 1): string {
  return `# yaml-language-server: $schema=${depth === 0 ? path : path.replace('./', '../')}`
}
