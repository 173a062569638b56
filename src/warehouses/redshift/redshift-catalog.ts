/** The catalog of a Redshift: by the tables of its leader node, and by SVV views where these alone know. */
import { WarehouseError } from '../../core/errors.ts'
import type { CatalogReader } from '../catalog-reader.ts'
import type { Session } from '../warehouse.ts'
import { readAccess } from './read-access.ts'
import { readBlockers } from './read-blockers.ts'
import { type CatalogOptions, readCatalog, readColumns, readRelation } from './read-catalog.ts'
import { readComparable } from './read-comparable.ts'
import { readDroppableNames, readNamedObjects } from './read-named.ts'
import { readBuildSchemas, readInSchema, readStampedSchemas, readStanding } from './read-places.ts'
import { readSchemaContents, readSourceCatalog } from './read-relations.ts'

export function redshiftCatalog(session: Pick<Session, 'run'>): CatalogReader {
  let seesPolicies: Promise<boolean> | undefined
  const options = async (): Promise<CatalogOptions> => {
    seesPolicies ??= maySeePolicies(session)
    return { seesPolicies: await seesPolicies }
  }
  return {
    read: async (schemas) => readCatalog(session, { schemas }, await options()),
    relation: async (relation) => readRelation(session, relation, await options()),
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

/** Superusers, and users of the role sys:secadmin; found by asking, once a session. Whoever may not sees none. */
async function maySeePolicies(session: Pick<Session, 'run'>): Promise<boolean> {
  try {
    await session.run('select count(*) from svv_rls_attached_policy; select count(*) from svv_attached_masking_policy')
    return true
  } catch (error) {
    if (error instanceof WarehouseError && !/^(?:08|57)/.test(error.sqlState ?? '08')) return false // the session lives
    throw error
  }
}
