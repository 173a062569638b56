/** What a term that matches nothing may have meant. Runs for such terms alone. */
import { didYouMean } from '../core/nearest-name.ts'
import { nodeNameOf } from '../core/node.ts'
import type { Project } from '../core/project.ts'
import type { Graph, GraphNode } from './graph.ts'
import { hasWildcard } from './glob.ts'
import { tagsOf } from './node-facts.ts'
import { termFor, type Term } from './parse-selector.ts'

export function hintForUnmatched({ method, value }: Term, graph: Graph, project: Project): string | undefined {
  const nodes = [...graph.nodes.values()]
  if (method === 'fqn') {
    const known = hintForName(value, graph, project)
    if (known !== undefined) return known
  }
  if (hasWildcard(value)) return undefined
  return didYouMean(value, candidates(method, nodes))
}

function hintForName(name: string, graph: Graph, project: Project): string | undefined {
  if (graph.nodes.has(`source:${name}`) || project.sources.some(({ source }) => source === name))
    return `It is a source: write \`source:${name}\`.`
  const disabled = project.disabled.find((one) => one.name === name)
  if (disabled) return `The ${disabled.kind} \`${name}\` is disabled.`
  if (project.selectors.some((one) => one.name === name)) return `It is a selector: write \`selector:${name}\`.`
  const spaced = [...graph.nodes.values()].find((node) => node.name.split(/[\s,]/).length > 1 && node.name.split(/[\s,]/).includes(name))
  if (spaced) return `A space means union and a comma intersection: write \`${termFor(spaced.name)}\` for \`${spaced.name}\`.`
  const isTag = [...graph.nodes.values()].some((node) => tagsOf(node).includes(name))
  return isTag ? `It is a tag: write \`tag:${name}\`.` : undefined
}

function candidates(method: Term['method'], nodes: readonly GraphNode[]): Iterable<string> {
  if (method === 'fqn') return nodes.filter(({ kind }) => kind !== 'source').map(({ name }) => name)
  if (method === 'tag') return new Set(nodes.flatMap(tagsOf))
  if (method === 'source')
    return new Set(nodes.flatMap((node) => (node.kind === 'source' ? [node.source.source, nodeNameOf(node.id)] : [])))
  if (method === 'export') return nodes.filter(({ kind }) => kind === 'export').map(({ name }) => name)
  if (method === 'test_name')
    return new Set(nodes.flatMap((node) => (node.kind === 'test' && node.test === 'generic' ? [node.use.test] : [])))
  return []
}
