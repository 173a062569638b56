/** The catalog of a Postgres, on a server or embedded: by `pg_catalog`, which shows relations also where the role may not use their schema. */
import type { CatalogReader } from '../catalog-reader.ts'
import type { Session } from '../warehouse.ts'
import { readAccess } from './read-access.ts'
import { readBlockers } from './read-blockers.ts'
import { readCatalog, readColumns, readRelation } from './read-catalog.ts'
import { readComparable } from './read-comparable.ts'
import { readDroppableNames, readNamedObjects } from './read-named.ts'
import { readBuildSchemas, readInSchema, readStampedSchemas, readStanding } from './read-places.ts'
import { readSchemaContents } from './read-schema.ts'
import { readSourceCatalog } from './read-sources.ts'

export function postgresCatalog(session: Pick<Session, 'run' | 'query'>): CatalogReader {
  return {
    read: (schemas) => readCatalog(session, schemas),
    relation: (relation) => readRelation(session, relation),
    columns: (relation) => readColumns(session, relation),
    comparable: (relation) => readComparable(session, relation),
    sources: (relations) => readSourceCatalog(session, relations),
    schema: (schema) => readSchemaContents(session, schema),
    standing: (relations) => readStanding(session, relations),
    buildSchemas: (schemas) => readBuildSchemas(session, schemas),
    stampedSchemas: (stamp) => readStampedSchemas(session, stamp),
    inSchema: (schema) => readInSchema(session, schema),
    access: (relations, names) => readAccess(session, relations, names),
    named: (names) => readNamedObjects(session, names),
    blockers: (relations) => readBlockers(session, relations),
    droppableNames: () => readDroppableNames(session),
  }
}
