import { expect, it } from 'vitest'
import { checkExportPaths } from '../../src/exports/export-path.ts'
import { exportOf } from './export-fixture.ts'

it('two exports never write one file, whatever its case, and no path leaves the project', () => {
  const of = (name: string, path: string) => exportOf({ name, to: { type: 'csv', path } })
  const exports = [
    of('turf_list', 'lists/turf.csv'),
    of('regions', './lists/../lists/Turf.csv'),
    of('events', '../events.csv'),
    of('pledges', '/pledges.csv'),
    of('shifts', 'lists/'),
  ]
  expect(checkExportPaths(exports).map(({ message }) => message)).toEqual([
    "The path `../events.csv` of the export `events` leaves the project's folder.",
    "The path `/pledges.csv` of the export `pledges` leaves the project's folder.",
    'The path `lists/` of the export `shifts` names no file.',
    'The exports `turf_list` and `regions` write one file, `./lists/../lists/Turf.csv`.',
  ])
})
