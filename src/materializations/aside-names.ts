/**
 * Names of what is built or moved aside, of indexes, and the stamp. A derived name is cut to the limit and ends in 8 hex digits, so that two long
 * names stay apart; it carries the run, and with the stamp in the comment it tells what a dead run left.
 */
import { createHash } from 'node:crypto'
import type { RelationName } from '../core/relation.ts'
import type { Index } from '../core/project.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { cutBytes } from '../dialects/fit-name.ts'

/** Of indexes and constraints, which Postgres alone has. */
const limit = 63

/** `supporters__new_1f0c2a9b_5d41402a`: built aside by the run whose tag is `1f0c2a9b`; `old`: moved away by it. */
export function asideName(name: string, role: 'new' | 'old', runId: string, bytes = limit): string {
  return derivedName(name, `__${role}_${runTag(runId)}_`, `${role}\n${runId}\n${name}`, bytes)
}

/** 8 hex digits that stand for a run. */
export function runTag(runId: string): string {
  return hash(runId)
}

export const asidePattern = /__(?:new|old)_([0-9a-f]{8})_[0-9a-f]{8}$/

/** The same for the same definition on the same relation, so that an index of ours is known by its name. */
export function indexName(relation: string, index: Index): string {
  const { columns, unique, method } = index
  return derivedName(`${relation}_${columns.join('_')}`, '_', JSON.stringify([relation, columns, unique, method ?? 'btree']))
}

export function primaryKeyName(relation: string): string {
  return derivedName(relation, '_pkey_', relation)
}

/** As the server itself names it, where that fits. */
export function notNullName(relation: string, column: string): string {
  const name = `${relation}_${column}_not_null`
  return Buffer.byteLength(name) <= limit ? name : derivedName(`${relation}_${column}`, '_not_null_', JSON.stringify([relation, column]))
}

function derivedName(name: string, middle: string, identity: string, bytes = limit): string {
  return `${cutBytes(name, bytes - middle.length - 8)}${middle}${hash(identity)}`
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

export interface Stamp {
  readonly project: string
  /** `model:supporters` */
  readonly node: string
  /** 8 hex digits of the statement that made it, where it is kept for as long as that stays the same. */
  readonly definition?: string | undefined
}

export function definitionTag(sql: string): string {
  return hash(sql)
}

/** Of a schema that sqlflow made: for whom, which is everybody whose target has this `schema`. */
export function schemaStamp(project: string, targetSchema: string): Stamp {
  return { project, node: `schema:${targetSchema}` }
}

export function stampLine({ project, node, definition }: Stamp): string {
  return `sqlflow: ${project}/${node}${definition === undefined ? '' : ` (${definition})`}`
}

/** The description, and the stamp as the last line. */
export function stampedComment(description: string | undefined, stamp: Stamp): string {
  return description === undefined || description.trim() === '' ? stampLine(stamp) : `${description.trimEnd()}\n${stampLine(stamp)}`
}

/** The stamp that a comment ends in. */
export function readStamp(comment: string | undefined): Stamp | undefined {
  const found = /(?:^|\n)sqlflow: ([^/\n]+)\/([^\n]+?)(?: \(([0-9a-f]{8})\))?$/.exec(comment?.trimEnd() ?? '')
  return found === null ? undefined : { project: found[1]!, node: found[2]!, ...(found[3] !== undefined && { definition: found[3] }) }
}

export interface Asided {
  readonly relation: RelationName
  readonly runId: string
  readonly dialect: Pick<Dialect, 'identifierBytes'>
}

/** What of it is built or moved aside; its name may be as long as the warehouse allows. */
export function asideOf({ relation, runId, dialect }: Asided, role: 'new' | 'old'): RelationName {
  return { schema: relation.schema, name: asideName(relation.name, role, runId, dialect.identifierBytes) }
}
