/** One file decides which nodes a term names, before graph operators and tests come to it. */
import type { Diagnostic } from '../core/diagnostic.ts'
import { errorDiagnostic } from '../core/diagnostic.ts'
import { didYouMean } from '../core/nearest-name.ts'
import { nodeKinds } from '../core/node.ts'
import type { JsonValue } from '../core/project.ts'
import { hasWildcard, matchName, matchPath, type Match } from './glob.ts'
import type { GraphNode } from './graph.ts'
import { configOf, filesOf, folderPartsOf, tagsOf } from './node-facts.ts'
import type { Term } from './parse-selector.ts'

export type NodeMatch = (node: GraphNode) => boolean

type MethodOfNodes = Exclude<Term['method'], 'selector'>
type MatcherOf = (value: string, argument: string, projectName: string) => NodeMatch

/** Each method of selection, but `selector:`, which names other selectors and no nodes. */
const matchers: Readonly<Record<MethodOfNodes, MatcherOf>> = {
  fqn: (value, _argument, projectName) => matchQualifiedName(value, projectName),
  path: (value) => {
    const match = matchPath(value)
    return (node) => filesOf(node).some(match)
  },
  file: (value) => {
    const match = matchName(value)
    return (node) => filesOf(node).some((file) => matchesFile(file, match))
  },
  tag: (value) => {
    const match = matchName(value)
    return (node) => tagsOf(node).some(match)
  },
  config: (value, argument) => {
    const keys = argument.split('.')
    return (node) => equalsConfig(findKey(configOf(node), keys), value)
  },
  source: (value, _argument, projectName) => matchSource(value, projectName),
  resource_type: (value) => (node) => node.kind === value,
  test_name: (value) => {
    const match = matchName(value)
    return (node) => node.kind === 'test' && node.test === 'generic' && match(node.use.test)
  },
  test_type: (value) => (node) => node.kind === 'test' && (value === 'data' || node.test === value),
  export: (value) => {
    const match = matchName(value)
    return (node) => node.kind === 'export' && match(node.name)
  },
}

export function matchTerm({ method, value, argument = '' }: Term & { readonly method: MethodOfNodes }, projectName: string): NodeMatch {
  return matchers[method](value, argument, projectName)
}

const fixedValues: Partial<Readonly<Record<Term['method'], readonly string[]>>> = {
  resource_type: nodeKinds,
  test_type: ['generic', 'singular', 'data'],
}

/** A mistake in the value of a method that takes a few values alone. */
export function checkValue({ method, value, text }: Term): Diagnostic | undefined {
  const known = fixedValues[method]
  if (!known || known.includes(value)) return undefined
  const hint = didYouMean(value, known) ?? `It is one of ${known.map((one) => `\`${one}\``).join(', ')}.`
  return errorDiagnostic(
    'bad-selector',
    `\`${value}\`, in \`${text}\`, is no ${method === 'test_type' ? 'type of test' : 'type of node'}.`,
    { hint },
  )
}

/**
 * A leaf name, wildcards and all, in whatever folder; or a dotted path of folders from the top, `marts.core`, which stands
 * for all below it. From the first part with a wildcard on, `*` crosses dots, as in dbt.
 */
function matchQualifiedName(value: string, projectName: string): NodeMatch {
  const matchLeaf = matchName(value)
  const matchFolders = matchFolderPath(value.split('.'), projectName)
  return (node) => node.kind !== 'source' && (matchLeaf(node.name) || matchFolders(node))
}

function matchFolderPath(wanted: readonly string[], projectName: string): NodeMatch {
  if (wanted.length === 1 && hasWildcard(wanted[0]!)) return () => false
  const firstWildcard = wanted.findIndex(hasWildcard)
  const fixed = firstWildcard === -1 ? wanted : wanted.slice(0, firstWildcard)
  const rest: Match = firstWildcard === -1 ? () => true : matchName(wanted.slice(firstWildcard).join('.'))
  const matches = (parts: readonly string[]): boolean =>
    parts.length >= wanted.length && fixed.every((part, at) => parts[at] === part) && rest(parts.slice(fixed.length).join('.'))
  return (node) => {
    const folders = folderPartsOf(node)
    if (!folders) return false
    const parts = [...folders, ...node.name.split('.')]
    return matches(parts) || (wanted[0] === projectName && matches([projectName, ...parts]))
  }
}

/** `van`, `van.contacts`, `van.c*`, `*`; the project's name may stand before them. */
function matchSource(value: string, projectName: string): NodeMatch {
  const parts = value.split('.')
  const [source, table] =
    parts.length > 2 && parts[0] === projectName ? [parts[1]!, parts.slice(2).join('.')] : [parts[0]!, parts.slice(1).join('.')]
  const matchesSource = matchName(source)
  const matchesTable = table === '' ? () => true : matchName(table)
  return (node) => node.kind === 'source' && matchesSource(node.source.source) && matchesTable(node.source.table)
}

/** A file by its name or by its stem. */
function matchesFile(file: string, match: Match): boolean {
  const name = file.slice(file.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  return match(name) || (dot > 0 && match(name.slice(0, dot)))
}

function findKey(config: JsonValue, keys: readonly string[]): JsonValue | undefined {
  let at: JsonValue | undefined = config
  for (const key of keys) {
    if (at === null || typeof at !== 'object' || Array.isArray(at) || !Object.hasOwn(at, key)) return undefined
    at = (at as { readonly [key: string]: JsonValue })[key]
  }
  return at
}

/** A list holds the value, an object has it as a key, anything else reads the same, whatever its case. */
function equalsConfig(found: JsonValue | undefined, value: string): boolean {
  if (found === undefined) return false
  if (found === null || typeof found !== 'object') return String(found).toLowerCase() === value.toLowerCase()
  if (Array.isArray(found)) return found.some((one: JsonValue) => (typeof one === 'object' ? false : equalsConfig(one, value)))
  return Object.hasOwn(found, value)
}
