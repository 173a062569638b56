/** What names mean in the templates of a project, and the programs to render them: made once for a compilation, filled as it goes. */
import type { ContentCache } from '../core/content-cache.ts'
import type { Macro, Model, Project } from '../core/project.ts'
import type { SqlSource } from '../core/span.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { fitName } from '../dialects/fit-name.ts'
import type { LinkedProject } from '../graph/link-project.ts'
import type { Template } from '../template/parse-template.ts'
import { loadTemplate } from '../template/read-template.ts'
import { renderTemplate } from '../template/render-template.ts'
import type { LocalValue, MacroDefinition, RenderResult, RenderScope } from '../template/template.ts'

export interface CompilerOptions {
  readonly project: Project
  readonly linked: LinkedProject
  readonly cache: ContentCache
  readonly dialect: Dialect
  readonly run: { readonly id: string; readonly started_at: string }
}

export interface RenderContext {
  /** The text that stands for a model, a seed, or `source.table`. */
  readonly relationText: (name: string) => string
  readonly template: (source: SqlSource) => Template
  readonly scope: (model: Model | undefined, locals?: Readonly<Record<string, LocalValue>>) => RenderScope
  readonly render: (source: SqlSource, scope: RenderScope) => RenderResult
}

export function createRenderContext(options: CompilerOptions): RenderContext {
  const { project, dialect } = options
  const relations = relationTexts(project, dialect)
  const template = templatesOf(options)
  const macros = new Map<string, MacroDefinition>()
  const define = (macro: Macro): MacroDefinition => ({ name: macro.name, sql: macro.sql, args: macro.args, template: template(macro.sql) })
  const base: RenderScope = {
    ref: (name) => relations.get(name) ?? name,
    source: (source, table) => relations.get(`${source}.${table}`) ?? table,
    vars: project.vars,
    env: (name) => project.env[name]?.value ?? '',
    target: { name: project.target.name, type: project.target.type, schema: project.target.schema },
    run: options.run,
    incremental: false,
    macro: (name) => remembered(macros, name, () => options.linked.macros.get(name), define),
    quoteIdentifier: dialect.quoteIdentifier,
    quoteLiteral: dialect.quoteLiteral,
  }
  return {
    relationText: (name) => relations.get(name) ?? name,
    template,
    scope: (model, locals) => ({ ...base, ...(model && { self: dialect.relation(model.relation) }), ...(locals && { locals }) }),
    render: (source, scope) => renderTemplate(template(source), source, scope),
  }
}

/** The name of the CTE that stands for an ephemeral model: not its own, which authors like to give to CTEs of theirs. */
export function cteName(model: string, dialect: Dialect): string {
  return fitName(`sqlflow__${model}`, dialect.identifierBytes)
}

function relationTexts({ models, seeds, sources }: Project, dialect: Dialect): ReadonlyMap<string, string> {
  return new Map([
    ...seeds.map((seed) => [seed.name, dialect.relation(seed.relation)] as const),
    ...sources.map((source) => [source.name, dialect.relation(source.relation)] as const),
    ...models.map((model) => [model.name, modelText(model, dialect)] as const),
  ])
}

function modelText(model: Model, dialect: Dialect): string {
  return model.materialized === 'ephemeral' ? dialect.quoteIdentifier(cteName(model.name, dialect)) : dialect.relation(model.relation)
}

function templatesOf({ linked, cache }: CompilerOptions): (source: SqlSource) => Template {
  const loaded = new Map<SqlSource, Template>()
  return (source) => {
    const known = linked.templates.get(source) ?? loaded.get(source)
    if (known) return known
    const template = loadTemplate(source, cache)
    loaded.set(source, template)
    return template
  }
}

function remembered<F, V>(memory: Map<string, V>, name: string, find: () => F | undefined, make: (found: F) => V): V | undefined {
  const known = memory.get(name)
  if (known !== undefined) return known
  const found = find()
  if (found === undefined) return undefined
  const made = make(found)
  memory.set(name, made)
  return made
}
