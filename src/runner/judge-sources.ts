/**
 * What is wrong with the sources that a run reads, decided from their declarations and the catalog alone: missing, not allowed, columns that
 * are gone or retyped. Which samples stand in is decided here too: never on a protected target, never for a relation that is not ours. Pure.
 */
import { errorDiagnostic, warningDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { didYouMean, findRelatedName } from '../core/nearest-name.ts'
import { nodeId } from '../core/node.ts'
import type { Project, SourceTable } from '../core/project.ts'
import { relationKey, relationLabel } from '../core/relation.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { isSameType } from '../dialects/same-type.ts'
import { readStamp } from '../materializations/aside-names.ts'
import { noGoogleAccount } from '../exports/destinations/google-sheets/find-account.ts'
import { isSheetTable, type SheetTableSource } from './load-sheets.ts'
import type { FoundRelation, FoundSource, SourceCatalog } from '../warehouses/catalog-reader.ts'

export interface JudgedSources {
  readonly diagnostics: readonly Diagnostic[]
  /** To be loaded, unless the relation is this sample already. */
  readonly samples: readonly SourceTable[]
  /** To be loaded, unless the relation holds this content already. */
  readonly sheets: readonly SheetTableSource[]
}

export interface JudgeOptions {
  readonly project: Pick<Project, 'name' | 'target'>
  readonly dialect: Dialect
  readonly columns: 'compared' | 'ignored'
  readonly sheets: SheetReading
}

/**
 * How tables that are declared as tabs of Google Sheets are come by: `loaded`; `kept` as they are, by a command that builds nothing on a protected
 * target; `nobody`: there is no account to read them as.
 */
export type SheetReading = 'loaded' | 'kept' | 'nobody'

export function judgeSources(sources: readonly SourceTable[], catalog: SourceCatalog, options: JudgeOptions): JudgedSources {
  const judged = sources.map((source) => judgeSource(source, catalog, options))
  return {
    diagnostics: judged.flatMap((one) => one.diagnostics ?? []),
    samples: judged.flatMap((one) => one.sample ?? []),
    sheets: judged.flatMap((one) => one.sheet ?? []),
  }
}

interface Judged {
  readonly diagnostics?: readonly Diagnostic[]
  readonly sample?: SourceTable
  readonly sheet?: SheetTableSource
}

function judgeSource(source: SourceTable, { user, found }: SourceCatalog, options: JudgeOptions): Judged {
  const { dialect, project } = options
  const state = found.get(relationKey(source.relation))!
  const { relation } = state
  if (isSheetTable(source)) return judgeSheet(source, state, { user, options })
  const standsIn = source.sample !== undefined && !project.target.protected
  if (relation === undefined) return standsIn ? { sample: source } : { diagnostics: [missingSource(source, state, project.target)] }
  const isSample = isSampleOf(project.name, source, relation)
  if (isSample && project.target.protected) return { diagnostics: [onlyASample(source, project.target)] }
  if (isSample && standsIn) return { sample: source }
  if (!state.mayUseSchema || !relation.mayRead) return { diagnostics: [notReadable(source, state, { user, dialect })] }
  if (options.columns === 'ignored') return {}
  return { diagnostics: source.columns.flatMap((column) => judgeColumn(source, column, relation, dialect)) }
}

/** Its columns are compared with the header of the sheet, when that is read. */
function judgeSheet(
  source: SheetTableSource,
  state: FoundSource,
  { user, options }: { readonly user: string; readonly options: JudgeOptions },
): Judged {
  const { project, sheets, dialect } = options
  const { relation } = state
  const { target } = project
  const isOurs = relation === undefined || isSampleOf(project.name, source, relation)
  if (!isOurs) return { diagnostics: [notOurs(source)] }
  if (sheets === 'loaded') return { sheet: source }
  if (sheets === 'nobody') {
    return source.sample === undefined || target.protected ? { diagnostics: [noAccount(source, target)] } : { sample: source }
  }
  if (relation === undefined || isSample(relation)) return { diagnostics: [notLoadedYet(source, target)] }
  return state.mayUseSchema && relation.mayRead ? {} : { diagnostics: [notReadable(source, state, { user, dialect })] }
}

function notOurs(source: SheetTableSource): Diagnostic {
  return errorDiagnostic(
    'sheet-relation-taken',
    `The source \`${source.name}\` is a Google Sheet, and ${relationLabel(source.relation)}, which it would be loaded into, is a relation of somebody else.`,
    { at: source.at, hint: 'Give the source another `schema`, or the table another `relation`.' },
  )
}

function noAccount(source: SheetTableSource, target: Project['target']): Diagnostic {
  const { hint } = noGoogleAccount()
  const sample = target.protected ? '' : ' A `sample` (a CSV of seeds/) would stand in for it.'
  return errorDiagnostic(
    'no-google-account',
    `The source \`${source.name}\` is a Google Sheet, and no account for Google Sheets is set up.`,
    {
      at: source.googleSheet.at,
      hint: `${hint ?? ''}${sample}`,
    },
  )
}

function notLoadedYet(source: SheetTableSource, target: Project['target']): Diagnostic {
  return errorDiagnostic(
    'missing-source',
    `The source \`${source.name}\` is not loaded on target \`${target.name}\` yet, and this command loads nothing there.`,
    { at: source.at, hint: `The next \`sqlflow build\` of what reads it loads the sheet.` },
  )
}

function isSample({ comment }: FoundRelation): boolean {
  return comment?.startsWith('Sample ') === true
}

function isSampleOf(project: string, source: SourceTable, { comment }: FoundRelation): boolean {
  const stamp = readStamp(comment)
  return stamp?.project === project && stamp.node === nodeId('source', source.name)
}

function missingSource(source: SourceTable, { schemaExists, others }: FoundSource, target: Project['target']): Diagnostic {
  const what = schemaExists
    ? `it has no relation ${relationLabel(source.relation)}`
    : `it has no schema ${source.relation.schema}, in which ${source.relation.name} would be`
  return errorDiagnostic('missing-source', `The source \`${source.name}\` is missing on target \`${target.name}\`: ${what}.`, {
    at: source.at,
    hint: [didYouMean(source.relation.name, others), hintForMissing(source, schemaExists, target)]
      .filter((one) => one !== undefined)
      .join(' '),
  })
}

function hintForMissing(source: SourceTable, schemaExists: boolean, target: Project['target']): string {
  if (source.sample !== undefined) return `Its sample is not loaded, because target \`${target.name}\` is protected.`
  const correct = schemaExists ? 'Correct its `relation`' : 'Correct the `schema` of the source'
  const { database } = source.relation
  if (database !== undefined)
    return `${correct}, or grant what is read in the database ${database}: what may not be read there is not shown.`
  return `${correct}, or give it a \`sample\`: a CSV of seeds/ that stands in where a target lacks the table.`
}

function onlyASample(source: SourceTable, target: Project['target']): Diagnostic {
  return errorDiagnostic(
    'missing-source',
    `The source \`${source.name}\` is missing on target \`${target.name}\`: ${relationLabel(source.relation)} holds a sample, and the target is protected.`,
    { at: source.at, hint: 'Drop the sample, and put the real table there.' },
  )
}

/** The least that mends it: USAGE where the schema is closed, SELECT where the relation is. */
function notReadable(
  source: SourceTable,
  { mayUseSchema, relation }: FoundSource,
  { user, dialect }: { readonly user: string; readonly dialect: Dialect },
): Diagnostic {
  const role = dialect.grantee(user)
  const grants = [
    !mayUseSchema && `grant usage on schema ${dialect.quoteIdentifier(source.relation.schema)} to ${role};`,
    relation?.mayRead !== true && `grant select on ${dialect.relation(source.relation)} to ${role};`,
  ].filter((grant) => grant !== false)
  const what = mayUseSchema
    ? `The ${dialect.principal} ${user} may not read ${relationLabel(source.relation)}`
    : `The ${dialect.principal} ${user} may not use the schema ${source.relation.schema}, in which ${source.relation.name} is`
  return errorDiagnostic('source-not-readable', `${what}: the source \`${source.name}\`.`, {
    at: source.at,
    hint: `Its owner can allow it: ${grants.join(' ')}`,
  })
}

function judgeColumn(
  source: SourceTable,
  column: SourceTable['columns'][number],
  relation: FoundRelation,
  dialect: Dialect,
): readonly Diagnostic[] {
  const found = relation.columns.find(({ name }) => name === dialect.storedName(column.name))
  if (found === undefined) return [columnGone(source, column, { relation, dialect })]
  if (column.type === undefined || isSameType(column.type, found.type, dialect)) return []
  return [
    warningDiagnostic('source-column-type', `\`${source.name}.${column.name}\` is declared ${column.type}, and is ${found.type}.`, {
      at: column.at,
      hint: 'Correct the type here, or run `sqlflow sources pull` for what has changed.',
    }),
  ]
}

/** Columns that are declared beside it are not what it is called now. */
function columnGone(
  source: SourceTable,
  column: SourceTable['columns'][number],
  { relation: { columns }, dialect }: { readonly relation: FoundRelation; readonly dialect: Dialect },
): Diagnostic {
  const declared = new Set(source.columns.map(({ name }) => dialect.storedName(name)))
  const related = findRelatedName(
    column.name,
    columns.map(({ name }) => name).filter((name) => !declared.has(name)),
  )
  const known = columns.map(({ name }) => `\`${name}\``)
  const exists = related === undefined ? '' : `; \`${related}\` exists`
  return errorDiagnostic('source-column-gone', `\`${column.name}\` is gone from the source \`${source.name}\`${exists}.`, {
    at: column.at,
    hint:
      related === undefined
        ? `${relationLabel(source.relation)} has ${known.length === 0 ? 'no columns' : listed(known)}.`
        : 'Correct the name here and where it is read, or run `sqlflow sources pull` for what has changed.',
  })
}

const mostNames = 20

function listed(names: readonly string[]): string {
  const more = names.length - mostNames
  return more <= 0 ? names.join(', ') : `${names.slice(0, mostNames).join(', ')} and ${more} more`
}
