/**
 * Selections on random graphs, against an evaluator that follows the definitions word by word and is too slow for anything else.
 */
import { expect, test } from 'vitest'
import { noCache } from '../../src/core/content-cache.ts'
import type { NodeId } from '../../src/core/node.ts'
import type { Project } from '../../src/core/project.ts'
import type { Graph } from '../../src/graph/graph.ts'
import { indirectSelections, type IndirectSelection } from '../../src/graph/indirect-selection.ts'
import { linkProject } from '../../src/graph/link-project.ts'
import { selectNodes } from '../../src/graph/select.ts'
import { buildExport, buildModel, buildProject, buildSingularTest } from '../support/project-builder.ts'

type Random = (below: number) => number

/** mulberry32: the same numbers everywhere for a seed. */
function randomFrom(seed: number): Random {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below)
  }
}

const tags = ['nightly', 'slow', 'small']

function randomProject(random: Random): Project {
  const names = Array.from({ length: 3 + random(7) }, (_, at) => `m${at}`)
  const refs = (known: readonly string[], most: number): string =>
    Array.from({ length: known.length === 0 ? 0 : random(most + 1) }, () => `{{ref '${known[random(known.length)]}'}}`).join(' ')
  return buildProject({
    models: names.map((name, at) => buildModel(name, refs(names.slice(0, at), 3), { tags: tags.filter(() => random(3) === 0) })),
    singularTests: Array.from({ length: random(6) }, (_, at) => buildSingularTest(`t${at}`, refs(names, 3))),
    exports: Array.from({ length: random(3) }, (_, at) => buildExport(`e${at}`, names[random(names.length)]!)),
  })
}

interface Term {
  readonly text: string
  readonly base: (graph: Graph, id: NodeId) => boolean
  readonly up: number
  readonly down: number
  readonly around: boolean
}

function randomTerm(random: Random): Term {
  const around = random(8) === 0
  const up = around ? 0 : [0, 0, 1, 2, Infinity][random(5)]!
  const down = around ? 0 : [0, 0, 1, 2, Infinity][random(5)]!
  const written = (depth: number): string => (depth === Infinity ? '' : String(depth))
  const { text, base } = randomBase(random)
  const before = around ? '@' : up > 0 ? `${written(up)}+` : ''
  return { text: before + text + (down > 0 ? `+${written(down)}` : ''), base, up, down, around }
}

function randomBase(random: Random): Pick<Term, 'text' | 'base'> {
  const kind = random(4)
  if (kind === 0) {
    const tag = tags[random(tags.length)]!
    return {
      text: `tag:${tag}`,
      base: (graph, id) => {
        const node = graph.nodes.get(id)!
        return node.kind === 'model' && node.model.tags.includes(tag)
      },
    }
  }
  if (kind === 1) return { text: 'test_type:data', base: (_, id) => id.startsWith('test:') }
  const name = `${['m', 'm', 'm', 't', 'e'][random(5)]}${random(6)}`
  return { text: name, base: (_, id) => id.endsWith(`:${name}`) }
}

interface Naive {
  readonly direct: ReadonlySet<NodeId>
  readonly heldBack: ReadonlySet<NodeId>
}

function naiveTerm(graph: Graph, term: Term, mode: IndirectSelection): Naive {
  const all = [...graph.nodes.keys()]
  const matched = all.filter((id) => term.base(graph, id))
  const isTest = (id: NodeId): boolean => id.startsWith('test:')
  const within = (from: NodeId, to: NodeId, steps: number): boolean =>
    from === to || (steps > 0 && graph.nodes.get(to)!.parents.some((parent) => within(from, parent, steps - 1)))
  const reads = (id: NodeId): boolean => matched.some((one) => within(one, id, Infinity))
  const picked = all.filter((id) => {
    if (matched.includes(id)) return true
    if (matched.some((one) => within(id, one, term.up))) return true
    if (!isTest(id) && matched.some((one) => within(one, id, term.down))) return true
    const counts = all.filter((below) => reads(below) && (mode !== 'empty' || !isTest(below) || matched.includes(below)))
    return term.around && !isTest(id) && (reads(id) || counts.some((below) => within(id, below, Infinity)))
  })
  const selected = new Set(picked)
  const attached = all.filter(
    (id) => isTest(id) && !selected.has(id) && graph.nodes.get(id)!.parents.some((parent) => selected.has(parent)),
  )
  const admitted = attached.filter((id) => naiveAdmits(graph, selected, id, mode))
  return {
    direct: new Set([...selected, ...admitted]),
    heldBack: new Set(mode === 'empty' ? [] : attached.filter((id) => !admitted.includes(id))),
  }
}

function naiveAdmits(graph: Graph, selected: ReadonlySet<NodeId>, id: NodeId, mode: IndirectSelection): boolean {
  if (mode === 'empty') return false
  const isAbove = (parent: NodeId, of: NodeId): boolean =>
    graph.nodes.get(of)!.parents.some((one) => one === parent || isAbove(parent, one))
  return (
    mode === 'eager' ||
    graph.nodes
      .get(id)!
      .parents.every((parent) => selected.has(parent) || (mode === 'buildable' && [...selected].some((one) => isAbove(parent, one))))
  )
}

function naiveCombine(
  graph: Graph,
  mode: IndirectSelection,
  parts: readonly Naive[],
  keep: (having: readonly boolean[]) => boolean,
): Naive {
  const all = [...graph.nodes.keys()]
  const direct = new Set(all.filter((id) => keep(parts.map((part) => part.direct.has(id)))))
  const heldBack = new Set(all.filter((id) => keep(parts.map((part) => part.heldBack.has(id)))))
  const again = [...heldBack].filter((id) => naiveAdmits(graph, direct, id, mode))
  return { direct: new Set([...direct, ...again]), heldBack }
}

type Words = readonly (readonly Term[])[]

function randomWords(random: Random): Words {
  return Array.from({ length: 1 + random(3) }, () => Array.from({ length: 1 + (random(3) === 0 ? 1 : 0) }, () => randomTerm(random)))
}

function naiveWords(graph: Graph, mode: IndirectSelection, words: Words): Naive {
  const both = words.map((terms) => {
    const parts = terms.map((term) => naiveTerm(graph, term, mode))
    return naiveCombine(graph, mode, parts, (having) => having.every(Boolean))
  })
  return naiveCombine(graph, mode, both, (having) => having.some(Boolean))
}

function write(words: Words): string {
  return words.map((terms) => terms.map(({ text }) => text).join(',')).join(' ')
}

test('a selection on a random graph is what the definitions say', () => {
  for (let seed = 1; seed <= 600; seed++) {
    const random = randomFrom(seed)
    const project = randomProject(random)
    const { graph } = linkProject(project, noCache)
    const mode = indirectSelections[random(4)]!
    const select = randomWords(random)
    const exclude = random(2) === 0 ? randomWords(random) : []
    const included = naiveWords(graph, mode, select)
    const expected =
      exclude.length === 0
        ? included
        : naiveCombine(graph, mode, [included, naiveWords(graph, mode, exclude)], ([first, second]) => first! && !second!)
    const request = { select: [write(select)], exclude: [write(exclude)], indirect: mode }
    const { selected } = selectNodes(graph, project, request)
    expect([...selected].sort(), `seed ${seed}, ${mode}: ${write(select)} --exclude ${write(exclude)}`).toEqual([...expected.direct].sort())
  }
})
