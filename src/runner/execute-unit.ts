/** One unit of a run: which kind of work it is, and what its failure stops. */
import { SqlflowError } from '../core/errors.ts'
import { executeExport } from './execute-export.ts'
import { executeModel } from './execute-model.ts'
import { executeSeed } from './execute-seed.ts'
import { executeTests } from './execute-tests.ts'
import { reportFailureOf } from './locate-failure.ts'
import type { NodeWork } from './node-work.ts'
import type { RunContext } from './run-context.ts'
import type { UnitResult } from './schedule.ts'
import type { NodeUnit, RunUnit } from './units.ts'

export async function executeUnit(context: RunContext, unit: RunUnit): Promise<UnitResult> {
  if (unit.kind === 'tests') return executeTests(context, unit.tests)
  const { node } = unit
  const started = performance.now()
  context.emitter.emit({ type: 'node-started', node: node.id })
  const outcome = await executeNode(context, unit)
  context.emitter.emit({ type: 'node-finished', node: node.id, ms: performance.now() - started, ...outcome })
  return outcome.status === 'error' ? { blockedBy: node.id } : {}
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
    if (context.signal.aborted) return { status: 'cancelled', reason: 'the run was cancelled' }
    if (!(error instanceof SqlflowError)) throw error
    return { status: 'error', failure: reportFailureOf(error, { readText: context.readText }) }
  }
}
