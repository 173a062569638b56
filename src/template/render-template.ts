/**
 * Template → SQL: fast, as text alone (`renderSql`), or with the map that leads errors back to the author's files
 * (`renderTemplate`). Both run the same evaluator and give the same text.
 */
import type { Diagnostic } from '../core/diagnostic.ts'
import type { SqlSource } from '../core/span.ts'
import type { Frame, Machine } from './frame.ts'
import { finishOutput, newOutput, type Output } from './output.ts'
import type { Template } from './program.ts'
import { renderBody } from './render-body.ts'
import type { RenderResult, RenderScope } from './template.ts'
import { fromLocal, type Value } from './value.ts'

export type SqlResult = { readonly ok: true; readonly sql: string } | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

export function renderTemplate(template: Template, source: SqlSource, scope: RenderScope): RenderResult {
  const { output, diagnostics } = render(template, source, scope, true)
  return diagnostics.length > 0 ? { ok: false, diagnostics } : { ok: true, rendered: finishOutput(output) }
}

export function renderSql(template: Template, source: SqlSource, scope: RenderScope): SqlResult {
  const { output, diagnostics } = render(template, source, scope, false)
  return diagnostics.length > 0 ? { ok: false, diagnostics } : { ok: true, sql: output.sql }
}

interface Rendering {
  readonly output: Output
  readonly diagnostics: readonly Diagnostic[]
}

function render(template: Template, source: SqlSource, scope: RenderScope, mapped: boolean): Rendering {
  const machine: Machine = { scope, mapped, diagnostics: [], renderBody }
  const root = rootOf(scope, mapped)
  const output = newOutput(mapped)
  const frame: Frame = {
    machine,
    source,
    calls: [],
    macros: [],
    root,
    context: { value: root, up: undefined },
    locals: undefined,
    loop: undefined,
    partials: undefined,
    partialBlock: undefined,
    partialDepth: 0,
  }
  renderBody(frame, template, output)
  return { output, diagnostics: distinct(machine.diagnostics) }
}

function rootOf({ locals = {} }: RenderScope, mapped: boolean): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(locals).map(([name, value]) => [name, fromLocal(value, mapped)]))
}

/** A mistake in a loop is one mistake. */
function distinct(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.length < 2 ? diagnostics : [...new Map(diagnostics.map((one) => [JSON.stringify(one), one])).values()]
}
