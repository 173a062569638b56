import { describe, expect, it } from 'vitest'
import { createFieldProject } from './field-project.ts'

describe('sqlflow graph', () => {
  it('draws a tree, tests counted', async () => {
    await using project = await createFieldProject()
    expect(await project.run(['graph'])).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: `supporters (seed)
└─ stg_supporters (view, 2 tests)
   └─ turf_list (table, 1 test)
      └─ turf_csv (export, csv)
`,
    })
  })

  it('draws Mermaid without tests, unless they are asked for', async () => {
    await using project = await createFieldProject()
    expect((await project.run(['graph', '--format', 'mermaid'])).stdout).toBe(`flowchart LR
  n0[/"supporters<br/>seed"/]
  n1["stg_supporters<br/>view"]
  n2["turf_list<br/>table"]
  n3(["turf_csv<br/>csv"])
  n0 --> n1
  n1 --> n2
  n2 --> n3
`)
    expect((await project.run(['graph', '--format', 'mermaid', '--tests', 'turf_list'])).stdout).toBe(`flowchart LR
  n0["turf_list<br/>table"]
  n1{{"everybody_is_listed<br/>test"}}
  n0 --> n1
`)
    expect((await project.run(['graph', '--format', 'mermaid', 'everybody_is_listed'])).stdout).toBe(`flowchart LR
  n0{{"everybody_is_listed<br/>test"}}
`)
  })

  it('draws DOT, named by the project', async () => {
    await using project = await createFieldProject()
    expect((await project.run(['graph', '--format', 'dot', 'turf_list+'])).stdout).toBe(`digraph "field" {
  rankdir=LR
  "model:turf_list" [label="turf_list\\ntable", shape=box]
  "export:turf_csv" [label="turf_csv\\ncsv", shape=parallelogram]
  "model:turf_list" -> "export:turf_csv"
}
`)
  })

  it.each([[['--format', 'json']], [['--json']]])('draws JSON, tests included, for %j', async (args) => {
    await using project = await createFieldProject()
    const drawn = JSON.parse((await project.run(['graph', 'turf_list', ...args])).stdout) as unknown
    expect(drawn).toEqual({
      version: 1,
      nodes: [
        {
          id: 'model:turf_list',
          kind: 'model',
          name: 'turf_list',
          what: 'table',
          file: 'models/marts/turf_list.sql',
          tags: ['nightly'],
          parents: ['model:stg_supporters'],
          relation: 'analytics.turf_list',
        },
        {
          id: 'test:everybody_is_listed',
          kind: 'test',
          name: 'everybody_is_listed',
          what: 'test',
          file: 'tests/everybody_is_listed.sql',
          tags: [],
          parents: ['model:turf_list'],
        },
      ],
      edges: [{ from: 'model:turf_list', to: 'test:everybody_is_listed', indirect: false }],
    })
  })

  it('dims what is not a name on a terminal', async () => {
    await using project = await createFieldProject()
    const { stdout } = await project.run(['graph', 'turf_list+', '-x', 'resource_type:test'], { isTerminal: true, env: { TERM: 'xterm' } })
    expect(stdout).toBe('turf_list \u001B[2m(table)\u001B[22m\n\u001B[2m└─ \u001B[22mturf_csv \u001B[2m(export, csv)\u001B[22m\n')
  })
})
