/** A model: compiled, written to `target/`, built by the kernel. */
import { WarehouseError } from '../core/errors.ts'
import { relationLabel } from '../core/relation.ts'
import type { ModelNode } from '../graph/graph.ts'
import { buildRelation } from './build-relation.ts'
import { diagnosticFailure } from './diagnostic-failure.ts'
import { reportFailureOf } from './locate-failure.ts'
import { swapOf } from './keep-for-materialized-views.ts'
import { compiledOffset } from './plan-error.ts'
import type { NodeWork } from './node-work.ts'
import { repeatedKeyHint } from './repeated-key.ts'
import type { RunContext } from './run-context.ts'

export async function executeModel(context: RunContext, { id, model }: ModelNode): Promise<NodeWork> {
  if (model.materialized === 'ephemeral') throw new Error(`${id} is ephemeral: nothing is built.`)
  const { materialized } = model
  const base = { what: materialized.replace('_', ' '), where: relationLabel(model.relation) }
  const compiled = context.compiler.compile(id)
  if (!compiled.ok) return { ...base, status: 'error', failure: diagnosticFailure(compiled.diagnostics, context.readText) }
  const { node } = compiled
  const compiledFile = context.files.write(context.graph.nodes.get(id)!, node)
  try {
    const applied = await context.withSession((session) =>
      buildRelation(context, session, {
        ...model,
        node: id,
        ...(materialized === 'table' && { swap: swapOf(context, id, model.swap) }),
        contents: { materialized, sql: node.sql() },
      }),
    )
    const rows = materialized === 'view' ? undefined : applied.rows
    return { ...base, status: 'success', compiledHash: node.hash, notes: applied.notes, ...(rows !== undefined && { rows }) }
  } catch (error) {
    if (!(error instanceof WarehouseError) || context.signal.aborted) throw error
    const failure = reportFailureOf(error, {
      readText: context.readText,
      rendered: node.rendered,
      compiledOffset,
      hint: repeatedKeyHint(error, model) ?? (await context.hintFor(id, error)),
      file: model.file,
      compiledFile,
    })
    return { ...base, status: 'error', compiledHash: node.hash, failure }
  }
}
