/** Tables of external schemas (Spectrum, federated queries, streams), which are in no table of the leader node. A user sees those that may be read. */
import type { RelationName } from '../../core/relation.ts'
import { redshiftDialect } from '../../dialects/redshift.ts'
import type { Session } from '../warehouse.ts'
import { literals } from './catalog-queries.ts'

export interface ExternalTable extends RelationName {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
}

/** In order of their names. `names`: whose columns are asked for; those of all where it is left out. */
export async function readExternalTables(
  session: Pick<Session, 'run'>,
  schemas: readonly string[],
  names?: readonly string[],
): Promise<readonly ExternalTable[]> {
  const [tables, columns] = await session.run(`select schemaname, tablename from svv_external_tables
where schemaname in (${literals(schemas)}) order by schemaname, tablename;
select schemaname, tablename, columnname, external_type from svv_external_columns
where schemaname in (${literals(schemas)})${names === undefined ? '' : ` and tablename in (${literals(names)})`} order by columnnum`)
  return tables!.rows.map(([schema, name]) => ({
    schema: schema!,
    name: name!,
    columns: columns!.rows
      .filter(([ofSchema, ofTable]) => ofSchema === schema && ofTable === name)
      .map(([, , column, type]) => ({ name: column!, type: spell(type!) })),
  }))
}

const hiveTypes: Readonly<Record<string, string>> = { string: 'character varying(65535)', double: 'double precision', tinyint: 'smallint' }

/** As the catalog spells a type of Redshift's own; what nests stays as it is. */
function spell(type: string): string {
  return redshiftDialect.typeName(hiveTypes[type] ?? type)
}
