/**
 * How Redshift is told to lay out a table and to bind a view. What it follows: CREATE TABLE, CREATE TABLE AS, CREATE VIEW, ALTER TABLE and SET of the
 * Amazon Redshift Database Developer Guide.
 */
import type { Design } from '../core/project.ts'
import type { Dialect, DesignSpelling } from './dialect.ts'

export function redshiftDesign({ quoteIdentifier, quoteLiteral }: Pick<Dialect, 'quoteIdentifier' | 'quoteLiteral'>): DesignSpelling {
  const list = (columns: readonly string[]): string => columns.map(quoteIdentifier).join(', ')

  function distribution({ dist }: Design): string {
    if (dist === undefined) return ''
    return typeof dist === 'string' ? ` diststyle ${dist}` : ` diststyle key distkey (${quoteIdentifier(dist.column)})`
  }

  /** A table that is made by a query has no words for `auto`, which it is when nothing is said. */
  function order({ sort }: Design, from: 'query' | 'columns'): string {
    if (sort === undefined) return ''
    if (sort === 'auto') return from === 'query' ? '' : ' sortkey auto'
    return ` ${sort.interleaved ? 'interleaved' : 'compound'} sortkey (${list(sort.columns)})`
  }

  function table(design: Design, from: 'query' | 'columns'): string {
    const backup = design.backup === undefined ? '' : ` backup ${design.backup ? 'yes' : 'no'}`
    return `${backup}${distribution(design)}${order(design, from)}`
  }

  return {
    table,
    materializedView: (design) => `${table(design, 'query')}${design.autoRefresh === true ? ' auto refresh yes' : ''}`,
    column: (encode) => (encode === undefined ? '' : ` encode ${encode}`),
    bindsLate: ({ bind }) => bind !== true,
    lateBinding: 'with no schema binding',
    encodeColumns: (name, columns) =>
      `alter table ${name} ${columns.map((column) => `alter column ${quoteIdentifier(column.name)} encode ${column.encode}`).join(', ')}`,
    analyze: (name) => `analyze ${name}`,
    queryGroup: (name) => `set local query_group to ${quoteLiteral(name)}`,
  }
}
