/**
 * Relations of other databases of the cluster, of which the tables of the leader node say nothing. A user sees those that may be read.
 * What it follows: "Querying data across databases", SVV_ALL_SCHEMAS, SVV_ALL_TABLES and SVV_ALL_COLUMNS of the Amazon Redshift Database Developer Guide.
 */
import { relationKey, type RelationName } from '../../core/relation.ts'
import { redshiftDialect } from '../../dialects/redshift.ts'
import type { FoundColumn, FoundSource } from '../catalog-reader.ts'
import type { Row, Session } from '../warehouse.ts'
import { literals } from './catalog-queries.ts'

export type ElsewhereName = RelationName & { readonly database: string }

export function isElsewhere(relation: RelationName): relation is ElsewhereName {
  return relation.database !== undefined
}

/** By `relationKey`. Views of the system, which no transaction with the catalog of this database may hold. */
export async function readOtherDatabases(
  session: Pick<Session, 'run'>,
  relations: readonly ElsewhereName[],
): Promise<ReadonlyMap<string, FoundSource>> {
  if (relations.length === 0) return new Map()
  const inSchemas = `database_name in (${literals(relations.map(({ database }) => database))}) and schema_name in (${literals(relations.map(({ schema }) => schema))})`
  const [schemas, tables, columns] = await session.run(`select database_name, schema_name from svv_all_schemas where ${inSchemas};
select database_name, schema_name, table_name from svv_all_tables where ${inSchemas} order by table_name;
select database_name, schema_name, table_name, column_name, data_type, character_maximum_length, numeric_precision, numeric_scale
from svv_all_columns where ${inSchemas} and table_name in (${literals(relations.map(({ name }) => name))}) order by ordinal_position`)
  const found = relations.map((relation): readonly [string, FoundSource] => {
    const isIts = ([database, schema]: Row): boolean => database === relation.database && schema === relation.schema
    const names = tables!.rows.filter(isIts).map(([, , name]) => name!)
    const isThere = names.includes(relation.name)
    const exists = schemas!.rows.some(isIts) || names.length > 0
    const own = columns!.rows.filter((row) => isIts(row) && row[2] === relation.name)
    return [
      relationKey(relation),
      {
        schemaExists: exists,
        mayUseSchema: exists,
        relation: isThere ? { mayRead: true, comment: undefined, columns: own.map(toColumn) } : undefined,
        others: isThere ? [] : names,
      },
    ]
  })
  return new Map(found)
}

function toColumn([, , , name, type, length, precision, scale]: Row): FoundColumn {
  const sizes = type === 'numeric' ? [precision, scale] : [length]
  const given = type === 'numeric' || type === 'character varying' || type === 'character' ? sizes.filter((size) => size != null) : []
  return { name: name!, type: redshiftDialect.typeName(given.length === 0 ? type! : `${type}(${given.join(',')})`) }
}
