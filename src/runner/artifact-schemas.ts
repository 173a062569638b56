/**
 * The shapes of `manifest.json` and `run_results.json`. The JSON Schemas in `schemas/` and the types that the writer uses are made from these; at
 * run time nothing is validated, so zod is not loaded.
 */
import { z } from 'zod'

const manifestVersion = 1
const runResultsVersion = 1

const nodeKind = z.enum(['source', 'seed', 'model', 'test', 'export'])

export const manifestSchema = z
  .object({
    $schema: z.string().optional(),
    version: z.literal(manifestVersion).describe('Version of this shape.'),
    sqlflow: z.string().describe('Version of sqlflow that wrote it.'),
    project: z.string(),
    target: z.string(),
    nodes: z
      .array(
        z.object({
          id: z.string().describe('`kind:name`.'),
          kind: nodeKind,
          name: z.string(),
          what: z.string().describe('Materialization, test or destination.'),
          file: z.string().describe('Relative to the project, forward slashes.'),
          relation: z.string().optional().describe('`schema.name` in the warehouse.'),
          sample: z.string().optional().describe('Of a source: the CSV that stands in where the target lacks the table.'),
          description: z.string().optional(),
          owner: z.string().optional(),
          tags: z.array(z.string()),
          meta: z.record(z.string(), z.unknown()),
          columns: z.array(
            z.object({ name: z.string(), description: z.string().optional(), type: z.string().optional(), sensitive: z.boolean() }),
          ),
          parents: z.array(z.string()).describe('Ids of the nodes that it reads.'),
          compiled: z.string().optional().describe('File of its compiled SQL, relative to the project.'),
        }),
      )
      .describe('Parents before children.'),
  })
  .describe('The graph of a project, as of the last run.')

export const runResultsSchema = z
  .object({
    $schema: z.string().optional(),
    version: z.literal(runResultsVersion).describe('Version of this shape.'),
    sqlflow: z.string(),
    run: z.string().describe('Id of the run.'),
    delivery: z.string().describe('What exports know the run by: the same for every attempt at the same work.'),
    command: z.string(),
    selectors: z.array(z.string()).describe('As typed.'),
    project: z.string(),
    target: z.string(),
    started_at: z.string().describe('ISO 8601, UTC.'),
    ms: z.number(),
    status: z.enum(['success', 'failed', 'cancelled']),
    commit: z.string().optional().describe('Git commit of the project.'),
    dirty: z.boolean().optional().describe('Whether files differed from that commit.'),
    results: z.array(
      z.object({
        node: z.string(),
        status: z.enum(['success', 'warn', 'fail', 'error', 'skipped', 'cancelled']),
        ms: z.number(),
        rows: z.number().optional().describe('Rows of a table, seed or export; failing rows of a test.'),
        what: z.string().optional(),
        where: z.string().optional().describe('Relation, or file written.'),
        link: z.string().optional().describe('Where people open it.'),
        reason: z.string().optional(),
        notes: z.array(z.string()).optional(),
        stored_in: z.string().optional(),
        compiled_hash: z.string().optional().describe('sha256 of the compiled SQL.'),
        failure: z
          .object({
            code: z.string(),
            message: z.string(),
            hint: z.string().optional(),
            sql_state: z.string().optional(),
            file: z.string().optional(),
            line: z.number().optional(),
            column: z.number().optional(),
          })
          .optional(),
      }),
    ),
  })
  .describe('What the last run did.')

export type Manifest = z.infer<typeof manifestSchema>
export type RunResults = z.infer<typeof runResultsSchema>
