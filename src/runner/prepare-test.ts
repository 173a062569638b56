/** From a test of the graph to one that can be asked: its templates rendered, its names resolved. Mistakes come back as diagnostics. */
import { type Diagnostic } from '../core/diagnostic.ts'
import { nodeId } from '../core/node.ts'
import type { Project } from '../core/project.ts'
import type { Span, SqlSource } from '../core/span.ts'
import type { Compiler } from '../compile/compiler.ts'
import { filteredRelation } from '../data-tests/relation-rows.ts'
import type { DataTest, TestSubject } from '../data-tests/data-test.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Graph, GraphNode, TestNode } from '../graph/graph.ts'
import { findBuiltinTest } from '../project/builtin-tests.ts'
import { concatRendered, textPiece } from '../template/rendered.ts'
import type { LocalValue, Rendered } from '../template/template.ts'

export interface PrepareTestContext {
  readonly project: Project
  readonly graph: Graph
  readonly compiler: Compiler
  readonly dialect: Dialect
}

export type PreparedTest =
  | { readonly ok: true; readonly test: DataTest }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

export function prepareTest(context: PrepareTestContext, node: TestNode): PreparedTest {
  try {
    return { ok: true, test: node.test === 'singular' ? singularTest(context, node) : genericTest(context, node) }
  } catch (error) {
    if (error instanceof RenderFailure) return { ok: false, diagnostics: error.diagnostics }
    throw error
  }
}

/** Carries diagnostics out of the depth of rendering; never leaves this file. */
class RenderFailure extends Error {
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[]) {
    super('A template did not render.')
    this.diagnostics = diagnostics
  }
}

type SingularNode = Extract<TestNode, { test: 'singular' }>
type GenericNode = Extract<TestNode, { test: 'generic' }>

function singularTest(context: PrepareTestContext, node: SingularNode): DataTest {
  const compiled = context.compiler.compile(node.id)
  if (!compiled.ok) throw new RenderFailure(compiled.diagnostics)
  const { name, options, at } = node.definition
  return { kind: 'query', id: node.id, name, options, at, sql: compiled.node.rendered() }
}

function genericTest(context: PrepareTestContext, node: GenericNode): DataTest {
  const { use } = node
  const on = subjectOf(context, context.graph.nodes.get(node.on)!, use.at)
  const columnLocal = use.column === undefined ? {} : { column: sqlLocal(context.dialect.quoteIdentifier(use.column), use.at) }
  const where = use.options.where && fragment(context, use.options.where, columnLocal)
  const common = { id: node.id, name: use.name, options: use.options, at: use.at, on, ...(where && { where }) }
  const args = argumentsOf(context, node, columnLocal)
  if (findBuiltinTest(use.test)) {
    return { ...common, kind: 'built-in', test: use.test, args, ...(use.column !== undefined && { column: use.column }) }
  }
  const definition = context.project.genericTests.find((one) => one.name === use.test)!
  const relation = filteredRelation({ on, where, at: use.at, dialect: context.dialect })
  const defaults = Object.fromEntries(definition.args.filter((arg) => arg.default !== undefined).map((arg) => [arg.name, arg.default!]))
  const missing = Object.fromEntries(
    definition.args.filter((arg) => !arg.required && arg.default === undefined).map((arg) => [arg.name, null]),
  )
  const sql = fragment(context, definition.sql, { ...missing, ...defaults, ...args, relation: { sql: relation }, ...columnLocal })
  return { ...common, kind: 'query', sql }
}

/** What a test stands on: the relation, or the SELECT of an ephemeral model. */
function subjectOf(context: PrepareTestContext, node: GraphNode, at: Span): TestSubject {
  if (node.kind === 'model' && node.model.materialized === 'ephemeral') {
    const compiled = context.compiler.compile(node.id)
    if (!compiled.ok) throw new RenderFailure(compiled.diagnostics)
    return { label: node.name, relation: concatRendered([textPiece('(', at), compiled.node.rendered(), textPiece('\n)', at)]) }
  }
  return { label: node.name, relation: relationText(context, node) }
}

function relationText({ dialect }: PrepareTestContext, node: GraphNode): string {
  if (node.kind === 'model') return dialect.relation(node.model.relation)
  if (node.kind === 'seed') return dialect.relation(node.seed.relation)
  if (node.kind === 'source') return dialect.relation(node.source.relation)
  throw new Error(`${node.id} has no relation.`)
}

/** Arguments declared as SQL become SQL; strings with a template in them are rendered; the rest stays as written. */
function argumentsOf(
  context: PrepareTestContext,
  node: GenericNode,
  locals: Readonly<Record<string, LocalValue>>,
): Readonly<Record<string, LocalValue>> {
  const { use } = node
  const declared = findBuiltinTest(use.test)?.args ?? context.project.genericTests.find((one) => one.name === use.test)?.args ?? []
  const types = new Map(declared.map((arg) => [arg.name, arg.type]))
  return Object.fromEntries(
    Object.entries(use.args).map(([name, value]): [string, LocalValue] => {
      const source = use.argSources[name]
      if (use.test === 'relationships' && name === 'to' && source) return [name, relatedTo(context, node, source)]
      if (!source || typeof value !== 'string') return [name, value]
      if (types.get(name) === 'sql') return [name, { sql: fragment(context, source, locals) }]
      return [name, source.text.includes('{{') ? fragment(context, source, locals).sql : value]
    }),
  )
}

/** `to:` is the name of a node, or a template that renders to a relation. */
function relatedTo(context: PrepareTestContext, node: GenericNode, source: SqlSource): LocalValue {
  if (source.text.includes('{{')) return { sql: fragment(context, source) }
  const name = source.text.trim()
  const found = (['model', 'seed', 'source'] as const)
    .map((kind) => context.graph.nodes.get(nodeId(kind, name)))
    .find((one) => one !== undefined)
  const { relation } = subjectOf(context, found!, node.use.at)
  return { sql: typeof relation === 'string' ? textPiece(relation, node.use.at) : relation }
}

function fragment({ compiler }: PrepareTestContext, source: SqlSource, locals?: Readonly<Record<string, LocalValue>>): Rendered {
  const result = compiler.renderFragment(source, locals)
  if (!result.ok) throw new RenderFailure(result.diagnostics)
  return result.rendered
}

function sqlLocal(text: string, at: Span): LocalValue {
  return { sql: textPiece(text, at) }
}
