import { expect, test } from 'vitest'
import { noCache } from '../../src/core/content-cache.ts'
import type { NodeId } from '../../src/core/node.ts'
import { linkProject } from '../../src/graph/link-project.ts'
import { ancestors, descendants, longestPaths } from '../../src/graph/order.ts'
import { buildModel, buildProject } from '../support/project-builder.ts'

/** events → shifts → turf → report, and events → report. */
const { graph } = linkProject(
  buildProject({
    models: [
      buildModel('report', "{{ref 'turf'}} {{ref 'events'}}"),
      buildModel('turf', "{{ref 'shifts'}}"),
      buildModel('shifts', "{{ref 'events'}}"),
      buildModel('events', 'select 1'),
      buildModel('alone', 'select 1'),
    ],
  }),
  noCache,
)

test('parents stand before children, and names are in order within a level', () => {
  expect(graph.order).toEqual(['model:alone', 'model:events', 'model:shifts', 'model:turf', 'model:report'])
})

test('ancestors and descendants are met at their least distance', () => {
  expect([...ancestors(graph, ['model:report'], 1)].sort()).toEqual(['model:events', 'model:turf'])
  expect([...ancestors(graph, ['model:report'])].sort()).toEqual(['model:events', 'model:shifts', 'model:turf'])
  expect([...descendants(graph, ['model:events'], 1)].sort()).toEqual(['model:report', 'model:shifts'])
  expect([...descendants(graph, ['model:events'], 0)]).toEqual([])
})

test('the longest path of a node counts its own weight and the heaviest way below, also through nodes not selected', () => {
  const weights: Readonly<Record<string, number>> = {
    'model:report': 5,
    'model:turf': 100,
    'model:shifts': 2,
    'model:events': 1,
    'model:alone': 3,
  }
  const selected = new Set<NodeId>(['model:report', 'model:shifts', 'model:events', 'model:alone'])
  expect(Object.fromEntries(longestPaths(graph, selected, (id) => weights[id]!))).toEqual({
    'model:report': 5,
    'model:shifts': 7,
    'model:events': 8,
    'model:alone': 3,
  })
})
