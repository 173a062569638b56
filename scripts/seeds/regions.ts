/** Regions and turf: the map that everything else is placed on. */
import type { Table } from './csv.ts'
import { dateOfDay } from './dates.ts'
import type { Random } from './random.ts'

export interface Precinct {
  readonly region: string
  readonly code: string
  readonly zip: string
}

const regions = [
  { region_code: 'HBR', region_name: 'Harbor', organizer_email: 'harbor@example.org', goal_supporters: 150 },
  { region_code: 'FTH', region_name: 'Foothills', organizer_email: 'foothills@example.org', goal_supporters: 150 },
  { region_code: 'MIL', region_name: 'Mill Valley', organizer_email: 'mill-valley@example.org', goal_supporters: 120 },
  { region_code: 'LAK', region_name: "St. Anne's Lakes", organizer_email: 'lakes@example.org', goal_supporters: 120 },
  { region_code: 'PRA', region_name: 'Prairie, East', organizer_email: 'prairie@example.org', goal_supporters: 100 },
] as const

/** Codes as counties write them: they look like numbers, and are not. Several regions use the same ones. */
const precinctCodes = ['01', '02', '1E5', '11E1', '001 Oak Hill', '1-05C', '3A1'] as const

export function regionTable(): Table<keyof (typeof regions)[number]> {
  return { columns: ['region_code', 'region_name', 'organizer_email', 'goal_supporters'], rows: regions }
}

export function makePrecincts(): readonly Precinct[] {
  return regions.flatMap(({ region_code: region }, r) =>
    precinctCodes.map((code, p) => ({ region, code, zip: String(1001 + r * 40 + p * 3).padStart(5, '0') })),
  )
}

const turfColumns = ['turf_id', 'turf_name', 'region_code', 'precinct_code', 'doors', 'cut_on'] as const

export function turfTable(random: Random, precincts: readonly Precinct[]): Table<(typeof turfColumns)[number]> {
  const rows = precincts.map((precinct, i) => ({
    turf_id: i + 1,
    turf_name: `${precinct.region} ${precinct.code}`,
    region_code: precinct.region,
    precinct_code: precinct.code,
    doors: random.between(60, 420),
    cut_on: dateOfDay(random.between(-20, 40)),
  }))
  return { columns: turfColumns, rows }
}
