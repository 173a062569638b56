/** `sqlflow compare`: a node's relation against the same node's in another target, or any other relation. */
import { countOf } from '../core/count-of.ts'
import { SqlflowError } from '../core/errors.ts'
import { didYouMean } from '../core/nearest-name.ts'
import { nodeId, nodeNameOf } from '../core/node.ts'
import type { Project } from '../core/project.ts'
import { relationKey, relationLabel, type RelationName } from '../core/relation.ts'
import { maskSample } from '../data-tests/mask-sample.ts'
import type { GraphNode } from '../graph/graph.ts'
import { databaseOf } from '../project/database-identity.ts'
import { applicationName } from '../runner/application-name.ts'
import { compareRelations, type Comparison, type ComparisonSample } from '../runner/compare-relations.ts'
import { createRunId } from '../runner/run-id.ts'
import { trackSessions } from '../runner/run-sessions.ts'
import { sensitiveColumnsOf } from '../runner/sensitive-columns.ts'
import { openWarehouse } from '../warehouses/open-warehouse.ts'
import { flagOption, textOption, type CommandInput } from './command.ts'
import { columnsOf, type CliIo, type ExitCode } from './io.ts'
import { commandStyle, loadOnly, openProject, reportDiagnostics, type OpenedProject } from './open-project.ts'
import { renderTextTable } from './text-table.ts'

interface Side {
  readonly target?: string
  readonly relation: RelationName
}

export async function compareNode(io: CliIo, input: CommandInput): Promise<ExitCode> {
  const [name] = input.args
  const given = textOption(input.options, 'with')
  if (name === undefined || given === undefined) {
    throw new SqlflowError('bad-usage', 'Name what to compare, and with what: `sqlflow compare turf_list --with prod`.')
  }
  const opened = await openProject(io, input)
  const node = findNode(opened, name)
  const here: Side = { target: opened.project.target.name, relation: relationOf(node) }
  const there = await otherSide(io, input, opened, node, given)
  if (relationKey(here.relation) === relationKey(there.relation)) {
    throw cannotCompare(`Both are ${relationLabel(here.relation)}, which is one relation.`, 'Name another target or relation.')
  }
  const runId = createRunId(io.now())
  await using warehouse = await openWarehouse(opened.project.target, { applicationName: applicationName(opened.project.name, runId) })
  const withSession = trackSessions(warehouse, io.signal)
  try {
    const found = await withSession((session) =>
      compareRelations(session, {
        here: here.relation,
        there: there.relation,
        key: listOf(textOption(input.options, 'key')) ?? (node.kind === 'model' || node.kind === 'seed' ? keyOf(node) : []),
        excluded: new Set(listOf(textOption(input.options, 'excludeColumns'))),
        dialect: opened.dialect,
      }),
    )
    const comparison = { ...found, ...(found.sample && { sample: mask(found.sample, sensitiveColumnsOf(opened.linked.graph, node.id)) }) }
    print(io, input, comparison, { here, there })
    return comparison.equal ? 0 : 1
  } catch (error) {
    if (io.signal.aborted) return 130
    throw error
  }
}

function listOf(written: string | undefined): readonly string[] | undefined {
  return written
    ?.split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
}

function keyOf(node: Extract<GraphNode, { kind: 'model' | 'seed' }>): readonly string[] {
  return node.kind === 'model' ? node.model.primaryKey : node.seed.primaryKey
}

type ComparableNode = Extract<GraphNode, { kind: 'model' | 'seed' | 'source' }>

function findNode({ linked }: OpenedProject, name: string): ComparableNode {
  const { nodes } = linked.graph
  for (const kind of ['model', 'seed', 'source'] as const) {
    const node = nodes.get(nodeId(kind, name))
    if (node?.kind === 'model' || node?.kind === 'seed' || node?.kind === 'source') return node
  }
  const known = [...nodes.values()].filter(({ kind }) => kind !== 'test' && kind !== 'export').map(({ id }) => nodeNameOf(id))
  throw new SqlflowError('unknown-node', `There is no model, seed or source named \`${name}\`.`, { hint: didYouMean(name, known) })
}

function relationOf(node: ComparableNode): RelationName {
  if (node.kind === 'seed') return node.seed.relation
  if (node.kind === 'source') return node.source.relation
  if (node.model.materialized !== 'ephemeral') return node.model.relation
  throw cannotCompare(`\`${node.name}\` is ephemeral, so it has no relation.`, 'Compare a model that reads it.')
}

async function otherSide(io: CliIo, input: CommandInput, opened: OpenedProject, node: ComparableNode, given: string): Promise<Side> {
  const { project } = opened
  if (project.targetNames.includes(given)) {
    const other = await loadTarget(io, input, given)
    if (databaseOf(other.target) !== databaseOf(project.target)) {
      throw cannotCompare(
        `The targets \`${project.target.name}\` and \`${given}\` are not on one database.`,
        'Only relations of one database can be compared. Copy one of the two over, and name it: --with schema.name.',
      )
    }
    return { target: given, relation: relationIn(other, node) }
  }
  const relation = parseRelation(given)
  if (relation) return { relation }
  throw new SqlflowError('bad-usage', `\`--with ${given}\` is no target of this project, and no relation.`, {
    hint: didYouMean(given, project.targetNames) ?? 'Name a target of sqlflow.yml, or a relation as schema.name.',
  })
}

/** The secrets of both targets stay masked. */
async function loadTarget(io: CliIo, input: CommandInput, target: string): Promise<Project> {
  const maskOfOwn = io.mask
  const { loaded, readText } = await loadOnly(io, { ...input, options: { ...input.options, target } })
  const maskOfOther = io.mask
  io.mask = (text) => maskOfOther(maskOfOwn(text))
  const errors = loaded.diagnostics.filter(({ severity }) => severity === 'error')
  reportDiagnostics(io, input.options, errors, readText)
  if (!loaded.project) throw new SqlflowError('no-project', 'The project could not be loaded.')
  return loaded.project
}

function relationIn(project: Project, { kind, name }: ComparableNode): RelationName {
  const nodes = kind === 'model' ? project.models : kind === 'seed' ? project.seeds : project.sources
  const found = nodes.find((one) => one.name === name)
  if (found) return found.relation
  throw cannotCompare(`The target \`${project.target.name}\` has no ${kind} \`${name}\`.`, 'It is disabled there.')
}

/** `schema.name`, each part in double quotes where it holds a dot. */
function parseRelation(written: string): RelationName | undefined {
  const part = /^(?:"((?:[^"]|"")+)"|([^".]+))$/
  const split = /^("(?:[^"]|"")+"|[^".]+)\.("(?:[^"]|"")+"|[^"]+)$/.exec(written)
  const [schema, name] = [split?.[1], split?.[2]].map((text) => {
    const [, quoted, plain] = part.exec(text ?? '') ?? []
    return quoted?.replaceAll('""', '"') ?? plain
  })
  return schema === undefined || name === undefined ? undefined : { schema, name }
}

function cannotCompare(message: string, hint: string): SqlflowError {
  return new SqlflowError('cannot-compare', message, { hint })
}

function mask(sample: ComparisonSample, sensitive: ReadonlySet<string>): ComparisonSample {
  const masked = (names: readonly string[], values: readonly (string | null)[]): readonly (string | null)[] =>
    maskSample({ fields: names.map((name) => ({ name })), rows: [values], sensitive }).rows[0]!
  if (sample.kind === 'whole') {
    return { ...sample, rows: sample.rows.map(({ values, more }) => ({ values: masked(sample.columns, values), more })) }
  }
  return {
    ...sample,
    rows: sample.rows.map(({ key, differences }) => ({
      key: masked(sample.key, key),
      differences: differences.map(({ column, here, there }) => {
        const [one, other] = masked([column, column], [here, there])
        return { column, here: one ?? null, there: other ?? null }
      }),
    })),
  }
}

interface Sides {
  readonly here: Side
  readonly there: Side
}

function print(io: CliIo, { options }: CommandInput, comparison: Comparison, sides: Sides): void {
  if (flagOption(options, 'json')) {
    const side = ({ target, relation }: Side) => ({ ...(target !== undefined && { target }), relation: relationLabel(relation) })
    io.stdout.write(`${JSON.stringify({ ...comparison, here: side(sides.here), there: side(sides.there) })}\n`)
    return
  }
  const { head, lines } = describe(comparison, sides)
  const style = commandStyle(io, options).out
  io.stdout.write(`${style(comparison.equal ? 'green' : 'red', head)}\n${lines.map((line) => `  ${line}\n`).join('')}`)
  if (comparison.sample && !flagOption(options, 'quiet')) {
    io.stdout.write(`\n${renderSample(comparison.sample, sides, (text) => style('dim', text), columnsOf(io.stdout))}\n`)
  }
}

function describe(comparison: Comparison, { here, there }: Sides): { readonly head: string; readonly lines: readonly string[] } {
  const { equal, columns, rows, keys, notes } = comparison
  const [one, other] = [labelOf(here), labelOf(there)]
  const notEqual = [
    ...columns.onlyHere.map((name) => `The column ${name} is only in ${one}.`),
    ...columns.onlyThere.map((name) => `The column ${name} is only in ${other}.`),
    ...columns.otherTypes.map((column) => `The column ${column.name} is ${column.here} in ${one}, and ${column.there} in ${other}.`),
    rows.here === rows.there
      ? `Both have ${countOf(rows.here, 'row')}.`
      : `${one} has ${countOf(rows.here, 'row')}, ${other} has ${rows.there.toLocaleString('en-US')}.`,
    ...(columns.compared.length === 0
      ? []
      : [
          rows.onlyHere + rows.onlyThere === 0
            ? `No row differs in ${countOf(columns.compared.length, 'common column')}.`
            : `${countOf(rows.onlyHere, 'row')} only in ${one}, ${rows.onlyThere.toLocaleString('en-US')} only in ${other}.`,
        ]),
    ...(keys === undefined || rows.onlyHere + rows.onlyThere === 0
      ? []
      : [
          `By ${keys.columns.join(', ')}: ${countOf(keys.onlyHere, 'key')} only in ${one}, ${keys.onlyThere.toLocaleString('en-US')} only in ${other}, ${keys.differing.toLocaleString('en-US')} in both with other values.`,
          ...keys.byColumn.map((column) => `The column ${column.name} differs in ${countOf(column.rows, 'row')}.`),
        ]),
  ]
  const asText = columns.asText.length === 0 ? [] : [`Compared as text: ${columns.asText.join(', ')}.`]
  return equal
    ? {
        head: `${one} and ${other} are equal: ${countOf(rows.here, 'row')}, ${countOf(columns.compared.length, 'column')}.`,
        lines: [...asText, ...notes],
      }
    : { head: `${one} and ${other} differ.`, lines: [...notEqual, ...asText, ...notes] }
}

function labelOf({ target, relation }: Side): string {
  return target === undefined ? relationLabel(relation) : `${relationLabel(relation)} (${target})`
}

function renderSample(sample: ComparisonSample, sides: Sides, head: (text: string) => string, fit: number | undefined): string {
  const [one, other] = [relationLabel(sides.here.relation), relationLabel(sides.there.relation)]
  if (sample.kind === 'whole') {
    const rows = sample.rows.map(({ values, more }) => [more > 0 ? one : other, String(Math.abs(more)), ...values])
    return renderTextTable({ columns: ['only in', 'times', ...sample.columns], rows, head, fit })
  }
  const rows = sample.rows.flatMap(({ key, differences }) => differences.map(({ column, here, there }) => [...key, column, here, there]))
  return renderTextTable({ columns: [...sample.key, 'column', one, other], rows, head, fit })
}
