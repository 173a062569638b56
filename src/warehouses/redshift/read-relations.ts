/**
 * Relations of schemas as somebody who reads them sees them: whether each may be read, and its columns. `pg_catalog` tells of a relation also where the user may not
 * use its schema, so that "missing" and "not allowed" never mix.
 */
import { relationKey, type RelationName } from '../../core/relation.ts'
import type { FoundSource, SchemaColumn, SchemaContents, SourceCatalog } from '../catalog-reader.ts'
import type { Session } from '../warehouse.ts'
import { redshiftDialect } from '../../dialects/redshift.ts'
import { inTransaction, literals, readable } from './catalog-queries.ts'
import { readLateColumns } from './read-catalog.ts'
import { type ExternalTable, readExternalTables } from './read-external.ts'
import { isElsewhere, readOtherDatabases } from './read-other-databases.ts'
import { loweredKey } from './read-places.ts'

const { storedName } = redshiftDialect

type Running = Pick<Session, 'run'>

export async function readSourceCatalog(session: Running, all: readonly RelationName[]): Promise<SourceCatalog> {
  const relations = all.filter((relation) => !isElsewhere(relation))
  const { user, schemas, tables } = await readTables(
    session,
    relations.map(({ schema }) => schema),
    relations.map(({ name }) => name),
  )
  const toFound = (relation: RelationName): FoundSource => {
    const schema = storedName(relation.schema)
    const table = tables.get(loweredKey(relation))
    const others = table === undefined ? [...tables.values()].filter((one) => one.schema === schema).map(({ name }) => name) : []
    const hidden = table === undefined && others.length === 0 && schemas.get(schema) === false
    return {
      schemaExists: schemas.has(schema),
      mayUseSchema: schemas.get(schema) === true,
      relation: hidden
        ? closed
        : table && {
            mayRead: table.mayRead,
            comment: table.comment,
            columns: table.columns.map(({ name, type }) => ({ name, type })),
          },
      others,
    }
  }
  const elsewhere = await readOtherDatabases(session, all.filter(isElsewhere))
  return { user, found: new Map([...relations.map((relation) => [relationKey(relation), toFound(relation)] as const), ...elsewhere]) }
}

/** In a schema that may not be used and shows nothing: an external one, of which only its users are told. */
const closed: NonNullable<FoundSource['relation']> = { mayRead: true, comment: undefined, columns: [] }

export async function readSchemaContents(session: Running, schema: string): Promise<SchemaContents> {
  const { user, schemas, tables } = await readTables(session, [schema])
  const mayUse = schemas.get(storedName(schema))
  return {
    user,
    exists: mayUse !== undefined,
    mayUse: mayUse === true,
    tables: [...tables.values()].map(({ name, comment, mayRead, columns }) => ({ name, comment, mayRead, columns })),
    schemas: mayUse === undefined ? await readSchemaNames(session) : [],
  }
}

interface Table extends RelationName {
  readonly comment: string | undefined
  readonly mayRead: boolean
  readonly columns: readonly SchemaColumn[]
}

interface Tables {
  readonly user: string
  /** Whether each that exists may be used. */
  readonly schemas: ReadonlyMap<string, boolean>
  /** By `relationKey`, in order of their names. */
  readonly tables: ReadonlyMap<string, Table>
}

/** `names`: whose columns are asked for; those of all where it is left out. */
async function readTables(session: Running, schemas: readonly string[], names?: readonly string[]): Promise<Tables> {
  const inSchemas = `n.nspname in (${literals(schemas)})`
  const results = await session.run(
    inTransaction([
      'select current_user',
      `select n.nspname, has_schema_privilege(n.nspname, 'usage') from pg_namespace n where ${inSchemas}`,
      `select c.oid, n.nspname, c.relname, c.relkind, d.description, has_table_privilege(c.oid, 'select')
from pg_class c join pg_namespace n on n.oid = c.relnamespace
left join pg_description d on d.classoid = 'pg_class'::regclass and d.objoid = c.oid and d.objsubid = 0
where ${readable} and ${inSchemas} order by n.nspname, c.relname`,
      `select c.oid, a.attname, format_type(a.atttypid, a.atttypmod), d.description
from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
left join pg_description d on d.classoid = 'pg_class'::regclass and d.objoid = c.oid and d.objsubid = a.attnum
where a.attnum > 0 and not a.attisdropped and ${readable} and ${inSchemas}
${names === undefined ? '' : `and c.relname in (${literals(names)})`} order by c.oid, a.attnum`,
      `select distinct namespace_name, relation_name from svv_column_privileges where privilege_type = 'SELECT' and namespace_name in (${literals(schemas)})`,
    ]),
  )
  const [users, standing, relations, columns, byColumn] = results.slice(2, -1).map(({ rows }) => rows)
  const own = new Map<string, SchemaColumn[]>()
  for (const [id, name, type, comment] of columns!)
    own.set(id!, [...(own.get(id!) ?? []), { name: name!, type: type!, comment: comment ?? undefined }])
  const readByColumn = new Set(byColumn!.map(([schema, name]) => relationKey({ schema: schema!, name: name! })))
  const found = relations!.map(([id, schema, name, kind, comment, mayRead]) => {
    const relation = { schema: schema!, name: name! }
    return {
      ...relation,
      kind,
      comment: comment ?? undefined,
      mayRead: mayRead === 't' || readByColumn.has(relationKey(relation)),
      columns: own.get(id!) ?? [],
    }
  })
  const asked = names && new Set(names.map(storedName))
  const late = await readLateColumns(
    session,
    found.filter(({ kind, name, columns }) => kind === 'v' && columns.length === 0 && asked?.has(name) !== false),
  )
  const local = found.map((table) => {
    const columns = late.get(relationKey(table))?.map(({ name, type }) => ({ name, type, comment: undefined }))
    return columns === undefined ? table : { ...table, columns }
  })
  const filled = new Set(found.map(({ schema }) => schema))
  const perhapsExternal = standing!.map(([name]) => name!).filter((name) => !filled.has(name))
  const external = perhapsExternal.length === 0 ? [] : await readExternalTables(session, perhapsExternal, names)
  return {
    user: users![0]![0]!,
    schemas: new Map(standing!.map(([name, mayUse]) => [name!, mayUse === 't'])),
    tables: new Map([...local, ...external.map(ofExternal)].map((table) => [relationKey(table), table])),
  }
}

function ofExternal({ columns, ...relation }: ExternalTable): Table {
  return { ...relation, comment: undefined, mayRead: true, columns: columns.map((column) => ({ ...column, comment: undefined })) }
}

async function readSchemaNames(session: Running): Promise<readonly string[]> {
  const [result] = await session.run(`select nspname from pg_namespace where nspname !~ '^pg_|^information_schema$' order by nspname`)
  return result!.rows.map(([name]) => name!)
}
