/**
 * Why a statement was refused, where the server says "permission denied" or "does not exist": a privilege that is lacking, a schema that is hidden, or
 * something that is not there. What is lacking comes with the least GRANT that mends it, and who can give it.
 */
import type { WarehouseError } from '../core/errors.ts'
import { relationKey, relationLabel, type RelationName } from '../core/relation.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Access } from '../warehouses/catalog-reader.ts'
import type { Session } from '../warehouses/warehouse.ts'

const insufficientPrivilege = '42501'
const undefinedTable = '42P01'
const undefinedSchema = '3F000'

/** Nothing was found where the statement looked. */
export function saysMissing({ sqlState }: WarehouseError): boolean {
  return sqlState === undefinedTable || sqlState === undefinedSchema
}

/** A privilege may be lacking: worth a look into the catalog. */
export function concernsAccess(error: WarehouseError): boolean {
  return error.sqlState === insufficientPrivilege || saysMissing(error)
}

/** Of an error that `concernsAccess`. `reads`: the relations that the node's SQL reads, as the project knows them. Undefined where nothing is lacking. */
export async function explainAccess(
  session: Session,
  error: WarehouseError,
  reads: readonly RelationName[],
  dialect: Dialect,
): Promise<string | undefined> {
  const { sqlState, message } = error
  const names = namesIn(message)
  const found = await session.catalog.access(reads, names)
  const lacking = found.filter(({ mayUseSchema, maySelect }) => !mayUseSchema || !maySelect)
  const known = lacking.filter(
    ({ relation, through }) => through !== undefined || reads.some((one) => relationKey(one) === relationKey(relation)),
  )
  if (lacking.length > 0) return renderGrants(known.length > 0 ? known : lacking, dialect)
  return sqlState === undefinedTable ? explainHidden(found, names) : undefined
}

/** `relation "contacts" does not exist`, `permission denied for table contacts`: names without a schema, of SQL that reads what the project does not know. */
function namesIn(message: string): readonly string[] {
  const found =
    /relation "([^"]+)" does not exist/.exec(message) ??
    /permission denied for (?:table|view|materialized view|foreign table|relation) (.+)$/.exec(message)
  return found ? [found[1]!] : []
}

function renderGrants(lacking: readonly Access[], dialect: Dialect): string {
  const facts = new Set<string>()
  const grants = new Map<string, Set<string>>()
  const grant = (owner: string, sql: string): void => void grants.set(owner, (grants.get(owner) ?? new Set()).add(sql))
  for (const { relation, owner, schemaOwner, reader, through, mayUseSchema, maySelect } of lacking) {
    const role = dialect.grantee(reader)
    const what = `${relationLabel(relation)} exists and belongs to ${owner}`
    if (!mayUseSchema) {
      facts.add(`The ${dialect.principal} ${reader} lacks USAGE on the schema ${relation.schema} (${what}).`)
      grant(schemaOwner, `grant usage on schema ${dialect.quoteIdentifier(relation.schema)} to ${role};`)
    }
    if (maySelect) continue
    const asWhom = through === undefined ? '' : `, as whom the view ${relationLabel(through)} reads it,`
    facts.add(`The ${dialect.principal} ${reader}${asWhom} lacks SELECT on ${relationLabel(relation)} (${what}).`)
    grant(owner, `grant select on ${dialect.relation(relation)} to ${role};`)
  }
  const asked = [...grants].map(([owner, sql]) => `As ${owner} or a superuser: ${[...sql].join(' ')}`)
  return [...facts, ...asked].join('\n  ')
}

/** It is there, and the role may read it, but no bare name finds it. */
function explainHidden(found: readonly Access[], names: readonly string[]): string | undefined {
  const hidden = found.filter(({ relation, through, visible }) => through === undefined && !visible && names.includes(relation.name))
  if (hidden.length === 0) return undefined
  const labels = hidden.map(({ relation }) => relationLabel(relation)).join(', ')
  const [first] = hidden
  return `${labels} exists, but the search path does not hold its schema: declare it as a source and write {{source '${first!.relation.schema}' '${first!.relation.name}'}}, or name the schema.`
}
