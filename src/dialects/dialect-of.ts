/** The registry of dialects: which one the SQL for a target is written in. */
import type { Target } from '../core/project.ts'
import type { Dialect } from './dialect.ts'
import { postgresDialect } from './postgres.ts'

const dialects: Readonly<Record<Target['type'], Dialect>> = { pglite: postgresDialect, postgres: postgresDialect }

export function dialectOf({ type }: Pick<Target, 'type'>): Dialect {
  return dialects[type]
}
