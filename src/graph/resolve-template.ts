/**
 * From the names that a template uses to the nodes, macros, variables they stand for; each that stands for nothing is a
 * diagnostic at its place. Macros are resolved once, when the first template calls them.
 */
import type { Diagnostic } from '../core/diagnostic.ts'
import type { NodeId } from '../core/node.ts'
import type { Macro, Project } from '../core/project.ts'
import { toSpan, type Span, type SqlSource } from '../core/span.ts'
import type { TemplateFacts, Use } from '../template/template.ts'
import { describeName } from './describe-name.ts'
import { describeEnv, describeRef, describeSource, describeVar } from './describe-unknown.ts'
import { describeMacroState, describeState, type TemplateOwner } from './describe-state.ts'
import type { ProjectNames } from './project-names.ts'
import { noUses, type ResolvedUses } from './resolved-uses.ts'
import type { Suggest } from './suggest.ts'
import type { TemplateReader } from './template-reader.ts'

export interface Linking {
  readonly project: Project
  readonly names: ProjectNames
  readonly reader: TemplateReader
  readonly suggest: Suggest
  readonly diagnostics: Diagnostic[]
  /** Of each macro resolved so far. */
  readonly macroUses: Map<string, ResolvedUses>
}

const noLocals: ReadonlySet<string> = new Set()

interface Accumulator {
  readonly reads: Set<NodeId>
  /** These are few: a list of distinct names costs less than a set, for every node of a project. */
  readonly vars: string[]
  readonly envs: string[]
  readonly macros: string[]
  usesSelf: boolean
  usesIncremental: boolean
  usesRun: boolean
  usesTarget: boolean
}

/** `locals` are names that the template has beside the built-in ones: arguments, `relation`, `column`. */
export function resolveTemplate(
  linking: Linking,
  source: SqlSource,
  owner: TemplateOwner,
  locals: ReadonlySet<string> = noLocals,
): ResolvedUses {
  const facts = linking.reader.facts(source)
  if (isPlain(facts)) return noUses
  const { usesSelf, usesIncremental, usesRun, usesTarget } = facts
  const into: Accumulator = {
    reads: new Set(),
    vars: [],
    envs: [],
    macros: [],
    usesSelf,
    usesIncremental,
    usesRun,
    usesTarget,
  }
  for (const use of facts.vars) resolveVar(linking, source, use, into)
  for (const use of facts.envs) resolveEnv(linking, source, use, into)
  for (const use of facts.stateUses) report(linking, describeState(use.name, owner, spanOf(source, use)))
  visitInOrder(facts, (use, as) => {
    if (as === 'ref') resolveRef(linking, source, use, into)
    else if (as === 'source') resolveSource(linking, source, use, into)
    else if (!locals.has(use.name)) resolveMacro(linking, source, use, { owner, locals }, into)
  })
  return finish(into)
}

/** What a macro uses, also through others. A macro that calls itself, which is reported elsewhere, counts once. */
export function resolveMacroUses(linking: Linking, macro: Macro): ResolvedUses {
  const known = linking.macroUses.get(macro.name)
  if (known) return known
  linking.macroUses.set(macro.name, noUses)
  const uses = resolveMacroTemplate(linking, macro)
  linking.macroUses.set(macro.name, uses)
  return uses
}

/** Reports the mistakes of a variant for a dialect that is not the target's: nothing here calls it. */
export function checkVariant(linking: Linking, macro: Macro): void {
  resolveMacroTemplate(linking, macro)
}

function resolveMacroTemplate(linking: Linking, macro: Macro): ResolvedUses {
  const locals = new Set(macro.args.map(({ name }) => name))
  return resolveTemplate(linking, macro.sql, { kind: 'macro', name: macro.name }, locals)
}

/** What reads a node by its bare name (`from:`, `to:`): a model, a seed, or `source.table`. */
export function resolveNodeName(linking: Linking, name: string, at: Span): NodeId | undefined {
  const id = linking.names.refs.get(name) ?? linking.names.sources.get(name)
  if (id === undefined) report(linking, describeRef(linking, name, at, { bareNames: true }))
  return id
}

function resolveRef(linking: Linking, source: SqlSource, use: Use, into: Accumulator): void {
  const id = linking.names.refs.get(use.name)
  if (id !== undefined) into.reads.add(id)
  else report(linking, describeRef(linking, use.name, spanOf(source, use), { bareNames: false }))
}

function resolveSource(linking: Linking, source: SqlSource, use: Use, into: Accumulator): void {
  const id = linking.names.sources.get(use.name)
  if (id !== undefined) into.reads.add(id)
  else report(linking, describeSource(linking, use.name, spanOf(source, use)))
}

function resolveVar(linking: Linking, source: SqlSource, use: Use, into: Accumulator): void {
  addName(into.vars, use.name)
  if (!Object.hasOwn(linking.project.vars, use.name)) report(linking, describeVar(linking, use.name, spanOf(source, use)))
}

function resolveEnv(linking: Linking, source: SqlSource, use: Use, into: Accumulator): void {
  addName(into.envs, use.name)
  report(linking, describeEnv(linking, use.name, spanOf(source, use)))
}

interface Surroundings {
  readonly owner: TemplateOwner
  readonly locals: ReadonlySet<string>
}

function resolveMacro(linking: Linking, source: SqlSource, use: Use, { owner, locals }: Surroundings, into: Accumulator): void {
  const macro = linking.names.macros.get(use.name)
  if (!macro && use.maybe === true) return
  if (!macro) return report(linking, describeName(linking, use.name, spanOf(source, use), [...locals]))
  const uses = resolveMacroUses(linking, macro)
  if (uses.usesSelf || uses.usesIncremental) report(linking, describeMacroState(macro, uses, owner, spanOf(source, use)))
  addName(into.macros, macro.name)
  for (const name of uses.macros) addName(into.macros, name)
  for (const id of uses.reads) into.reads.add(id)
  for (const name of uses.vars) addName(into.vars, name)
  for (const name of uses.envs) addName(into.envs, name)
  into.usesSelf ||= uses.usesSelf
  into.usesIncremental ||= uses.usesIncremental
  into.usesRun ||= uses.usesRun
  into.usesTarget ||= uses.usesTarget
}

function addName(names: string[], name: string): void {
  if (!names.includes(name)) names.push(name)
}

function isPlain({ refs, sources, vars, envs, names, stateUses, usesRun, usesTarget }: TemplateFacts): boolean {
  const used = refs.length + sources.length + vars.length + envs.length + names.length + stateUses.length
  return used === 0 && !usesRun && !usesTarget
}

type UseKind = 'ref' | 'source' | 'name'

/** What may lead to another node, in the order of the text. Merges the three lists, which are in that order themselves. */
export function visitInOrder({ refs, sources, names }: TemplateFacts, visit: (use: Use, as: UseKind) => void): void {
  let ref = 0
  let source = 0
  let name = 0
  for (let left = refs.length + sources.length + names.length; left > 0; left--) {
    const refAt = refs[ref]?.start ?? Infinity
    const sourceAt = sources[source]?.start ?? Infinity
    const nameAt = names[name]?.start ?? Infinity
    if (refAt <= sourceAt && refAt <= nameAt) visit(refs[ref++]!, 'ref')
    else if (sourceAt <= nameAt) visit(sources[source++]!, 'source')
    else visit(names[name++]!, 'name')
  }
}

function finish({ reads, ...others }: Accumulator): ResolvedUses {
  const all = [...reads]
  const sources = all.filter(isSource)
  return { reads: all, refs: sources.length === 0 ? all : all.filter((id) => !isSource(id)), sources, ...others }
}

function isSource(id: NodeId): boolean {
  return id.startsWith('source:')
}

export function spanOf(source: SqlSource, use: Use): Span {
  return toSpan(source, use.start, use.end)
}

function report({ diagnostics }: Pick<Linking, 'diagnostics'>, diagnostic: Diagnostic | undefined): void {
  if (diagnostic) diagnostics.push(diagnostic)
}
