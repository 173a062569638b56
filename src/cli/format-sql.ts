/** The one door to sql-formatter. */

/** Lays SQL out for reading. What sql-formatter cannot read is returned as it is. */
export async function formatSql(sql: string): Promise<string> {
  const { formatDialect, postgresql } = await import('sql-formatter')
  try {
    return formatDialect(sql, { dialect: postgresql, keywordCase: 'preserve', tabWidth: 2, expressionWidth: 80 })
  } catch {
    return sql
  }
}
