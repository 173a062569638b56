/** A workflow of GitHub Actions read by GitHub's own parser. */
import { registerHooks } from 'node:module'

// The parser imports its schema in a way that Node does not take.
registerHooks({
  resolve: (specifier, context, next) => {
    const resolved = next(specifier, context)
    return resolved.url.endsWith('.json') ? { ...resolved, importAttributes: { type: 'json' } } : resolved
  },
})
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import('@actions/workflow-parser')

/** What GitHub would complain of: unknown keys, wrong values, expressions that read what is not there. */
export async function workflowMistakes(name: string, content: string): Promise<readonly string[]> {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter())
  if (value === undefined) return context.errors.getErrors().map(String)
  const template = await convertWorkflowTemplate(context, value)
  return [...new Set([...context.errors.getErrors().map(String), ...(template.errors ?? []).map(({ Message }) => Message)])]
}
