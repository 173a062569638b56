/**
 * All seeds of the sample project. Pure: the same text on every call, which a test compares with the files in seeds/.
 */
import { contactTable, eventTable, pledgeTable, signupTable } from './activity.ts'
import { formatCsv } from './csv.ts'
import { createRandom } from './random.ts'
import { makePrecincts, regionTable, turfTable } from './regions.ts'
import { supporterTable } from './supporters.ts'

export interface SeedFile {
  /** Name within seeds/. */
  readonly name: string
  readonly text: string
}

const seedNumber = 20_260_115

export function makeSampleSeeds(): readonly SeedFile[] {
  const random = createRandom(seedNumber)
  const precincts = makePrecincts()
  const turfs = turfTable(random, precincts)
  const supporters = supporterTable(random, precincts)
  const count = supporters.rows.length
  return [
    { name: 'regions.csv', text: formatCsv(regionTable()) },
    { name: 'turfs.csv', text: formatCsv(turfs) },
    { name: 'supporters.csv', text: formatCsv(supporters) },
    { name: 'events.csv', text: formatCsv(eventTable(random, precincts)) },
    { name: 'event_signups.csv', text: formatCsv(signupTable(random, count)) },
    { name: 'pledges.csv', text: formatCsv(pledgeTable(random, count)) },
    { name: 'contact_attempts.csv', text: formatCsv(contactTable(random, count)) },
  ]
}
