import { describe, expect, test } from 'vitest'
import { noCache } from '../../src/core/content-cache.ts'
import type { NodeId } from '../../src/core/node.ts'
import { linkProject } from '../../src/graph/link-project.ts'
import {
  buildEnv,
  buildExport,
  buildGenericTest,
  buildMacro,
  buildModel,
  buildProject,
  buildSeed,
  buildSingularTest,
  buildSource,
  buildTestUse,
} from '../support/project-builder.ts'

const campaign = buildProject({
  sources: [buildSource('van.contacts', { tests: [buildTestUse('not_null', 'not_null_contacts_id', { column: 'id' })] })],
  seeds: [buildSeed('regions')],
  models: [
    buildModel('turf_list', "select * from {{ref 'int_supporters'}} join {{ref 'regions'}} using (region) where {{recent 'updated_at'}}", {
      materialized: 'table',
      tests: [
        buildTestUse('relationships', 'relationships_turf_list_region', { column: 'region', args: { to: 'regions', field: 'region' } }),
        buildTestUse('relationships', 'relationships_turf_list_contact', {
          column: 'contact_id',
          args: { to: 'van.contacts', field: 'id' },
        }),
        buildTestUse('matches', 'matches_turf_list', { args: { other: "{{ref 'stg_contacts'}}" } }),
      ],
    }),
    buildModel('int_supporters', "select * from {{ref 'stg_contacts'}}", { materialized: 'ephemeral' }),
    buildModel('stg_contacts', "select * from {{source 'van' 'contacts'}} where cycle = {{var 'cycle'}}", { folder: 'models/staging' }),
  ],
  macros: [
    buildMacro('recent', "{{column}} > (select max(at) from {{ref 'cutoffs'}}) and {{in_region}}", ['column']),
    buildMacro('in_region', "region = {{env 'REGION'}} and {{var 'cycle'}} > 0"),
  ],
  genericTests: [
    buildGenericTest('matches', "select * from {{relation}} except select * from {{other}} except select * from {{ref 'regions'}}", [
      'other',
    ]),
  ],
  singularTests: [buildSingularTest('no_orphans', "select * from {{ref 'turf_list'}} where not exists (select from {{ref 'regions'}})")],
  exports: [buildExport('turf_by_region', 'turf_list'), buildExport('contacts', "select * from {{ref 'stg_contacts'}} order by 1")],
  vars: { cycle: 2026 },
  env: { REGION: buildEnv('REGION', { value: 'north' }) },
})
const withCutoffs = { ...campaign, seeds: [...campaign.seeds, buildSeed('cutoffs')] }

describe('linking a project', () => {
  const { graph, uses, diagnostics } = linkProject(withCutoffs, noCache)

  test('finds no mistake where every name leads somewhere', () => {
    expect(diagnostics).toEqual([])
  })

  test('gives every node its parents, through macros, arguments of tests and generic tests', () => {
    const parents = Object.fromEntries([...graph.nodes.values()].map((node) => [node.id, node.parents]))
    expect(parents).toEqual({
      'source:van.contacts': [],
      'seed:regions': [],
      'seed:cutoffs': [],
      'model:turf_list': ['model:int_supporters', 'seed:regions', 'seed:cutoffs'],
      'model:int_supporters': ['model:stg_contacts'],
      'model:stg_contacts': ['source:van.contacts'],
      'test:not_null_contacts_id': ['source:van.contacts'],
      'test:relationships_turf_list_region': ['model:turf_list', 'seed:regions'],
      'test:relationships_turf_list_contact': ['model:turf_list', 'source:van.contacts'],
      'test:matches_turf_list': ['model:turf_list', 'model:stg_contacts', 'seed:regions'],
      'test:no_orphans': ['model:turf_list', 'seed:regions'],
      'export:turf_by_region': ['model:turf_list'],
      'export:contacts': ['model:stg_contacts'],
    })
  })

  test('orders parents before children, and names within a level', () => {
    expect(graph.order).toEqual([
      'seed:cutoffs',
      'seed:regions',
      'source:van.contacts',
      'test:not_null_contacts_id',
      'model:stg_contacts',
      'export:contacts',
      'model:int_supporters',
      'model:turf_list',
      'test:matches_turf_list',
      'test:no_orphans',
      'test:relationships_turf_list_contact',
      'test:relationships_turf_list_region',
      'export:turf_by_region',
    ])
  })

  test('follows macros to all that they use', () => {
    expect(uses.get('model:turf_list')).toEqual({
      reads: ['model:int_supporters', 'seed:regions', 'seed:cutoffs'],
      refs: ['model:int_supporters', 'seed:regions', 'seed:cutoffs'],
      sources: [],
      vars: ['cycle'],
      envs: ['REGION'],
      macros: ['recent', 'in_region'],
      usesSelf: false,
      usesIncremental: false,
      usesRun: false,
      usesTarget: false,
    })
  })

  test('tells models from sources in what a node uses', () => {
    const { refs, sources } = uses.get('test:relationships_turf_list_contact')!
    expect({ refs, sources }).toEqual({ refs: ['model:turf_list'], sources: ['source:van.contacts'] })
  })

  test('has an entry in its uses for every node', () => {
    expect([...uses.keys()]).toEqual([...graph.nodes.keys()])
  })
})

test('a macro for the dialect of the target stands before the one for all', () => {
  const models = [buildModel('events', 'select {{since}}'), buildModel('everything', 'select 1'), buildModel('recent_events', 'select 1')]
  const general = buildMacro('since', "{{ref 'everything'}}")
  const postgres = buildMacro('since', "{{ref 'recent_events'}}", [], 'postgres')
  const redshift = buildMacro('since', 'getdate()', [], 'redshift')
  for (const macros of [
    [general, postgres, redshift],
    [redshift, postgres, general],
  ]) {
    const { graph, diagnostics } = linkProject(buildProject({ models, macros }), noCache)
    expect(graph.nodes.get('model:events')?.parents).toEqual(['model:recent_events'])
    expect(diagnostics).toEqual([])
  }
})

test('an argument of a macro hides a macro of its name', () => {
  const macros = [buildMacro('dollars', '{{cents}} / 100', ['cents']), buildMacro('cents', "{{ref 'pledges'}}")]
  const models = [buildModel('totals', "select {{dollars 'amount'}}"), buildModel('pledges', 'select 1')]
  const { uses } = linkProject(buildProject({ models, macros }), noCache)
  expect(uses.get('model:totals')?.refs).toEqual([])
  expect(uses.get('model:totals')?.macros).toEqual(['dollars'])
})

test('disabled tests and exports are no nodes', () => {
  const unused = buildTestUse('unique', 'unique_events_id', { options: { enabled: false } })
  const project = buildProject({
    models: [buildModel('events', 'select 1', { tests: [unused] })],
    exports: [{ ...buildExport('events_list', 'events'), enabled: false }],
  })
  expect([...linkProject(project, noCache).graph.nodes.keys()]).toEqual<NodeId[]>(['model:events'])
})
