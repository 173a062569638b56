/** `required_tests`: an export is written only in a run in which they passed. */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { nodeNameOf } from '../core/node.ts'
import type { ExportNode } from '../graph/graph.ts'
import type { RunContext } from './run-context.ts'

/** Undefined where all of them have passed. */
export function missingTests(
  { statuses }: Pick<RunContext, 'statuses'>,
  { name, export: one, requiredTests }: ExportNode,
): Diagnostic | undefined {
  const missing = requiredTests.find((id) => statuses.get(id) !== 'success')
  if (missing === undefined) return undefined
  const status = statuses.get(missing)
  const test = nodeNameOf(missing)
  return errorDiagnostic(
    'export-guard',
    status === undefined
      ? `The export \`${name}\` requires the test \`${test}\`, which is no part of this run.`
      : `The export \`${name}\` requires the test \`${test}\` to pass; it did not.`,
    {
      at: one.guards.requiredTests?.find((required) => required.name === test)?.at ?? one.at,
      hint:
        status === undefined
          ? `What was exported before stands unchanged. Select it too: \`sqlflow export ${name}\` does so by itself.`
          : 'What was exported before stands unchanged.',
    },
  )
}
