/** Templates of an organizing project, rendered in a scope like that of a model. */
import type { Diagnostic } from '../../src/core/diagnostic.ts'
import type { JsonValue, MacroArg } from '../../src/core/project.ts'
import type { SqlSource } from '../../src/core/span.ts'
import { analyzeTemplate } from '../../src/template/analyze-template.ts'
import { parseTemplate, type Template } from '../../src/template/parse-template.ts'
import { renderSql, renderTemplate } from '../../src/template/render-template.ts'
import type { MacroDefinition, Rendered, RenderScope, TemplateFacts } from '../../src/template/template.ts'

export function sqlSource(text: string, file = 'models/turf_list.sql'): SqlSource {
  return { file, text, segments: [{ text: 0, file: 0 }] }
}

export function macroOf(
  name: string,
  text: string,
  args: readonly (Partial<MacroArg> & { readonly name: string })[] = [],
): MacroDefinition {
  const sql = sqlSource(text, `macros/${name}.sql`)
  const filled = args.map((arg) => ({
    type: 'any' as const,
    required: arg.default === undefined && !arg.variadic,
    variadic: false,
    ...arg,
  }))
  return { name, sql, template: parsed(sql), args: filled }
}

export const centsToDollars = macroOf('cents_to_dollars', 'round({{column}} / 100.0, {{scale}})\n', [
  { name: 'column', type: 'sql' },
  { name: 'scale', type: 'integer', default: 2 },
])

const standardVars: Readonly<Record<string, JsonValue>> = {
  cycle: 2026,
  region: null,
  states: ['PA', 'GA'],
  none: [],
  turfs: [
    { name: 'North', doors: 12 },
    { name: 'South', doors: 0 },
  ],
  labels: { PA: 'Pennsylvania', GA: 'Georgia' },
}

export function sceneScope(macros: readonly MacroDefinition[] = [centsToDollars], overrides: Partial<RenderScope> = {}): RenderScope {
  const byName = new Map(macros.map((macro) => [macro.name, macro]))
  return {
    ref: (name) => `"field"."${name}"`,
    source: (source, table) => `"${source}"."${table}"`,
    self: '"field"."turf_list"',
    vars: standardVars,
    env: (name) => `env of ${name}`,
    target: { name: 'dev', type: 'pglite', schema: 'field' },
    run: { id: 'run-1', started_at: '2026-11-03T12:00:00Z' },
    incremental: false,
    macro: (name) => byName.get(name),
    quoteIdentifier: (name) => `"${name.replaceAll('"', '""')}"`,
    quoteLiteral: (value) => (typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(value)),
    ...overrides,
  }
}

export function parsed(source: SqlSource): Template {
  const result = parseTemplate(source)
  if (!result.ok) throw new Error(told(source, result.diagnostics).join('\n'))
  return result.template
}

/** The SQL, or each mistake as `message @ the text it points at (hint)`. Parsing, analysis and rendering, as far as they get. */
export function outcome(text: string, scope: RenderScope = sceneScope()): string | readonly string[] {
  const source = sqlSource(text)
  const result = parseTemplate(source)
  if (!result.ok) return told(source, result.diagnostics)
  const { diagnostics } = analyzeTemplate(result.template, source)
  if (diagnostics.length > 0) return told(source, diagnostics)
  const sql = renderSql(result.template, source, scope)
  return sql.ok ? sql.sql : told(source, sql.diagnostics)
}

function told({ text }: SqlSource, diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ message, at, hint }) => {
    const place = at ? ` @ ${text.slice(at.start, at.end)}` : ''
    return `${message}${place}${hint === undefined ? '' : ` (${hint})`}`
  })
}

export function factsOf(text: string): TemplateFacts {
  const source = sqlSource(text)
  return analyzeTemplate(parsed(source), source).facts
}

export function mapped(source: SqlSource, scope: RenderScope = sceneScope()): Rendered {
  const result = renderTemplate(parsed(source), source, scope)
  if (!result.ok) throw new Error(told(source, result.diagnostics).join('\n'))
  return result.rendered
}

/** Numbers in [0, 1), the same ones for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
