/** The schemas of a project's files as JSON Schema: what editors complete and check from. Pure. */
import { z } from 'zod'
import { builtinTests, type TestDeclaration } from './builtin-tests.ts'
import { exportSchema } from './schemas/exports.ts'
import { genericTestSchema, macroSchema } from './schemas/macros.ts'
import { modelSchema } from './schemas/nodes.ts'
import { projectSchema } from './schemas/project.ts'
import { propertiesSchema } from './schemas/properties.ts'
import { singularTestSchema, testUseOptions } from './schemas/tests.ts'
import type { MacroArg } from '../core/project.ts'

const schemas: Readonly<Record<string, z.ZodType>> = {
  project: projectSchema,
  properties: propertiesSchema,
  export: exportSchema,
  model: modelSchema,
  macro: macroSchema,
  test: singularTestSchema,
  'generic-test': genericTestSchema,
}

/** Text of each file of `schemas/`, by its name. */
export function renderJsonSchemas(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(schemas).map(([name, schema]) => [`${name}.schema.json`, `${JSON.stringify(toJsonSchema(schema), null, 2)}\n`]),
  )
}

function toJsonSchema(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema, {
    target: 'draft-7',
    override: ({ zodSchema, jsonSchema }) => {
      if (z.globalRegistry.get(zodSchema)?.id === 'TestEntry') describeTests(jsonSchema)
    },
  })
}

type JsonSchema = z.core.JSONSchema.BaseSchema

/** YAML is checked against the declaration of each test; editors get the built-in ones by name. */
function describeTests(schema: JsonSchema): void {
  const options = z.toJSONSchema(testUseOptions, { target: 'draft-7' }).properties ?? {}
  const names = Object.keys(builtinTests)
  const properties = Object.fromEntries(Object.entries<TestDeclaration>(builtinTests).map(([name, test]) => [name, describeTest(test)]))
  schema.anyOf = [
    { type: 'string', examples: names },
    { type: 'object', properties: { ...properties, ...options } },
  ]
}

/** Options can stand within too; they are offered beside the test alone, to keep the schema small. */
function describeTest(test: TestDeclaration): JsonSchema {
  return { description: test.description, properties: Object.fromEntries(test.args.map((arg) => [arg.name, describeArg(arg)])) }
}

const jsonTypes: Readonly<Record<MacroArg['type'], JsonSchema>> = {
  sql: { type: 'string' },
  string: { type: 'string' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  list: { type: 'array' },
  any: {},
}

function describeArg(arg: MacroArg): JsonSchema {
  return { ...jsonTypes[arg.type], ...(arg.description !== undefined && { description: arg.description }) }
}
