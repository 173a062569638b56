/** Looks up views, materialized views and functions by the names that a user gave, with what reads each. */
import { readingRules } from '../../dialects/redshift-fingerprint.ts'
import { redshiftDialect } from '../../dialects/redshift.ts'
import type { NamedObject } from '../catalog-reader.ts'
import type { Row, Session } from '../warehouse.ts'
import { inTransaction, literals } from './catalog-queries.ts'
import { kindOf } from './catalog-facts.ts'

type Running = Pick<Session, 'run'>

/** Every object of one of the names: `schema.name`, with or without quotes, and the arguments of a function where it has several versions. */
export async function readNamedObjects(session: Running, names: readonly string[]): Promise<readonly NamedObject[]> {
  const wanted = new Map(names.map((name) => [plain(name), name]))
  const qualified = [...wanted.keys()].flatMap((name) => [name, name.replace(/\(.*$/s, '').trim()])
  const results = await session.run(
    inTransaction([
      `select c.oid, n.nspname, c.relname, c.relkind, pg_get_userbyid(c.relowner), case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'v', 'm', 'S') and n.nspname || '.' || c.relname in (${literals(qualified)})`,
      `select p.oid, n.nspname, p.proname, oidvectortypes(p.proargtypes), pg_get_userbyid(p.proowner)
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where n.nspname || '.' || p.proname in (${literals(qualified)})`,
      `select t.refobjid, v.refobjid, n.nspname, w.relname, w.relkind, pg_get_viewdef(w.oid)
from ${readingRules}
join pg_class w on w.oid = v.refobjid and w.relkind in ('v', 'm')
join pg_namespace n on n.oid = w.relnamespace
where t.deptype = 'n' and t.refobjid in (
  select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname || '.' || c.relname in (${literals(qualified)})
  union all
  select p.oid from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname || '.' || p.proname in (${literals(qualified)}))`,
    ]),
  )
  const [relations, routines, readers] = results.slice(2, -1).map(({ rows }) => rows)
  const readersOf = (id: string): NamedObject['readers'] => unique(readers!.filter(([of]) => of === id).map(toReader))
  const found = [...relations!.flatMap((row) => toRelation(row, wanted)), ...routines!.flatMap((row) => toRoutine(row, wanted))].map(
    ({ oid, ...object }): NamedObject => ({ ...object, readers: readersOf(oid) }),
  )
  return found.toSorted((a, b) => names.indexOf(a.name) - names.indexOf(b.name) || (a.spelled < b.spelled ? -1 : 1))
}

/** Names of what could be meant: for a hint. */
export async function readDroppableNames(session: Running): Promise<readonly string[]> {
  const [result] = await session.run(`select n.nspname || '.' || x.name from (
  select relnamespace as namespace, relname as name from pg_class where relkind in ('v', 'm') union all select pronamespace, proname from pg_proc) x
join pg_namespace n on n.oid = x.namespace where n.nspname <> 'information_schema' and n.nspname !~ '^pg_' order by 1`)
  return result!.rows.map(([name]) => name!)
}

type Found = Omit<NamedObject, 'readers'> & { readonly oid: string }

function toRelation([oid, schema, name, relkind, owner, definition]: Row, wanted: ReadonlyMap<string, string>): readonly Found[] {
  const asked = wanted.get(`${schema}.${name}`)
  if (asked === undefined) return []
  const kind = kindOf({ relkind: relkind!, definition: definition ?? null })
  return [
    {
      oid: oid!,
      name: asked,
      id: `pg_class:${oid}`,
      kind: kind === 'view' || kind === 'materialized view' ? kind : 'other',
      label: `${kind} ${schema}.${name}`,
      spelled: redshiftDialect.relation({ schema: schema!, name: name! }),
      owner: owner!,
    },
  ]
}

function toRoutine([oid, schema, name, types, owner]: Row, wanted: ReadonlyMap<string, string>): readonly Found[] {
  const asked = wanted.get(`${schema}.${name}`) ?? wanted.get(`${schema}.${name}(${types})`)
  if (asked === undefined) return []
  return [
    {
      oid: oid!,
      name: asked,
      id: `pg_proc:${oid}`,
      kind: 'routine',
      label: `function ${schema}.${name}(${types})`,
      spelled: `${redshiftDialect.relation({ schema: schema!, name: name! })}(${types})`,
      owner: owner!,
    },
  ]
}

function toReader([, oid, schema, name, relkind, definition]: Row): { readonly id: string; readonly label: string } {
  return { id: `pg_class:${oid}`, label: `${kindOf({ relkind: relkind!, definition: definition ?? null })} ${schema}.${name}` }
}

function unique(readers: NamedObject['readers']): NamedObject['readers'] {
  return [...new Map(readers.map((reader) => [reader.id, reader])).values()]
}

/** Without quotes, in lower case, arguments parted as the catalog parts them. */
function plain(name: string): string {
  return name
    .replaceAll('"', '')
    .toLowerCase()
    .replaceAll(/\s*,\s*/g, ', ')
    .trim()
}
