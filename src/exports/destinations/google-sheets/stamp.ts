/** Shows readers how old the data are: a note on the first header, or a cell of its own. */
import type { SheetRequest } from './google-api.ts'
import { gridRange } from './a1.ts'
import { noteOn } from './requests.ts'
import { serialOfInstant, wallClockOf } from './serial-time.ts'
import type { TabRequest } from './tab-request.ts'

/** None where the export asks for none. */
export function stampRequests(request: TabRequest, sheetId: number): readonly SheetRequest[] {
  const { stamp, start } = request.export.destination
  if (!stamp) return []
  if (stamp.cell === 'header_note')
    return [noteOn(sheetId, start.row, start.column, `Data as of ${tellTime(request)}, written by sqlflow.`)]
  const { row, column } = stamp.cell
  const seconds = Math.floor(request.now.getTime() / 1000) * 1000
  const serial = Number(serialOfInstant(seconds, wallClockOf(request.timeZone)) ?? 0)
  return [
    {
      updateCells: {
        range: gridRange(sheetId, { row, column, endRow: row + 1, endColumn: column + 1 }),
        rows: [
          {
            values: [
              {
                userEnteredValue: { numberValue: serial },
                userEnteredFormat: { numberFormat: { type: 'DATE_TIME', pattern: '"Data as of "yyyy-mm-dd hh:mm' } },
              },
            ],
          },
        ],
        fields: 'userEnteredValue,userEnteredFormat.numberFormat',
      },
    },
  ]
}

/** `2026-11-03 18:30 America/New_York`. */
function tellTime({ now, timeZone }: TabRequest): string {
  const wall = new Date(wallClockOf(timeZone)(now.getTime())).toISOString()
  return `${wall.slice(0, 10)} ${wall.slice(11, 16)} ${timeZone}`
}
