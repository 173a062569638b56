/**
 * Graph → CompiledNode, one node at a time, nothing but text. Under a key of all that its SQL depends on the cache keeps the hash of the SQL: an
 * unchanged node is neither parsed nor rendered again until somebody reads its SQL. Maps are never kept: rendering is pure, so a map is made
 * again when an error needs one.
 */
import { hash } from 'node:crypto'
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { NodeId } from '../core/node.ts'
import type { SqlSource } from '../core/span.ts'
import { checkSingleSelect, findCteInsertion } from '../dialects/sql-statement.ts'
import { noUses, type ResolvedUses } from '../graph/resolved-uses.ts'
import { renderSql } from '../template/render-template.ts'
import { concatRendered, insertRendered, locate, sliceRendered, textPiece } from '../template/rendered.ts'
import type { LocalValue, Rendered, RenderResult, RenderScope } from '../template/template.ts'
import { ephemeralsUnder, findCompilable, findEphemeral, type Compilable } from './compilable.ts'
import { compileKeys } from './compile-key.ts'
import type { CompiledNode, CompileResult } from './compiled-node.ts'
import { inlining } from './inlining.ts'
import { createRenderContext, cteName, type CompilerOptions, type RenderContext } from './render-context.ts'

export interface Compiler {
  /** The node must have SQL of its own: a model, a singular test, an export with a query. */
  readonly compile: (id: NodeId) => CompileResult
  /** The `for_each` of an export. */
  readonly compileForEach: (id: NodeId) => CompileResult
  /** A query of the command line: one SELECT, as an export's. */
  readonly compileQuery: (source: SqlSource, uses: ResolvedUses) => CompileResult
  /** SQL that stands in YAML, or a generic test's, with names beside the built-in ones. */
  readonly renderFragment: (source: SqlSource, locals?: Readonly<Record<string, LocalValue>>) => RenderResult
  /** One for which these models are ephemeral, whatever they are. */
  readonly inlining: (models: ReadonlySet<NodeId>) => Compiler
}

export function createCompiler(options: CompilerOptions): Compiler {
  const context = createRenderContext(options)
  const keyOf = compileKeys(options, context, (id) => findEphemeral(options.linked, id))
  const compiling: Compiling = { options, context, keyOf, ephemerals: new Map() }
  return {
    compile: (id) => {
      const one = findCompilable(options.linked, id)
      if (!one) throw new Error(`${id} has no SQL of its own.`)
      return compileOne(compiling, one)
    },
    compileForEach: (id) => {
      const node = options.linked.graph.nodes.get(id)
      if (node?.kind !== 'export' || !node.export.forEach) throw new Error(`${id} has no for_each.`)
      return compileOne(compiling, { id, source: node.export.forEach, uses: node.forEachUses ?? noUses })
    },
    compileQuery: (source, uses) => compileOne(compiling, { id: 'export:--inline', source, uses }),
    renderFragment: (source, locals) => context.render(source, context.scope(undefined, locals)),
    inlining: (models) => createCompiler(inlining(options, models)),
  }
}

interface Compiling {
  readonly options: CompilerOptions
  readonly context: RenderContext
  readonly keyOf: (one: Compilable) => string | undefined
  readonly ephemerals: Map<NodeId, SelectResult>
}

const cacheKind = 'compiled'

function compileOne(compiling: Compiling, one: Compilable): CompileResult {
  const { cache } = compiling.options
  const key = compiling.keyOf(one)
  const known = key === undefined ? undefined : cache.get<string>(cacheKind, key)
  if (known !== undefined) return { ok: true, node: toNode(compiling, one, { hash: known }) }
  const result = renderSelect(compiling, one)
  if (!result.ok) return result
  const digest = hash('sha256', result.sql, 'hex')
  if (key !== undefined) cache.set(cacheKind, key, digest)
  return { ok: true, node: toNode(compiling, one, { hash: digest, sql: result.sql }) }
}

/** Where the SQL is not known it is rendered when somebody reads it. */
function toNode(compiling: Compiling, one: Compilable, known: { readonly hash: string; readonly sql?: string }): CompiledNode {
  let { sql } = known
  return {
    id: one.id,
    hash: known.hash,
    sql: () => (sql ??= renderAgain(compiling, one)),
    rendered: () => renderWithMap(compiling, one),
  }
}

function renderAgain(compiling: Compiling, one: Compilable): string {
  const result = renderSelect(compiling, one)
  if (!result.ok) throw new Error(`${one.id} compiled before and does not now.`)
  return result.sql
}

type SelectResult = { readonly ok: true; readonly sql: string } | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** The text alone: no map is made unless something is wrong, or ephemeral models stand in it, whose mistakes are those of the node too. */
function renderSelect(compiling: Compiling, one: Compilable): SelectResult {
  const own = renderOwnSelect(compiling, one)
  const ephemerals = ephemeralsUnder(compiling.options.linked, one.uses)
  if (!own.ok || ephemerals.length === 0) return own
  const broken = ephemerals.map((ephemeral) => renderEphemeral(compiling, ephemeral)).filter((result) => !result.ok)
  if (broken.length > 0) return { ok: false, diagnostics: broken.flatMap(({ diagnostics }) => diagnostics) }
  return { ok: true, sql: renderWithMap(compiling, one).sql }
}

/** Once for all that read it. */
function renderEphemeral(compiling: Compiling, ephemeral: Compilable): SelectResult {
  const known = compiling.ephemerals.get(ephemeral.id)
  if (known) return known
  const result = renderOwnSelect(compiling, ephemeral)
  compiling.ephemerals.set(ephemeral.id, result)
  return result
}

/** The form of a first run; that of later runs, where there is one, must be one SELECT too. */
function renderOwnSelect({ context }: Compiling, one: Compilable): SelectResult {
  const scope = context.scope(one.model)
  const first = renderForm(context, one, scope)
  if (!first.ok || !one.uses.usesIncremental) return first
  const later = renderForm(context, one, { ...scope, incremental: true })
  return later.ok ? first : later
}

function renderForm(context: RenderContext, one: Compilable, scope: RenderScope): SelectResult {
  const rendered = renderSql(context.template(one.source), one.source, scope)
  if (!rendered.ok) return rendered
  const checked = checkSingleSelect(rendered.sql)
  return checked.ok ? { ok: true, sql: checked.sql } : { ok: false, diagnostics: [describeRefusal(context, one, scope, checked)] }
}

type Refusal = Extract<ReturnType<typeof checkSingleSelect>, { ok: false }>

function describeRefusal(context: RenderContext, one: Compilable, scope: RenderScope, refusal: Refusal): Diagnostic {
  const result = context.render(one.source, scope)
  const found = result.ok ? locate(result.rendered, refusal.at) : undefined
  return errorDiagnostic('not-one-select', refusal.reason, {
    at: found?.span ?? { file: one.source.file, start: 0, end: 0 },
    hint: refusal.hint ?? 'A model, a test and an export are one SELECT each.',
    related: found?.calls.map((call) => ({ message: 'called here', at: call })),
  })
}

/** The whole SQL with its map, of what `renderSelect` accepts. */
function renderWithMap(compiling: Compiling, one: Compilable): Rendered {
  const body = renderBody(compiling.context, one)
  const { dialect, linked } = compiling.options
  const ctes = ephemeralsUnder(linked, one.uses)
  if (ctes.length === 0) return body
  const { at, before, after } = findCteInsertion(body.sql)
  const written = (sql: string): Rendered => textPiece(sql, { file: one.source.file, start: 0, end: 0 })
  const parts = ctes.flatMap((cte, index) => [
    written(`${index === 0 ? before : ',\n'}${dialect.quoteIdentifier(cteName(cte.model!.name, dialect))} as (\n`),
    renderBody(compiling.context, cte),
    written('\n)'),
  ])
  return insertRendered(body, at, concatRendered([...parts, written(after)]))
}

/** The SELECT itself, without the ephemeral models that it reads. */
function renderBody(context: RenderContext, one: Compilable): Rendered {
  const result = context.render(one.source, context.scope(one.model))
  const checked = result.ok ? checkSingleSelect(result.rendered.sql) : undefined
  if (!result.ok || !checked?.ok) throw new Error(`${one.id} does not render to one SELECT.`)
  return sliceRendered(result.rendered, 0, checked.end)
}
