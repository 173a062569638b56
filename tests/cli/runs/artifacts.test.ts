import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { steady, everyWarehouse } from '../../support/cli.ts'
import { fieldFiles } from '../../support/field-project.ts'

const schemas = path.join(import.meta.dirname, '..', '..', '..', 'schemas')

/** The content of an artifact, held to its published JSON Schema. */
function parseArtifact(text: string | undefined, schema: string): unknown {
  const published: z.core.JSONSchema.JSONSchema = JSON.parse(readFileSync(path.join(schemas, schema), 'utf8'))
  return z.fromJSONSchema(published).parse(JSON.parse(text ?? ''))
}

describe.each(everyWarehouse)('artifacts of a run on $type', ({ create }) => {
  it('fit their published schemas, and hold the compiled SQL of models, tests and exports', async () => {
    await using project = await create({
      files: {
        ...fieldFiles,
        'models/broken.sql': "select no_such from {{ref 'donors'}}\n",
        'models/below.sql': "select * from {{ref 'broken'}}\n",
        'tests/pledges_are_small.sql': "select * from {{ref 'stg_pledges'}} where pledge > 1000\n",
        'exports/donors.yml': 'from: donors\nto:\n  csv: { path: donors.csv }\n',
        'exports/names.yml': "query: |\n  select name\n  from {{ref 'donors'}}\nto:\n  csv: { path: names.csv }\n",
      },
    })
    expect((await project.run(['build'])).exitCode).toBe(1)
    const manifest = project.read('target/dev/manifest.json')
    expect(parseArtifact(manifest, 'manifest.schema.json')).toMatchObject({ version: 1, project: 'field', target: 'dev' })
    const nodes: readonly { id: string; compiled?: string; relation?: string }[] = JSON.parse(manifest ?? '').nodes
    expect(
      nodes
        .filter(({ compiled }) => compiled !== undefined)
        .map(({ id, compiled }) => `${id} ${compiled}`)
        .toSorted(),
    ).toMatchInlineSnapshot(`
      [
        "export:names target/dev/compiled/exports/names.sql",
        "model:broken target/dev/compiled/models/broken.sql",
        "model:donors target/dev/compiled/models/donors.sql",
        "model:stg_pledges target/dev/compiled/models/stg_pledges.sql",
        "model:stg_supporters target/dev/compiled/models/stg_supporters.sql",
        "test:not_null_stg_supporters_supporter_id target/dev/compiled/tests/not_null_stg_supporters_supporter_id.sql",
        "test:pledges_are_small target/dev/compiled/tests/pledges_are_small.sql",
        "test:relationships_stg_pledges_supporter_id target/dev/compiled/tests/relationships_stg_pledges_supporter_id.sql",
        "test:unique_donors_supporter_id target/dev/compiled/tests/unique_donors_supporter_id.sql",
        "test:unique_stg_supporters_supporter_id target/dev/compiled/tests/unique_stg_supporters_supporter_id.sql",
      ]
    `)
    expect(project.read('target/dev/compiled/exports/names.sql')).toBe('select name\nfrom "analytics"."donors"\n')
    expect(project.read('target/dev/compiled/models/stg_pledges.sql')).toBe(
      'select pledge_id, supporter_id, round(cents / 100.0, 2) as pledge from "analytics"."raw_pledges"\n',
    )
    expect(project.read('target/dev/compiled/tests/unique_donors_supporter_id.sql')).toMatchInlineSnapshot(`
      "select "supporter_id", count(*) as "occurrences"
      from "analytics"."donors" as "donors" where "supporter_id" is not null
      group by "supporter_id"
      having count(*) > 1
      "
    `)

    const results = parseArtifact(project.read('target/dev/run_results.json'), 'run_results.schema.json')
    expect(results).toMatchObject({ version: 1, command: 'build', selectors: [], status: 'failed' })
    expect(steady(JSON.stringify(ofNode(results, 'model:broken'), null, 1)).replaceAll(/"ms": [\d.]+/g, '"ms": N')).toMatchInlineSnapshot(`
      "{
       "node": "model:broken",
       "status": "error",
       "ms": N,
       "what": "view",
       "where": "analytics.broken",
       "compiled_hash": "b2f81f66dead7d80a1fd8daa7a5a50e705af36682a9686bd82a01fdeb409c65a",
       "failure": {
        "code": "warehouse-error",
        "message": "column \\"no_such\\" does not exist",
        "sql_state": "42703",
        "file": "models/broken.sql",
        "line": 1,
        "column": 8
       }
      }"
    `)
    expect(ofNode(results, 'model:below')).toMatchObject({ status: 'skipped', reason: 'model broken failed' })
  })
})

function ofNode(results: unknown, node: string): unknown {
  const parsed = z.object({ results: z.array(z.looseObject({ node: z.string() })) }).parse(results)
  return parsed.results.find((one) => one.node === node)
}
