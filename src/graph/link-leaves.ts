/** Tests and exports: nodes that read others and that nothing reads. */
import { errorDiagnostic } from '../core/diagnostic.ts'
import { didYouMean } from '../core/nearest-name.ts'
import { nodeId, type NodeId } from '../core/node.ts'
import type { Export, GenericTest, SingularTest, TestUse } from '../core/project.ts'
import { toSpan } from '../core/span.ts'
import type { GraphNode } from './graph.ts'
import { resolveNodeName, resolveTemplate, type Linking } from './resolve-template.ts'
import { mergeUses, noUses, usesOfNode, type ResolvedUses } from './resolved-uses.ts'

export interface LinkedNode {
  readonly node: GraphNode
  readonly uses: ResolvedUses
}

export function linkTests(linking: Linking): readonly LinkedNode[] {
  const { project } = linking
  const definitions = new Map(project.genericTests.map((test) => [test.name, resolveGenericTest(linking, test)]))
  const linked: LinkedNode[] = []
  for (const node of [...project.sources, ...project.seeds, ...project.models]) {
    if (node.tests.length === 0) continue
    const on = nodeId(node.kind, node.name)
    const usesOfOn = usesOfNode(on)
    for (const use of node.tests) {
      if (use.options.enabled) linked.push(linkGenericTest(linking, use, on, [usesOfOn, definitions.get(use.test) ?? noUses]))
    }
  }
  for (const test of project.singularTests) if (test.options.enabled) linked.push(linkSingularTest(linking, test))
  return linked
}

/** `tests`: names of those that the project has. */
export function linkExports(linking: Linking, tests: ReadonlySet<string>): readonly LinkedNode[] {
  return linking.project.exports.filter(({ enabled }) => enabled).map((one) => linkExport(linking, one, tests))
}

function resolveGenericTest(linking: Linking, test: GenericTest): ResolvedUses {
  const locals = new Set(['relation', 'column', ...test.args.map(({ name }) => name)])
  return resolveTemplate(linking, test.sql, { kind: 'generic-test', name: test.name }, locals)
}

function linkGenericTest(
  linking: Linking,
  use: TestUse,
  on: NodeId,
  [usesOfOn, definition]: readonly [ResolvedUses, ResolvedUses],
): LinkedNode {
  const uses = mergeUses([usesOfOn, resolveArguments(linking, use), resolveWhere(linking, use), definition])
  return { node: { kind: 'test', test: 'generic', id: nodeId('test', use.name), name: use.name, parents: uses.reads, use, on }, uses }
}

function resolveArguments(linking: Linking, use: TestUse): ResolvedUses {
  const owner = { kind: 'test', name: use.name } as const
  const all = Object.entries(use.argSources).map(([arg, source]) => {
    const uses = resolveTemplate(linking, source, owner, localsOf(use))
    const isNodeName = use.test === 'relationships' && arg === 'to' && !source.text.includes('{{')
    if (!isNodeName) return uses
    const id = resolveNodeName(linking, source.text.trim(), toSpan(source, 0, source.text.trimEnd().length))
    return id === undefined ? uses : usesOfNode(id)
  })
  return mergeUses(all)
}

function resolveWhere(linking: Linking, use: TestUse): ResolvedUses {
  return use.options.where ? resolveTemplate(linking, use.options.where, { kind: 'test', name: use.name }, localsOf(use)) : noUses
}

/** SQL of a test on a column names it by `{{column}}`. */
function localsOf(use: TestUse): ReadonlySet<string> {
  return new Set(use.column === undefined ? [] : ['column'])
}

function linkSingularTest(linking: Linking, test: SingularTest): LinkedNode {
  const owner = { kind: 'test', name: test.name } as const
  const where = test.options.where ? resolveTemplate(linking, test.options.where, owner) : noUses
  const uses = mergeUses([resolveTemplate(linking, test.sql, owner), where])
  const id = nodeId('test', test.name)
  return { node: { kind: 'test', test: 'singular', id, name: test.name, parents: uses.reads, definition: test }, uses }
}

function linkExport(linking: Linking, one: Export, tests: ReadonlySet<string>): LinkedNode {
  const forEachUses = one.forEach && resolveTemplate(linking, one.forEach, { kind: 'export', name: one.name })
  const uses = mergeUses([resolveRead(linking, one), forEachUses ?? noUses])
  const node: GraphNode = {
    kind: 'export',
    id: nodeId('export', one.name),
    name: one.name,
    parents: uses.reads,
    export: one,
    ...(forEachUses && { forEachUses }),
    requiredTests: requiredTests(linking, one, tests),
  }
  return { node, uses }
}

function requiredTests({ diagnostics }: Linking, { name, guards }: Export, tests: ReadonlySet<string>): readonly NodeId[] {
  return (guards.requiredTests ?? []).flatMap((required) => {
    if (tests.has(required.name)) return [nodeId('test', required.name)]
    diagnostics.push(
      errorDiagnostic('unknown-test', `There is no data test \`${required.name}\`, which the export \`${name}\` requires.`, {
        at: required.at,
        hint: didYouMean(required.name, tests) ?? '`sqlflow list --resource-type test` lists them.',
      }),
    )
    return []
  })
}

function resolveRead(linking: Linking, { name, read }: Export): ResolvedUses {
  if ('query' in read) return resolveTemplate(linking, read.query, { kind: 'export', name })
  const id = resolveNodeName(linking, read.from, read.at)
  return id === undefined ? noUses : usesOfNode(id)
}
