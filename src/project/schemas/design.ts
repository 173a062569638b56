/** How Redshift keeps a relation. Other warehouses have no such thing: there the keys mean nothing, so that one project builds on both. */
import { z } from 'zod'
import { flag, text } from './common.ts'

/** https://docs.aws.amazon.com/redshift/latest/dg/t_Sorting_data-interleaved.html, r_CREATE_TABLE_NEW.html */
const mostInterleaved = 8
const mostSorted = 400

const columnName = z.string().min(1, 'must name a column')

function columnList(most: number) {
  return z
    .array(columnName)
    .min(1, 'must name a column')
    .max(most, `must name at most ${most} columns`)
    .refine((columns) => new Set(columns).size === columns.length, 'must name each column once')
}

const dist = columnName.meta({
  description: 'Redshift: where the rows of the table lie: `auto`, `even`, `all` (a copy on every node), or the column whose values decide.',
  examples: ['supporter_id', 'all'],
})

const sort = z
  .union([columnName, columnList(mostSorted), z.strictObject({ interleaved: columnList(mostInterleaved).meta({ description: 'Columns of which each weighs the same.', examples: [['county', 'party']] }) })])
  .meta({
    description: 'Redshift: the order of the rows of the table: `auto`, a column, several in their order, or `interleaved`, where each weighs the same.',
    examples: ['created_at', ['county', 'precinct'], { interleaved: ['county', 'party'] }],
  })

export const designKeys = {
  dist: dist.exactOptional(),
  sort: sort.exactOptional(),
  backup: flag('Redshift: whether snapshots of the cluster hold the table; `true` when absent.').exactOptional(),
  bind: flag('Redshift: whether a view is bound to what it reads, which then cannot be replaced under it; `false` when absent.').exactOptional(),
  analyze: flag('Redshift: whether statistics of a table are collected once it is built; `false` when absent.').exactOptional(),
  auto_refresh: flag('Redshift: whether it keeps a materialized view up to date by itself, between the builds; `false` when absent.').exactOptional(),
  query_group: text('Redshift: the query group under which it is built, for the queues of the cluster.', 'nightly').exactOptional(),
}

const encodings = ['raw', 'az64', 'bytedict', 'delta', 'delta32k', 'lzo', 'mostly8', 'mostly16', 'mostly32', 'runlength', 'text255', 'text32k', 'zstd'] as const

export const encode = z
  .enum(encodings)
  .meta({ description: 'Redshift: how the column is compressed; the cluster decides when absent.', examples: ['zstd'] })
