/** The one door to sql-formatter. */

/** Lays SQL out, letter case kept; throws for what it cannot read. */
export async function loadSqlFormatter(): Promise<(sql: string) => string> {
  const { formatDialect, postgresql } = await import('sql-formatter')
  return (sql) => formatDialect(sql, { dialect: postgresql, keywordCase: 'preserve', tabWidth: 2, expressionWidth: 80 })
}

/** Lays SQL out for reading. What sql-formatter cannot read is returned as it is. */
export async function formatSql(sql: string): Promise<string> {
  const layOut = await loadSqlFormatter()
  try {
    return layOut(sql)
  } catch {
    return sql
  }
}
