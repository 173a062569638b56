/** One unit of a run: which kind of work it is, and what its failure stops. */
import { SqlflowError } from '../core/errors.ts'
import type { NodeId } from '../core/node.ts'
import type { ExportNode } from '../graph/graph.ts'
import { executeExport } from './execute-export.ts'
import { executeModel } from './execute-model.ts'
import { executeSeed } from './execute-seed.ts'
import { executeSheets } from './execute-sheets.ts'
import { executeTests } from './execute-tests.ts'
import { reportFailureOf } from './locate-failure.ts'
import type { NodeWork } from './node-work.ts'
import type { RunContext } from './run-context.ts'
import type { UnitResult } from './schedule.ts'
import type { NodeUnit, RunUnit } from './units.ts'

export async function executeUnit(context: RunContext, unit: RunUnit): Promise<UnitResult> {
  if (unit.kind === 'tests') return executeTests(context, unit.tests)
  if (unit.kind === 'exports') return executeCommit(context, unit.exports)
  const { node } = unit
  const started = performance.now()
  context.emitter.emit({ type: 'node-started', node: node.id })
  const outcome = await executeNode(context, unit)
  context.emitter.emit({ type: 'node-finished', node: node.id, ms: performance.now() - started, ...outcome })
  return outcome.status === 'error' ? { blockedBy: node.id } : {}
}

/** Exports that are one commit start together, and each has an end of its own. */
async function executeCommit(context: RunContext, nodes: readonly ExportNode[]): Promise<UnitResult> {
  const started = performance.now()
  for (const { id } of nodes) context.emitter.emit({ type: 'node-started', node: id })
  const works = await executeMembers(context, nodes)
  const ms = performance.now() - started
  for (const { id } of nodes) context.emitter.emit({ type: 'node-finished', node: id, ms, ...works(id) })
  const failed = nodes.find(({ id }) => works(id).status === 'error')
  return failed ? { blockedBy: failed.id } : {}
}

async function executeMembers(context: RunContext, nodes: readonly ExportNode[]): Promise<(id: NodeId) => NodeWork> {
  const { sheets } = context.exports
  if (sheets.kind !== 'live') throw new Error('Exports are a commit only where they reach Google Sheets.')
  try {
    const works = await executeSheets(context, nodes, sheets)
    return (id) => works.get(id)!
  } catch (error) {
    const work = failedWork(context, error)
    return () => work
  }
}

async function executeNode(context: RunContext, { node }: NodeUnit): Promise<NodeWork> {
  try {
    switch (node.kind) {
      case 'model':
        return await executeModel(context, node)
      case 'seed':
        return await executeSeed(context, node)
      case 'export':
        return await executeExport(context, node)
      case 'source':
        return { status: 'success' }
    }
  } catch (error) {
    return failedWork(context, error)
  }
}

function failedWork({ signal, readText }: RunContext, error: unknown): NodeWork {
  if (signal.aborted) return { status: 'cancelled', reason: 'the run was cancelled' }
  if (!(error instanceof SqlflowError)) throw error
  return { status: 'error', failure: reportFailureOf(error, { readText }) }
}
