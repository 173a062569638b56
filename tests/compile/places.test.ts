import { describe, expect, it } from 'vitest'
import { locate } from '../../src/template/rendered.ts'
import { lines } from '../project/load-folder.ts'
import { compileFolder, type CompiledFolder } from './compile-folder.ts'

/** Where the author wrote what stands in the compiled SQL, with the calls that led there. */
function whereIs({ nodes, place }: CompiledFolder, id: `model:${string}` | `export:${string}`, text: string): readonly string[] {
  const rendered = nodes.get(id)!.rendered()
  expect(rendered.sql).toBe(nodes.get(id)!.sql())
  const found = locate(rendered, rendered.sql.indexOf(text))
  return found ? [place(found.span), ...found.calls.map(place)] : []
}

describe('A place in compiled SQL', () => {
  it('leads through an ephemeral model and a macro to the file of its author', async () => {
    const compiled = await compileFolder({
      'macros/dollars.sql': '/*---\nargs: { cents: sql }\n---*/\nround({{cents}} / hundred, 2)\n',
      'models/pledged.sql': "/*--- materialized: ephemeral ---*/\nselect\n  {{dollars 's.cents'}} as pledge\nfrom suporters as s\n",
      'models/totals.sql': "-- Totals\nselect sum(pledg)\nfrom {{ref 'pledged'}}\n",
    })
    expect(whereIs(compiled, 'model:totals', 'pledg)')).toEqual(['models/totals.sql:2:12 [pledg]'])
    expect(whereIs(compiled, 'model:totals', 'suporters')).toEqual(['models/pledged.sql:4:6 [suporters]'])
    expect(whereIs(compiled, 'model:totals', 'hundred')).toEqual([
      'macros/dollars.sql:4:19 [hundred]',
      "models/pledged.sql:3:5 [dollars 's.cents']",
    ])
    expect(whereIs(compiled, 'model:totals', 's.cents')).toEqual(['models/pledged.sql:3:14 [s]'])
  })

  it('leads into the block of YAML that holds the query', async () => {
    const compiled = await compileFolder({
      'models/turf.sql': 'select 1 as turf_id\n',
      'exports/turf_list.yml': lines(`
        description: Turf.
        query: |
          select turf_id,
                 contry
          from {{ref 'turf'}}
        to: { csv: {} }
      `),
      'exports/turf_folded.yml': lines(`
        query: >-
          select turf_id,
          contry
          from {{ref 'turf'}}
        to: { csv: {} }
      `),
    })
    expect(whereIs(compiled, 'export:turf_list', 'contry')).toEqual(['exports/turf_list.yml:4:10 [contry]'])
    expect(whereIs(compiled, 'export:turf_folded', 'contry')).toEqual(['exports/turf_folded.yml:3:3 [contry]'])
    expect(whereIs(compiled, 'export:turf_list', '"public"')).toEqual(["exports/turf_list.yml:5:8 [{{ref 'turf'}}]"])
  })
})

describe('What is no single SELECT', () => {
  it('is located in the file of the author, through macros and blocks of YAML', async () => {
    const { mistakes } = await compileFolder({
      'macros/and_delete.sql': 'from turf; delete from turf\n',
      'models/a.sql': '/*--- materialized: table ---*/\nselect 1 as a;\n\ndrop table a\n',
      'models/b.sql': 'select 1 as a {{and_delete}}\n',
      'models/c.sql': "select 'open as a\n",
      'models/d.sql': 'select (1 as a\n',
      'models/e.sql': 'update turf set a = 1\n',
      'models/f.sql': '/*--- materialized: ephemeral ---*/\nselect 1; select 2\n',
      'exports/g.yml': 'query: |\n  select 1;\n  select 2\nto: { csv: {} }\n',
      'tests/h.sql': '-- nothing\n{{#if (eq 1 2)}}select 1{{/if}}\n',
    })
    expect(mistakes).toMatchInlineSnapshot(`
      [
        "not-one-select at models/a.sql:4:1 [drop]: A second statement begins here, and only one SELECT is allowed.",
        "not-one-select at macros/and_delete.sql:1:12 [delete]: A second statement begins here, and only one SELECT is allowed.",
        "  models/b.sql:1:17 [and_delete]: called here",
        "not-one-select at models/c.sql:1:8 [']: The string that begins here is never closed.",
        "not-one-select at models/d.sql:1:8 [(]: The parenthesis that opens here is never closed.",
        "not-one-select at models/e.sql:1:1 [update]: One SELECT is expected here, not \`update\`.",
        "not-one-select at models/f.sql:2:11 [select]: A second statement begins here, and only one SELECT is allowed.",
        "not-one-select at exports/g.yml:3:3 [select]: A second statement begins here, and only one SELECT is allowed.",
        "not-one-select at tests/h.sql:1:1 [-]: There is no SQL here, and one SELECT is needed.",
      ]
    `)
  })

  it('is found in the branch that is rendered first, and in the one of later runs', async () => {
    const { mistakes } = await compileFolder({
      'models/first.sql': 'select 1 as a{{#incremental}} where true{{else}}; select 2{{/incremental}}\n',
      'models/later.sql': 'select 1 as a{{#incremental}}; select 2{{/incremental}}\n',
    })
    expect(mistakes).toMatchInlineSnapshot(`
      [
        "not-one-select at models/first.sql:1:51 [select]: A second statement begins here, and only one SELECT is allowed.",
        "not-one-select at models/later.sql:1:32 [select]: A second statement begins here, and only one SELECT is allowed.",
      ]
    `)
  })
})
