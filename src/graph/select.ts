/**
 * Which nodes a command is about. Terms are evaluated as dbt evaluates them: each yields nodes and the tests that come with
 * them, and tests that were held back are admitted again when the combined set holds all that they read.
 * docs/selectors.md describes the grammar, and where it differs from dbt's.
 */
import { warningDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { NodeId } from '../core/node.ts'
import type { NamedSelector, Project, SelectorDefinition } from '../core/project.ts'
import type { Span } from '../core/span.ts'
import { extendMatches } from './extend-matches.ts'
import type { Graph } from './graph.ts'
import { admitHeldBack, attachTests, type IndirectSelection, type Picked } from './indirect-selection.ts'
import { matchTerm } from './match-term.ts'
import { checkTerm } from './named-selectors.ts'
import { parseSelector, type ParsedSelector, type Term } from './parse-selector.ts'
import { hintForUnmatched } from './unmatched-term.ts'

export interface SelectionRequest {
  /** As typed: spaces and repeated entries are unions, commas intersections. Empty: the default selector, or all nodes. */
  readonly select: readonly string[]
  readonly exclude: readonly string[]
  /** How tests come with the nodes that they read; `eager` when absent. */
  readonly indirect?: IndirectSelection
}

export interface Selection {
  /** In the order of the graph. */
  readonly selected: ReadonlySet<NodeId>
  /** Errors in the grammar, and a warning (`selector-matched-nothing`) for each term that names nothing. */
  readonly diagnostics: readonly Diagnostic[]
}

interface Evaluation {
  readonly graph: Graph
  readonly project: Project
  readonly selectors: ReadonlyMap<string, NamedSelector>
  readonly indirect: IndirectSelection
  readonly diagnostics: Diagnostic[]
  readonly warned: Set<string>
  /** Where the selector stands, when in a file. Its mistakes were reported when the project was linked. */
  readonly at?: Span
  /** Named selectors under evaluation, outermost first. */
  readonly within: readonly string[]
}

export function selectNodes(graph: Graph, project: Project, request: SelectionRequest): Selection {
  const { select, exclude, indirect = 'eager' } = request
  const diagnostics: Diagnostic[] = []
  const selectors = new Map(project.selectors.map((one) => [one.name, one]))
  const evaluation: Evaluation = { graph, project, selectors, indirect, diagnostics, warned: new Set(), within: [] }
  const included = evaluateRequest(evaluation, select.join(' '))
  const excluded = exclude.join(' ').trim() === '' ? [] : [evaluateText(evaluation, exclude.join(' '))]
  const { direct } = combine(evaluation, [included, ...excluded], subtract)
  return { selected: new Set(graph.order.filter((id) => direct.has(id))), diagnostics }
}

function evaluateRequest(evaluation: Evaluation, text: string): Picked {
  if (text.trim() !== '') return evaluateText(evaluation, text)
  const byDefault = evaluation.project.selectors.find((one) => one.default)
  return byDefault ? evaluateNamed(evaluation, byDefault) : everything(evaluation)
}

function everything({ graph }: Evaluation): Picked {
  return { direct: new Set(graph.order), heldBack: new Set() }
}

function evaluateNamed(evaluation: Evaluation, selector: NamedSelector): Picked {
  if (evaluation.within.includes(selector.name)) return nothing
  const inside = { ...evaluation, at: selector.at, within: [...evaluation.within, selector.name] }
  return evaluateDefinition(inside, selector.definition)
}

function evaluateDefinition(evaluation: Evaluation, definition: SelectorDefinition): Picked {
  if (typeof definition === 'string') return evaluateText(evaluation, definition)
  const all = (list: readonly SelectorDefinition[]): Picked[] => list.map((one) => evaluateDefinition(evaluation, one))
  const { union, intersection, exclude } = definition
  const base = union
    ? combine(evaluation, all(union), unite)
    : intersection
      ? combine(evaluation, all(intersection), intersect)
      : everything(evaluation)
  return exclude ? combine(evaluation, [base, ...all(exclude)], subtract) : base
}

function evaluateText(evaluation: Evaluation, text: string): Picked {
  const parsed = parse(evaluation, text)
  const intersections = parsed.map((terms) => evaluateIntersection(evaluation, terms))
  return combine(evaluation, intersections, unite)
}

function parse({ diagnostics, at }: Evaluation, text: string): ParsedSelector {
  return parseSelector(text, { diagnostics: at ? [] : diagnostics })
}

function evaluateIntersection(evaluation: Evaluation, terms: readonly Term[]): Picked {
  const picked = terms.map((term) => evaluateTerm(evaluation, term))
  const both = combine(evaluation, picked, intersect)
  const isEmptied = both.direct.size === 0 && picked.every(({ direct }) => direct.size > 0)
  if (isEmptied && terms.length > 1)
    warn(evaluation, terms.map(({ text }) => text).join(','), 'Each of its terms matches something, but no node is in all.')
  return both
}

function evaluateTerm(evaluation: Evaluation, term: Term): Picked {
  const mistake = checkTerm(term, evaluation.selectors)
  if (mistake) {
    if (!evaluation.at) evaluation.diagnostics.push(mistake)
    return nothing
  }
  const { graph, indirect } = evaluation
  const matched = findMatches(evaluation, term)
  if (matched.size === 0) warn(evaluation, term.text, hintForUnmatched(term, graph, evaluation.project))
  return attachTests(graph, extendMatches(graph, matched, term, indirect), indirect)
}

function findMatches(evaluation: Evaluation, { method, ...term }: Term): ReadonlySet<NodeId> {
  if (method === 'selector') return evaluateNamed(evaluation, evaluation.selectors.get(term.value)!).direct
  const matches = matchTerm({ method, ...term }, evaluation.project.name)
  const matched = new Set<NodeId>()
  for (const node of evaluation.graph.nodes.values()) if (matches(node)) matched.add(node.id)
  return matched
}

function warn({ diagnostics, warned, at }: Evaluation, text: string, hint: string | undefined): void {
  if (warned.has(text)) return
  warned.add(text)
  diagnostics.push(warningDiagnostic('selector-matched-nothing', `Nothing matches \`${text}\`.`, { at, hint }))
}

type SetOperation = (sets: readonly ReadonlySet<NodeId>[]) => Set<NodeId>

const nothing: Picked = { direct: new Set(), heldBack: new Set() }

function combine({ graph, indirect }: Evaluation, all: readonly Picked[], operation: SetOperation): Picked {
  if (all.length === 1) return all[0]!
  const direct = operation(all.map((one) => one.direct))
  const heldBack = operation(all.map((one) => one.heldBack))
  return { direct: admitHeldBack(graph, direct, heldBack, indirect), heldBack }
}

function unite(sets: readonly ReadonlySet<NodeId>[]): Set<NodeId> {
  const all = new Set<NodeId>()
  for (const set of sets) for (const id of set) all.add(id)
  return all
}

function intersect([first, ...others]: readonly ReadonlySet<NodeId>[]): Set<NodeId> {
  return new Set([...(first ?? [])].filter((id) => others.every((set) => set.has(id))))
}

function subtract([first, ...others]: readonly ReadonlySet<NodeId>[]): Set<NodeId> {
  return new Set([...(first ?? [])].filter((id) => !others.some((set) => set.has(id))))
}
