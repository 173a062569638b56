/** What must be unique in a project, namespace by namespace. */
import type { Diagnostic } from '../core/diagnostic.ts'
import { errorDiagnostic } from '../core/diagnostic.ts'
import type { Project } from '../core/project.ts'
import { findDuplicateNames, findDuplicateRelations, type NamedThing, type RelatedThing } from './duplicates.ts'
import { findBuiltinTest } from './builtin-tests.ts'

type Nodes = Pick<Project, 'models' | 'seeds' | 'sources' | 'macros' | 'genericTests' | 'singularTests' | 'exports'>

export function findClashes(nodes: Nodes): readonly Diagnostic[] {
  const { models, seeds, sources, macros, genericTests, singularTests, exports } = nodes
  const named = (kind: string, things: readonly Omit<NamedThing, 'kind'>[]): readonly NamedThing[] =>
    things.map(({ name, at }) => ({ kind, name, at }))
  const built = models.filter((model) => model.materialized !== 'ephemeral')
  const relations: readonly RelatedThing[] = [...seeds, ...built, ...sources]
  const tables: readonly NamedThing[] = [...seeds, ...models]
  const names = [
    ...findDuplicateNames(tables, 'Models and seeds share one namespace: rename one file; `alias` keeps the name of its relation.'),
    ...findDuplicateNames(sources, 'Spell both alike.'),
    ...findDuplicateNames(named('macro', macros.map(byDialect)), 'Rename one of the two files.'),
    ...findDuplicateNames(named('generic test', genericTests), 'Rename one of the two files.'),
    ...findDuplicateNames(named('data test', singularTests), 'Rename one of the two files.'),
    ...findDuplicateNames(named('export', exports), 'Rename one of the two files.'),
  ]
  const clashing = new Set(names.flatMap((one) => (one.at ? [one.at.file] : [])))
  const related = findDuplicateRelations(relations.filter((one) => !clashing.has(one.at.file)))
  return [...names, ...related, ...genericTests.flatMap(shadowsBuiltin)]
}

/** A macro and its variants have one name; two variants for one dialect clash. */
function byDialect(macro: Nodes['macros'][number]): Omit<NamedThing, 'kind'> {
  return { name: macro.dialect === undefined ? macro.name : `${macro.name}.${macro.dialect}`, at: macro.at }
}

function shadowsBuiltin({ name, at }: Nodes['genericTests'][number]): readonly Diagnostic[] {
  if (!findBuiltinTest(name)) return []
  return [errorDiagnostic('duplicate-name', `The name \`${name}\` is taken: it is a built-in data test.`, { at, hint: 'Rename the file.' })]
}
