/** A session that stops before one of the statements of a build, counted from 0, with its transaction open: what a kill finds. */
import { lexSql } from '../../src/dialects/sql-lexer.ts'
import type { Session } from '../../src/warehouses/warehouse.ts'
import { watchSession, type CatalogOf } from './watch-session.ts'

export function stopAt(session: Session, at: number, onStop: () => void, catalog?: CatalogOf): Session {
  let statements = 0
  const stop = (): Promise<never> => {
    onStop()
    return new Promise(() => undefined)
  }
  const methods: Parameters<typeof watchSession>[1] = {
    run: async (sql) => {
      const ends = statementEnds(sql)
      const before = at - statements
      statements += ends.length
      if (before >= ends.length) return await session.run(sql)
      if (before > 0) await session.run(sql.slice(0, ends[before - 1]))
      return await stop()
    },
    copyFrom: async (sql, bytes) => {
      const before = at - statements
      statements += 2 // before the first byte, and before the end
      if (before === 0) return await stop()
      return await session.copyFrom(sql, before === 1 ? withoutEnd(bytes, stop) : bytes)
    },
  }
  return watchSession(session, methods, catalog)
}

async function* withoutEnd(bytes: AsyncIterable<Uint8Array>, stop: () => Promise<never>): AsyncIterable<Uint8Array> {
  yield* bytes
  await stop()
}

/** Where each statement of a text ends. */
function statementEnds(sql: string): readonly number[] {
  const ends = lexSql(sql).flatMap(({ kind, start, end }) => (kind === 'symbol' && sql[start] === ';' ? [end] : []))
  return sql.slice(ends.at(-1) ?? 0).trim() === '' ? ends : [...ends, sql.length]
}
