import type { ExportNode } from '../graph/graph.ts'
import type { NodeWork } from './execute-unit.ts'
import type { RunContext } from './run-context.ts'

export async function executeExport(_context: RunContext, _node: ExportNode): Promise<NodeWork> {
  return { status: 'success' }
}
