/** A session of which some methods are others: what it looks up in the catalog goes through them too, as every round trip of a build does. */
import type { CatalogReader } from '../../src/warehouses/catalog-reader.ts'
import { postgresCatalog } from '../../src/warehouses/postgres/postgres-catalog.ts'
import type { Session } from '../../src/warehouses/warehouse.ts'

export type CatalogOf = (session: Pick<Session, 'run' | 'query'>) => CatalogReader

export function watchSession(
  session: Session,
  methods: Partial<Pick<Session, 'run' | 'copyFrom'>>,
  catalogOf: CatalogOf = postgresCatalog,
): Session {
  const watched: Session = new Proxy(session, {
    get: (object, name) => {
      if (name === 'catalog') return catalog
      const value: unknown = Reflect.get(methods, name) ?? Reflect.get(object, name, object)
      return typeof value === 'function' && !Reflect.has(methods, name) ? value.bind(object) : value
    },
  })
  const catalog = catalogOf(watched)
  return watched
}
