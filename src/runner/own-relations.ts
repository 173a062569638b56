/**
 * What of a database is this project's and this target's, by stamps alone. Other people and other targets of the project build in the same database
 * under the same stamp: so only schemas are looked at in which the target builds, or which sqlflow made for those who have its `schema`.
 */
import type { Catalog, Dependent } from '../core/catalog.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import type { Model, Project, Seed } from '../core/project.ts'
import { relationKey, relationLabel, type RelationName } from '../core/relation.ts'
import { failuresRelation, failuresSchema } from '../data-tests/store-failures.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Graph, GraphNode } from '../graph/graph.ts'
import { asidePattern, readStamp, schemaStamp, stampLine } from '../materializations/aside-names.ts'
import { lockTableName } from '../warehouses/redshift/lock-table-name.ts'
import type { Session, Warehouse } from '../warehouses/warehouse.ts'
import { endDeadSessions, findLeftovers } from './clear-dead-runs.ts'
import type { DroppableRelation } from './drop-relations.ts'

export interface OwnSchema {
  readonly name: string
  /** By sqlflow, for those who have the target's `schema`. */
  readonly made: boolean
}

export interface OwnRelation extends DroppableRelation {
  readonly id: string
  readonly comment: string
  /** `model:turf`, as the stamp has it. */
  readonly node: string
  /** Left aside by a run that died, or kept aside for what still reads it. */
  readonly leftBehind: boolean
  /** `view theirs.names` */
  readonly dependents: readonly string[]
  /** A node of the project resolves to it in this target. */
  readonly belongs: boolean
}

export interface Own {
  /** Of the target, those that exist. */
  readonly schemas: readonly OwnSchema[]
  /** Schemas of other targets or other people that hold relations of this project too. */
  readonly elsewhere: readonly string[]
  /** Without what living runs have aside. */
  readonly relations: readonly OwnRelation[]
}

export interface FindOwnOptions {
  readonly session: Session
  readonly capabilities: Pick<Warehouse['capabilities'], 'locks'>
  readonly project: Project
  readonly graph: Graph
  readonly dialect: Dialect
  readonly runId: string
  /** Sessions of dead runs are ended first, so that nothing appears later; told of each. */
  readonly endDeadRuns?: { readonly onDeadRun: (warning: Diagnostic) => void }
}

export async function findOwn(options: FindOwnOptions): Promise<Own> {
  const { session, project, graph, dialect } = options
  const current = [...graph.nodes.values()].flatMap((node) => relationOf(node, project, dialect))
  const builtIn = new Set([
    dialect.storedName(project.target.schema),
    failuresSchema(project.target.schema, dialect),
    ...current.map(({ schema }) => schema),
  ])
  const { schemas, elsewhere } = await findSchemas(session, project, builtIn)
  const names = schemas.map(({ name }) => name)
  if (names.length === 0) return { schemas, elsewhere, relations: [] }
  const question = { ...options, ...options.endDeadRuns, project: project.name, schemas: names }
  if (options.endDeadRuns !== undefined) await endDeadSessions(question)
  const catalog = await session.catalog.read(names)
  const leftovers = new Set((await findLeftovers(question, catalog)).map(relationKey))
  return { schemas, elsewhere, relations: ownRelations(catalog, project.name, leftovers, new Set(current.map(relationKey))) }
}

/** What a node builds, and the views under its former names; of a test, where it keeps failing rows; of a source, what it is loaded from. */
function relationOf(node: GraphNode, { target }: Project, dialect: Dialect): readonly RelationName[] {
  switch (node.kind) {
    case 'model':
      return node.model.materialized === 'ephemeral' ? [] : withFormerNames(node.model)
    case 'seed':
      return withFormerNames(node.seed)
    case 'test': {
      const { options } = node.test === 'generic' ? node.use : node.definition
      return options.storeFailures ? [failuresRelation(node.name, target.schema, dialect)] : []
    }
    case 'source':
      return node.source.sample === undefined && !node.source.googleSheet ? [] : [node.source.relation]
    case 'export':
      return []
  }
}

function withFormerNames({ relation, renamedFrom }: Model | Seed): readonly RelationName[] {
  return [relation, ...renamedFrom.map(({ name }) => ({ schema: relation.schema, name }))]
}

async function findSchemas(session: Session, { name, target }: Project, builtIn: ReadonlySet<string>): Promise<Omit<Own, 'relations'>> {
  const found = await session.catalog.stampedSchemas(stampLine({ project: name, node: '' }))
  const own = stampLine(schemaStamp(name, target.schema))
  const schemas: OwnSchema[] = []
  const elsewhere: string[] = []
  for (const { name: schema, comment, holdsStamps } of found) {
    const stamp = readStamp(comment)
    const ofOthers = stamp?.project === name && stamp.node.startsWith('schema:') && stampLine(stamp) !== own
    const made = stamp !== undefined && stampLine(stamp) === own
    if (made || (builtIn.has(schema) && !ofOthers)) schemas.push({ name: schema, made })
    else if (holdsStamps) elsewhere.push(schema)
  }
  return { schemas, elsewhere }
}

function ownRelations(
  catalog: Catalog,
  project: string,
  leftovers: ReadonlySet<string>,
  current: ReadonlySet<string>,
): readonly OwnRelation[] {
  const own: OwnRelation[] = []
  for (const [key, { schema, name, kind, id, comment, dependents }] of catalog.relations) {
    const stamp = readStamp(comment)
    if (comment === undefined || stamp?.project !== project) continue
    if (name === lockTableName) continue // it has the stamp of its schema
    if (kind !== 'table' && kind !== 'view' && kind !== 'materialized view') continue
    const leftBehind = leftovers.has(key)
    if (asidePattern.test(name) && !leftBehind) continue
    const named = dependents.map(labelOfDependent)
    own.push({ schema, name, kind, id, comment, node: stamp.node, leftBehind, dependents: named, belongs: current.has(key) })
  }
  return own
}

export function labelOfDependent(dependent: Dependent): string {
  return dependent.kind === 'view' ? `view ${relationLabel(dependent)}` : dependent.label
}
