/** The registry of dialects, and which one the SQL for a target is written in. */
import type { Target } from '../core/project.ts'
import type { Dialect } from './dialect.ts'
import { postgresDialect } from './postgres.ts'
import { redshiftDialect } from './redshift.ts'

const dialects: readonly Dialect[] = [postgresDialect, redshiftDialect]

/** What `name.redshift.sql` can be named by: `redshift`. */
export const dialectNames: ReadonlySet<string> = new Set(dialects.map(({ name }) => name))

const ofTargets: Readonly<Record<Target['type'], Dialect>> = {
  pglite: postgresDialect,
  postgres: postgresDialect,
  redshift: redshiftDialect,
}

export function dialectOf({ type }: Pick<Target, 'type'>): Dialect {
  return ofTargets[type]
}
