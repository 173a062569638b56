/** What `renamed_from` says: a name that a node had, and that no node has now. */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { Project } from '../core/project.ts'

export function findTakenFormerNames({ models, seeds }: Pick<Project, 'models' | 'seeds'>): readonly Diagnostic[] {
  const nodes = [...models, ...seeds]
  const renamed = nodes.filter((node) => node.renamedFrom.length > 0)
  if (renamed.length === 0) return []
  const byName = new Map(nodes.map((node) => [node.name, node]))
  return renamed.flatMap((node) =>
    node.renamedFrom.flatMap(({ name, at }) => {
      const taken = byName.get(name)
      if (!taken) return []
      const message =
        taken === node
          ? `\`${name}\` is what it is called now.`
          : `\`${name}\` is the name of another ${taken.kind}, so \`${node.name}\` cannot take over its relation.`
      return [
        errorDiagnostic('former-name-taken', message, {
          at,
          hint: 'Remove the name from `renamed_from`.',
          ...(taken !== node && { related: [{ message: `That ${taken.kind} is here.`, at: taken.at }] }),
        }),
      ]
    }),
  )
}
