/**
 * Nothing vacuums an embedded database in the background, and every build leaves dead rows in the catalog: 100 builds of 40 relations add 20 MB. So
 * tables that have grown by half since they were last vacuumed are vacuumed when the database is closed; their space is then used again.
 */
import type { PGlite } from '@electric-sql/pglite'

/** Bytes below which a table is left alone. */
const smallest = 1024 * 1024

/** `relpages` is the size at the last vacuum or analyze: what a build has just made is no candidate. */
const grown = `select c.oid::regclass::text as name from pg_class c
where c.relkind in ('r', 'm') and c.relpersistence <> 't' and pg_relation_size(c.oid) > ${smallest}
  and pg_relation_size(c.oid) > 1.5 * c.relpages * current_setting('block_size')::int
order by pg_relation_size(c.oid)`

/** Begins no table once `milliseconds` have passed, so that closing does not take long; the rest has its turn another time. */
export async function vacuumGrown(database: Pick<PGlite, 'exec' | 'query'>, milliseconds: number): Promise<void> {
  const until = performance.now() + milliseconds
  try {
    await database.exec('reset role; set search_path = pg_catalog')
    const { rows } = await database.query<{ readonly name: string }>(grown)
    for (const { name } of rows) {
      if (performance.now() > until) return
      await database.exec(`vacuum (analyze) ${name}`)
    }
  } catch {
    // Tidying is never a reason to fail: the data is whole without it.
  }
}
