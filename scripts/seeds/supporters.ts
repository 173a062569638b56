/** Supporters, with the duplicates that a second sign-up sheet brings: another id, another spelling, the same person. */
import type { Cell, Table } from './csv.ts'
import { dateOfDay, lastDay } from './dates.ts'
import { dirtyPhone, dirtyText, dirtyZip, emailOf } from './dirt.ts'
import { firstNames, lastNames } from './names.ts'
import type { Random } from './random.ts'
import type { Precinct } from './regions.ts'

export const supporterColumns = [
  'supporter_id',
  'first_name',
  'last_name',
  'email',
  'phone',
  'zip',
  'region_code',
  'precinct_code',
  'joined_on',
  'opted_out',
  'list_source',
] as const

type SupporterRow = Readonly<Record<(typeof supporterColumns)[number], Cell>>

const peopleCount = 900
const duplicateCount = 70

export function supporterTable(random: Random, precincts: readonly Precinct[]): Table<(typeof supporterColumns)[number]> {
  const people: SupporterRow[] = []
  for (let id = 1; id <= peopleCount; id++) people.push(makeSupporter(random, id, random.pick(precincts)))
  const withEmail = people.filter((person) => person.email !== null && person.email !== '')
  const repeated: SupporterRow[] = []
  for (let id = peopleCount + 1; id <= peopleCount + duplicateCount; id++)
    repeated.push(repeatSupporter(random, id, random.pick(withEmail)))
  return { columns: supporterColumns, rows: [...people, ...repeated] }
}

function makeSupporter(random: Random, id: number, precinct: Precinct): SupporterRow {
  const first = random.pick(firstNames)
  const last = random.pick(lastNames)
  return {
    supporter_id: id,
    first_name: dirtyText(random, first),
    last_name: dirtyText(random, last),
    email: random.chance(0.04) ? random.pick([null, '']) : dirtyText(random, emailOf(random, first, last), 0.1),
    phone: dirtyPhone(random),
    zip: dirtyZip(random, precinct.zip),
    region_code: dirtyText(random, precinct.region, 0.05),
    precinct_code: precinct.code,
    joined_on: random.chance(0.01) ? random.pick(['1900-01-01', '2206-03-05']) : dateOfDay(random.between(-400, lastDay)),
    opted_out: random.pick(['N', 'N', 'N', 'N', 'N', 'no', 'n', '', null, 'Y', 'yes']),
    list_source: random.pick(['web', 'web', 'paper', 'event', 'referral']),
  }
}

function repeatSupporter(random: Random, id: number, original: SupporterRow): SupporterRow {
  return {
    ...original,
    supporter_id: id,
    first_name: String(original.first_name).toUpperCase(),
    email: `${String(original.email).trim().toUpperCase()} `,
    phone: random.chance(0.5) ? original.phone : dirtyPhone(random),
    joined_on: dateOfDay(random.between(0, lastDay)),
    list_source: 'paper',
  }
}
