/**
 * Graph → CompiledNode, one node at a time, nothing but text. What a node's SQL depends on (its own text, the macros it calls, the
 * relations, variables and environment it names) makes a key, under which the cache keeps the hash of the SQL: an unchanged node is neither
 * parsed nor rendered again until somebody reads its SQL. Maps are never kept: rendering is pure, so a map is made again when an error needs one.
 */
import { hash } from 'node:crypto'
import type { ContentCache } from '../core/content-cache.ts'
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { NodeId } from '../core/node.ts'
import type { Macro, Model, Project } from '../core/project.ts'
import { relationKey } from '../core/relation.ts'
import type { SqlSource } from '../core/span.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { checkSingleSelect, findCteInsertion } from '../dialects/sql-statement.ts'
import type { GraphNode } from '../graph/graph.ts'
import type { LinkedProject } from '../graph/link-project.ts'
import { noUses, type ResolvedUses } from '../graph/resolved-uses.ts'
import type { Template } from '../template/parse-template.ts'
import { loadTemplate } from '../template/read-template.ts'
import { renderSql, renderTemplate } from '../template/render-template.ts'
import { concatRendered, locate, sliceRendered, textPiece } from '../template/rendered.ts'
import type { LocalValue, MacroDefinition, Rendered, RenderResult, RenderScope } from '../template/template.ts'
import type { CompiledNode, CompileResult } from './compiled-node.ts'

export interface CompilerOptions {
  readonly project: Project
  readonly linked: LinkedProject
  readonly cache: ContentCache
  readonly dialect: Dialect
  readonly run: { readonly id: string; readonly started_at: string }
}

export interface Compiler {
  /** The node must have SQL of its own: a model, a singular test, an export with a query. */
  readonly compile: (id: NodeId) => CompileResult
  /** SQL that stands in YAML, or a generic test's, with names beside the built-in ones. */
  readonly renderFragment: (source: SqlSource, locals?: Readonly<Record<string, LocalValue>>) => RenderResult
  /** A query of the command line: one SELECT, ephemeral models it names at its head. */
  readonly compileQuery: (source: SqlSource, uses: ResolvedUses) => CompileResult
}

export function createCompiler(options: CompilerOptions): Compiler {
  const context = new CompileContext(options)
  return {
    compile: (id) => compileNode(context, id),
    renderFragment: (source, locals) => context.render(source, context.scope(undefined, locals)),
    compileQuery: (source, uses) => compileSource(context, { id: 'export:--inline', source, uses }),
  }
}

/** The SQL of a node as its author wrote it; undefined for a node that has none. */
export function sqlSourceOf(node: GraphNode): SqlSource | undefined {
  if (node.kind === 'model') return node.model.sql
  if (node.kind === 'test' && node.test === 'singular') return node.definition.sql
  if (node.kind === 'export' && 'query' in node.export.read) return node.export.read.query
  return undefined
}

interface Compilable {
  readonly id: NodeId
  readonly source: SqlSource
  readonly uses: ResolvedUses
  readonly model?: Model
}

function compileNode(context: CompileContext, id: NodeId): CompileResult {
  return compileSource(context, context.compilable(id))
}

function compileSource(context: CompileContext, one: Compilable): CompileResult {
  const key = one.uses.usesRun ? undefined : context.keyOf(one)
  const known = key === undefined ? undefined : context.cache.get<string>('compiled', key)
  let text: string | undefined
  if (known === undefined) {
    const result = renderSelect(context, one)
    if (!result.ok) return result
    text = result.sql
  }
  const digest = known ?? hash('sha256', text!, 'hex')
  if (known === undefined && key !== undefined) context.cache.set('compiled', key, digest)
  return { ok: true, node: compiledNode(context, one, digest, text) }
}

function compiledNode(context: CompileContext, one: Compilable, digest: string, text: string | undefined): CompiledNode {
  let sql = text
  return { id: one.id, hash: digest, sql: () => (sql ??= sqlOf(context, one)), rendered: () => renderWithMap(context, one) }
}

function sqlOf(context: CompileContext, one: Compilable): string {
  const result = renderSelect(context, one)
  if (!result.ok) throw new Error(`${one.id} compiled before and does not now.`)
  return result.sql
}

type SelectResult = { readonly ok: true; readonly sql: string } | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** The text alone: no map is made unless something is wrong. */
function renderSelect(context: CompileContext, one: Compilable): SelectResult {
  const rendered = renderSql(context.template(one.source), one.source, context.scope(one.model))
  if (!rendered.ok) return rendered
  const checked = checkSingleSelect(rendered.sql)
  if (!checked.ok) return { ok: false, diagnostics: [notOneSelect(context, one, checked)] }
  const ctes = context.ephemeralsOf(one.uses)
  if (ctes.length === 0) return { ok: true, sql: checked.sql }
  return { ok: true, sql: renderWithMap(context, one).sql }
}

function notOneSelect(
  context: CompileContext,
  one: Compilable,
  refusal: Extract<ReturnType<typeof checkSingleSelect>, { ok: false }>,
): Diagnostic {
  const rendered = context.render(one.source, context.scope(one.model))
  const found = rendered.ok ? locate(rendered.rendered, refusal.at) : undefined
  const length = Math.max(1, refusal.end - refusal.at)
  const at = found && { ...found.span, end: Math.max(found.span.end, found.span.start + length) }
  return errorDiagnostic('not-one-select', refusal.reason, {
    at,
    hint: refusal.hint ?? 'A model, a test and an export are one SELECT each.',
    related: found?.calls.map((call) => ({ message: 'called here', at: call })),
  })
}

/** The whole SQL with its map. Throws where `renderSelect` refuses. */
function renderWithMap(context: CompileContext, one: Compilable): Rendered {
  const result = context.render(one.source, context.scope(one.model))
  if (!result.ok) throw new Error(`${one.id} does not render.`)
  const checked = checkSingleSelect(result.rendered.sql)
  const body = sliceRendered(result.rendered, 0, checked.ok ? checked.end : result.rendered.sql.length)
  const ctes = context.ephemeralsOf(one.uses)
  return ctes.length === 0 ? body : placeCtes(context, body, ctes)
}

function placeCtes(context: CompileContext, body: Rendered, ctes: readonly Compilable[]): Rendered {
  const place = findCteInsertion(body.sql)
  const span = { file: body.pieces[0]?.span.file ?? '', start: 0, end: 0 }
  const parts = ctes.flatMap((one, index) => [
    textPiece(`${index === 0 ? '' : ',\n'}${context.options.dialect.quoteIdentifier(cteName(one.model!.name))} as (\n`, span),
    context.ephemeralBody(one),
    textPiece('\n)', span),
  ])
  return concatRendered([
    sliceRendered(body, 0, place.at),
    textPiece(place.before, span),
    ...parts,
    textPiece(place.after, span),
    sliceRendered(body, place.at, body.sql.length),
  ])
}

/** Differs from the model's own name, which authors like to give to CTEs of theirs. */
function cteName(model: string): string {
  return `sqlflow__${model}`
}

/** Indices and memories of one compilation. */
class CompileContext {
  readonly options: CompilerOptions
  readonly cache: ContentCache
  readonly #models: ReadonlyMap<string, Model>
  readonly #relations = new Map<string, string>()
  readonly #templates = new Map<SqlSource, Template>()
  readonly #macros = new Map<string, MacroDefinition>()
  readonly #macroDigests = new Map<string, string>()
  readonly #keys = new Map<NodeId, string>()
  readonly #bodies = new Map<NodeId, Rendered>()
  readonly #base: RenderScope

  constructor(options: CompilerOptions) {
    this.options = options
    this.cache = options.cache
    const { project, dialect } = options
    this.#models = new Map(project.models.map((model) => [model.name, model]))
    for (const seed of project.seeds) this.#relations.set(seed.name, dialect.relation(seed.relation))
    for (const model of project.models) this.#relations.set(model.name, this.#textOf(model))
    for (const source of project.sources) this.#relations.set(source.name, dialect.relation(source.relation))
    this.#base = this.#baseScope()
  }

  #textOf(model: Model): string {
    const { dialect } = this.options
    return model.materialized === 'ephemeral' ? dialect.quoteIdentifier(cteName(model.name)) : dialect.relation(model.relation)
  }

  #baseScope(): RenderScope {
    const { project, linked, dialect, run } = this.options
    return {
      ref: (name) => this.#relations.get(name) ?? name,
      source: (source, table) => this.#relations.get(`${source}.${table}`) ?? table,
      vars: project.vars,
      env: (name) => project.env[name]?.value ?? '',
      target: { name: project.target.name, type: project.target.type, schema: project.target.schema },
      run,
      incremental: false,
      macro: (name) => this.#macro(linked.macros.get(name)),
      quoteIdentifier: dialect.quoteIdentifier,
      quoteLiteral: dialect.quoteLiteral,
    }
  }

  #macro(macro: Macro | undefined): MacroDefinition | undefined {
    if (!macro) return undefined
    let known = this.#macros.get(macro.name)
    if (!known) this.#macros.set(macro.name, (known = { name: macro.name, sql: macro.sql, args: macro.args, template: this.template(macro.sql) }))
    return known
  }

  scope(model: Model | undefined, locals?: Readonly<Record<string, LocalValue>>): RenderScope {
    return {
      ...this.#base,
      ...(model && { self: this.options.dialect.relation(model.relation) }),
      ...(locals && { locals }),
    }
  }

  template(source: SqlSource): Template {
    const known = this.options.linked.templates.get(source) ?? this.#templates.get(source)
    if (known) return known
    const template = loadTemplate(source, this.cache)
    this.#templates.set(source, template)
    return template
  }

  render(source: SqlSource, scope: RenderScope): RenderResult {
    return renderTemplate(this.template(source), source, scope)
  }

  compilable(id: NodeId): Compilable {
    const node = this.options.linked.graph.nodes.get(id)
    const source = node && sqlSourceOf(node)
    if (!source) throw new Error(`${id} has no SQL of its own.`)
    const uses = this.options.linked.uses.get(id) ?? noUses
    return { id, source, uses, ...(node.kind === 'model' && { model: node.model }) }
  }

  /** The ephemeral models under a node, each after those that it reads. */
  ephemeralsOf(uses: ResolvedUses): readonly Compilable[] {
    const found = new Map<NodeId, Compilable>()
    const visit = (reads: readonly NodeId[]): void => {
      for (const id of reads) {
        if (found.has(id) || this.#models.get(id.slice('model:'.length))?.materialized !== 'ephemeral') continue
        const one = this.compilable(id)
        visit(one.uses.refs)
        found.set(id, one)
      }
    }
    visit(uses.refs)
    return [...found.values()]
  }

  /** The SELECT of an ephemeral model, without those that it reads. */
  ephemeralBody(one: Compilable): Rendered {
    const known = this.#bodies.get(one.id)
    if (known) return known
    const result = this.render(one.source, this.scope(one.model))
    if (!result.ok) throw new Error(`${one.id} does not render.`)
    const checked = checkSingleSelect(result.rendered.sql)
    const body = sliceRendered(result.rendered, 0, checked.ok ? checked.end : result.rendered.sql.length)
    this.#bodies.set(one.id, body)
    return body
  }

  /** Everything that the SQL of a node depends on, in 64 digits. */
  keyOf(one: Compilable): string {
    const known = this.#keys.get(one.id)
    if (known !== undefined) return known
    const { project } = this.options
    const { uses, model, source } = one
    const parts = [
      source.text,
      model ? relationKey(model.relation) : '',
      ...uses.refs.map((id) => this.#dependency(id)),
      ...uses.sources.map((id) => this.#relations.get(id.slice('source:'.length)) ?? ''),
      ...uses.macros.map((name) => this.#macroDigest(name)),
      ...uses.vars.map((name) => `${name}=${JSON.stringify(project.vars[name])}`),
      ...uses.envs.map((name) => `${name}=${project.env[name]?.value ?? ''}`),
      uses.usesTarget ? JSON.stringify(this.#base.target) : '',
    ]
    const key = hash('sha256', parts.join('\0'), 'base64url')
    this.#keys.set(one.id, key)
    return key
  }

  #dependency(id: NodeId): string {
    const name = id.slice(id.indexOf(':') + 1)
    const ephemeral = this.#models.get(name)?.materialized === 'ephemeral'
    return ephemeral ? this.keyOf(this.compilable(id)) : `${name}=${this.#relations.get(name)}`
  }

  #macroDigest(name: string): string {
    const known = this.#macroDigests.get(name)
    if (known !== undefined) return known
    const macro = this.options.linked.macros.get(name)
    const digest = macro ? hash('sha256', JSON.stringify([macro.sql.text, macro.args]), 'base64url') : name
    this.#macroDigests.set(name, digest)
    return digest
  }
}
