/**
 * Names of result columns' types without asking the server: the oids of Postgres's own types are the same in every version and in PGlite.
 * Spelled as `format_type` spells them, modifiers included.
 */
import type { FieldDef } from 'pg'
import type { Field } from '../warehouse.ts'

/** oid, name, oid of the array. */
const builtInTypes: readonly (readonly [oid: number, name: string, arrayOid: number])[] = [
  [16, 'boolean', 1000],
  [17, 'bytea', 1001],
  [18, '"char"', 1002],
  [19, 'name', 1003],
  [20, 'bigint', 1016],
  [21, 'smallint', 1005],
  [23, 'integer', 1007],
  [24, 'regproc', 1008],
  [25, 'text', 1009],
  [26, 'oid', 1028],
  [27, 'tid', 1010],
  [28, 'xid', 1011],
  [29, 'cid', 1012],
  [114, 'json', 199],
  [142, 'xml', 143],
  [600, 'point', 1017],
  [601, 'lseg', 1018],
  [602, 'path', 1019],
  [603, 'box', 1020],
  [604, 'polygon', 1027],
  [628, 'line', 629],
  [650, 'cidr', 651],
  [700, 'real', 1021],
  [701, 'double precision', 1022],
  [705, 'unknown', 0],
  [718, 'circle', 719],
  [774, 'macaddr8', 775],
  [790, 'money', 791],
  [829, 'macaddr', 1040],
  [869, 'inet', 1041],
  [1033, 'aclitem', 1034],
  [1042, 'bpchar', 1014],
  [1043, 'character varying', 1015],
  [1082, 'date', 1182],
  [1083, 'time without time zone', 1183],
  [1114, 'timestamp without time zone', 1115],
  [1184, 'timestamp with time zone', 1185],
  [1186, 'interval', 1187],
  [1266, 'time with time zone', 1270],
  [1560, '"bit"', 1561],
  [1562, 'bit varying', 1563],
  [1700, 'numeric', 1231],
  [1790, 'refcursor', 2201],
  [2202, 'regprocedure', 2207],
  [2205, 'regclass', 2210],
  [2206, 'regtype', 2211],
  [2249, 'record', 2287],
  [2278, 'void', 0],
  [2950, 'uuid', 2951],
  [3220, 'pg_lsn', 3221],
  [3614, 'tsvector', 3643],
  [3615, 'tsquery', 3645],
  [3802, 'jsonb', 3807],
  [3904, 'int4range', 3905],
  [3906, 'numrange', 3907],
  [3908, 'tsrange', 3909],
  [3910, 'tstzrange', 3911],
  [3912, 'daterange', 3913],
  [3926, 'int8range', 3927],
  [4072, 'jsonpath', 4073],
  [4089, 'regnamespace', 4090],
  [4096, 'regrole', 4097],
  [5069, 'xid8', 271],
  [4000, 'super', 0], // Redshift's
]

const nameByOid = new Map(builtInTypes.map(([oid, name]) => [oid, name]))
const elementByArrayOid = new Map(builtInTypes.filter(([, , arrayOid]) => arrayOid !== 0).map(([oid, , arrayOid]) => [arrayOid, oid]))

/** The type of a result column as `format_type` spells it; `oid:NNN` when it is none of Postgres's own. */
function fieldType(oid: number, modifier: number): string {
  const element = elementByArrayOid.get(oid)
  if (element !== undefined) return `${fieldType(element, modifier)}[]`
  const name = nameByOid.get(oid)
  if (name === undefined) return `oid:${oid}`
  return modifier < 0 ? name : withModifier(oid, name, modifier)
}

export function toFields(definitions: readonly FieldDef[]): readonly Field[] {
  return definitions.map(({ name, dataTypeID, dataTypeModifier }) => ({ name, type: fieldType(dataTypeID, dataTypeModifier) }))
}

/** The encodings of `atttypmod`, one for each family of types (Postgres: `numerictypmodout` and its like). */
function withModifier(oid: number, name: string, modifier: number): string {
  switch (oid) {
    case 1042:
      return `character(${modifier - 4})`
    case 1043:
      return `${name}(${modifier - 4})`
    case 1560:
      return `bit(${modifier})`
    case 1562:
      return `${name}(${modifier})`
    case 1700:
      return `numeric(${((modifier - 4) >> 16) & 0xff_ff},${(((modifier - 4) & 0x7_ff) ^ 1024) - 1024})`
    case 1083:
    case 1114:
    case 1184:
    case 1266:
      return name.replace(' ', `(${modifier}) `)
    default:
      return name
  }
}
