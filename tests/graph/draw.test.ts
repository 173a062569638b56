import { describe, expect, test } from 'vitest'
import { noCache } from '../../src/core/content-cache.ts'
import type { NodeId } from '../../src/core/node.ts'
import { drawDot } from '../../src/graph/draw-dot.ts'
import { drawJson } from '../../src/graph/draw-json.ts'
import { drawMermaid } from '../../src/graph/draw-mermaid.ts'
import { drawTree } from '../../src/graph/draw-tree.ts'
import { linkProject } from '../../src/graph/link-project.ts'
import {
  buildExport,
  buildModel,
  buildProject,
  buildSeed,
  buildSingularTest,
  buildSource,
  buildTestUse,
} from '../support/project-builder.ts'

const { graph } = linkProject(
  buildProject({
    sources: [buildSource('van.contacts')],
    seeds: [buildSeed('regions', { tests: [buildTestUse('unique', 'unique_regions_id')] })],
    models: [
      buildModel('stg_contacts', "{{source 'van' 'contacts'}}"),
      buildModel('int_supporters', "{{ref 'stg_contacts'}}", { materialized: 'ephemeral' }),
      buildModel('turf_list', "{{ref 'int_supporters'}} {{ref 'regions'}}", {
        materialized: 'table',
        tags: ['nightly'],
        tests: [
          buildTestUse('relationships', 'turf_list_region', { args: { to: 'regions' } }),
          buildTestUse('unique', 'unique_turf_list_id'),
        ],
      }),
    ],
    singularTests: [buildSingularTest('no_orphans', "{{ref 'turf_list'}}")],
    exports: [buildExport('turf_by_region', 'turf_list')],
  }),
  noCache,
)
const all = new Set(graph.order)
const untested = new Set(graph.order.filter((id) => !id.startsWith('test:')))
const apart = new Set<NodeId>(['source:van.contacts', 'model:turf_list', 'export:turf_by_region'])

const oddName = 'the "best" <b>\\turf#1;'
const odd = linkProject(buildProject({ models: [buildModel(oddName, 'select 1')] }), noCache).graph

describe('a tree', () => {
  test('draws each node once with what is below it, and counts tests', () => {
    expect(drawTree(graph, all)).toMatchInlineSnapshot(`
      "regions (seed, 1 test)
      └─ turf_list (table, 3 tests)
         └─ turf_by_region (export, csv)
      van.contacts (source)
      └─ stg_contacts (view)
         └─ int_supporters (ephemeral)
            └─ turf_list ↑

      ↑ drawn above, with all that is below it
      "
    `)
  })

  test('joins nodes through those that are left out', () => {
    expect(drawTree(graph, apart)).toMatchInlineSnapshot(`
      "van.contacts (source)
      └╌ turf_list (table)
         └─ turf_by_region (export, csv)
      "
    `)
  })

  test('draws tests whose nodes are left out, and nothing of nothing', () => {
    expect(drawTree(graph, new Set<NodeId>(['test:no_orphans']))).toBe('no_orphans (test)\n')
    expect(drawTree(graph, new Set())).toBe('')
  })

  test('gives each part of a line to the style', () => {
    const styled = drawTree(graph, new Set<NodeId>(['model:turf_list', 'export:turf_by_region']), {
      style: (text, part, node) => `<${part} ${node.kind}>${text}</>`,
    })
    expect(styled).toBe(
      '<name model>turf_list</> <label model>(table)</>\n<branch export>└─ </><name export>turf_by_region</> <label export>(export, csv)</>\n',
    )
  })

  test('is not broken by the length of a chain', () => {
    const models = Array.from({ length: 1500 }, (_, at) => buildModel(`m${at}`, at === 0 ? 'select 1' : `{{ref 'm${at - 1}'}}`))
    const chain = linkProject(buildProject({ models }), noCache).graph
    expect(drawTree(chain, new Set(chain.order)).split('\n')).toHaveLength(1501)
  })
})

describe('Mermaid', () => {
  test('draws kinds by shape, and ways through nodes left out as dotted edges', () => {
    expect(drawMermaid(graph, all)).toMatchInlineSnapshot(`
      "flowchart LR
        n0[/"regions<br/>seed"/]
        n1[("van.contacts<br/>source")]
        n2["stg_contacts<br/>view"]
        n3{{"unique_regions_id<br/>unique test"}}
        n4["int_supporters<br/>ephemeral"]
        n5["turf_list<br/>table"]
        n6{{"no_orphans<br/>test"}}
        n7(["turf_by_region<br/>csv"])
        n8{{"turf_list_region<br/>relationships test"}}
        n9{{"unique_turf_list_id<br/>unique test"}}
        n1 --> n2
        n0 --> n3
        n2 --> n4
        n4 --> n5
        n0 --> n5
        n5 --> n6
        n5 --> n7
        n5 --> n8
        n0 --> n8
        n5 --> n9
      "
    `)
    expect(drawMermaid(graph, apart)).toMatchInlineSnapshot(`
      "flowchart LR
        n0[("van.contacts<br/>source")]
        n1["turf_list<br/>table"]
        n2(["turf_by_region<br/>csv"])
        n0 -.-> n1
        n1 --> n2
      "
    `)
  })

  test('spells what it would misread as entities', () => {
    expect(drawMermaid(odd, new Set(odd.order))).toBe('flowchart LR\n  n0["the #34;best#34; #60;b#62;#92;turf#35;1;<br/>view"]\n')
  })
})

describe('DOT', () => {
  test('draws kinds by shape, and ways through nodes left out as dashed edges', () => {
    expect(drawDot(graph, untested, 'field')).toMatchInlineSnapshot(`
      "digraph "field" {
        rankdir=LR
        "seed:regions" [label="regions\\nseed", shape=note]
        "source:van.contacts" [label="van.contacts\\nsource", shape=cylinder]
        "model:stg_contacts" [label="stg_contacts\\nview", shape=box]
        "model:int_supporters" [label="int_supporters\\nephemeral", shape=box]
        "model:turf_list" [label="turf_list\\ntable", shape=box]
        "export:turf_by_region" [label="turf_by_region\\ncsv", shape=parallelogram]
        "source:van.contacts" -> "model:stg_contacts"
        "model:stg_contacts" -> "model:int_supporters"
        "model:int_supporters" -> "model:turf_list"
        "seed:regions" -> "model:turf_list"
        "model:turf_list" -> "export:turf_by_region"
      }
      "
    `)
    expect(drawDot(graph, apart, 'field')).toMatchInlineSnapshot(`
      "digraph "field" {
        rankdir=LR
        "source:van.contacts" [label="van.contacts\\nsource", shape=cylinder]
        "model:turf_list" [label="turf_list\\ntable", shape=box]
        "export:turf_by_region" [label="turf_by_region\\ncsv", shape=parallelogram]
        "source:van.contacts" -> "model:turf_list" [style=dashed]
        "model:turf_list" -> "export:turf_by_region"
      }
      "
    `)
  })

  test('escapes quotes and backslashes', () => {
    expect(drawDot(odd, new Set(odd.order), 'a "b"')).toBe(
      [
        String.raw`digraph "a \"b\"" {`,
        '  rankdir=LR',
        String.raw`  "model:the \"best\" <b>\\turf#1;" [label="the \"best\" <b>\\turf#1;\nview", shape=box]`,
        '}',
        '',
      ].join('\n'),
    )
  })
})

test('JSON lists nodes with their relations and parents, and edges', () => {
  expect(JSON.parse(drawJson(graph, apart))).toEqual({
    version: 1,
    nodes: [
      {
        id: 'source:van.contacts',
        kind: 'source',
        name: 'van.contacts',
        what: 'source',
        file: 'models/sources.yml',
        tags: [],
        parents: [],
        relation: 'van.contacts',
      },
      {
        id: 'model:turf_list',
        kind: 'model',
        name: 'turf_list',
        what: 'table',
        file: 'models/turf_list.sql',
        tags: ['nightly'],
        parents: ['model:int_supporters', 'seed:regions'],
        relation: 'analytics.turf_list',
      },
      {
        id: 'export:turf_by_region',
        kind: 'export',
        name: 'turf_by_region',
        what: 'csv',
        file: 'exports/turf_by_region.yml',
        tags: [],
        parents: ['model:turf_list'],
      },
    ],
    edges: [
      { from: 'source:van.contacts', to: 'model:turf_list', indirect: true },
      { from: 'model:turf_list', to: 'export:turf_by_region', indirect: false },
    ],
  })
})
