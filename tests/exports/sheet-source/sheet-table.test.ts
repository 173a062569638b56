import { describe, expect, it } from 'vitest'
import type { SheetCellData } from '../../../src/exports/destinations/google-sheets/google-api.ts'
import { readCell } from '../../../src/exports/sheet-source/sheet-cell.ts'
import { matchHeader } from '../../../src/exports/sheet-source/sheet-header.ts'
import { buildTable, type TableResult } from '../../../src/exports/sheet-source/sheet-table.ts'
import { failed, number, text, truth } from './cells.ts'

const at = { file: 'models/sheets.yml', start: 10, end: 22 }
const none: SheetCellData = {}

interface Declared {
  readonly types?: Readonly<Record<string, string | undefined>>
  readonly columns?: Readonly<Record<string, string>>
}

function sourceOf({ types = {}, columns }: Declared) {
  return {
    googleSheet: {
      spreadsheet: 'abc',
      headerRow: 1,
      at,
      ...(columns && { columns: Object.entries(columns).map(([name, header]) => ({ name, header, at })) }),
    },
    columns: Object.entries(types).map(([name, type]) => ({ name, sensitive: false, at, ...(type !== undefined && { type }) })),
  }
}

function headerOf(header: readonly string[], declared: Declared = {}) {
  return matchHeader({ source: sourceOf(declared), tab: 'Captains', header, identifierBytes: 63 })
}

function tableOf(header: readonly string[], rows: readonly (readonly SheetCellData[])[], declared: Declared = {}): TableResult {
  const matched = headerOf(header, declared)
  if (!matched.ok) return matched
  const source = sourceOf(declared)
  const records = rows.map((row, k) => ({ row: k + 1, cells: row.map((cell) => readCell(cell)) }))
  const request = { records, taken: matched.columns, declared: source.columns, source: source.googleSheet, tab: 'Captains' }
  return buildTable({ ...request, timeZone: 'America/New_York' })
}

function told(result: TableResult | ReturnType<typeof headerOf>): readonly string[] {
  return result.ok ? [] : result.diagnostics.map(({ code, message, hint }) => `${code}: ${message} ${hint ?? ''}`)
}

/** Types, and the CSV that COPY reads. */
function loaded(result: TableResult): readonly [string, string] {
  if (!result.ok) throw new Error(told(result).join('\n'))
  const { columns, pieces } = result.table
  return [columns.map(({ name, type }) => `${name} ${type}`).join(', '), Buffer.concat(pieces).toString()]
}

describe('the header of a sheet', () => {
  it('names columns as SQL writes them, in the order of the sheet; what has no header is left out', () => {
    expect(headerOf(['Precinct #', ' Captain  name ', '', '% share', '2026 goal', 'Straße'])).toEqual({
      ok: true,
      columns: [
        { name: 'precinct', index: 0, header: 'Precinct #' },
        { name: 'captain_name', index: 1, header: 'Captain name' },
        { name: 'share', index: 3, header: '% share' },
        { name: '_2026_goal', index: 4, header: '2026 goal' },
        { name: 'straße', index: 5, header: 'Straße' },
      ],
    })
  })

  it('keeps the text of a header that a column is declared by', () => {
    expect(headerOf(['Precinct #'], { types: { 'Precinct #': 'text' } })).toMatchObject({ columns: [{ name: 'Precinct #' }] })
  })

  it('is matched wherever its columns stand, but for case and spaces', () => {
    const columns = { precinct: 'Precinct #', captain: 'captain NAME' }
    expect(headerOf(['Notes', 'Captain  name', 'Precinct #', 'Precinct'], { columns })).toEqual({
      ok: true,
      columns: [
        { name: 'precinct', index: 2 },
        { name: 'captain', index: 1 },
      ],
    })
  })

  it('is told with what is there when a column is gone from it', () => {
    expect(told(headerOf(['Captain name', 'Zip'], { types: { captain: undefined } }))).toEqual([
      'sheet-header: Tab `Captains` has no header `captain` in row 1. `Captain name` is there: correct the sheet, or what is written here.',
    ])
    expect(told(headerOf(['Captain', 'Zip'], { columns: { precinct: 'Precinct #', who: 'Captian' } }))).toEqual([
      'sheet-header: Tab `Captains` has no header `Precinct #` in row 1. Its headers are `Captain`, `Zip`.',
      'sheet-header: Tab `Captains` has no header `Captian` in row 1. `Captain` is there: correct the sheet, or what is written here.',
    ])
    expect(told(headerOf(['Captain'], { columns: { who: 'Captain' }, types: { zip: 'text' } }))).toEqual([
      'sheet-header: `columns` of `google_sheet` does not take the column `zip`. List it there with its header: `zip: "..."`, or remove it here.',
    ])
  })

  it('may not name a column twice, nor by nothing, nor by too much', () => {
    expect(told(headerOf(['Phone', 'Zip', 'phone ', '#']))).toEqual([
      'sheet-header: Tab `Captains` names one column twice: `Phone` (A1) and `phone` (C1). Rename one of them in the sheet, or take the others alone by `columns:` of `google_sheet`.',
      'sheet-header: The header `#` (D1) has no letter or digit to name a column by. Name it: `google_sheet: { columns: { my_name: "#" } }`.',
    ])
    expect(told(headerOf(['Phone', 'Zip', 'Phone'], { columns: { zip: 'Zip' } }))).toEqual([])
    expect(told(headerOf(['Phone', 'Phone'], { columns: { phone: 'Phone' } }))[0]).toContain('names one column twice')
    expect(told(headerOf(['', ' ']))[0]).toContain('Row 1 of tab `Captains` names no column.')
    expect(told(headerOf(['x'.repeat(64)]))[0]).toContain('makes a name of 64 bytes; the warehouse allows 63.')
  })
})

describe('the rows of a sheet', () => {
  it('are typed by their cells, text where these are of several kinds, as people see them', () => {
    const date = number(43831, '1/1/2020', 'DATE')
    const moment = number(43831.5, '1/1/2020 12:00', 'DATE_TIME')
    const rows = [
      [
        text('00501'),
        number(501),
        number(1),
        number(0.5, '50%', 'PERCENT 0%'),
        date,
        date,
        truth(true),
        number(3, '$3.00', 'CURRENCY'),
        none,
      ],
      [text('a "b", c'), text('11E1'), number(2 ** 40), number(2), date, moment, none, date, none],
    ]
    expect(loaded(tableOf(['zip', 'precinct', 'big', 'share', 'day', 'moment', 'paid', 'mixed', 'empty'], rows))).toEqual([
      'zip text, precinct text, big bigint, share numeric, day date, moment timestamp without time zone, paid boolean, mixed text, empty text',
      '"00501","501","1","0.5","2020-01-01","2020-01-01","true","$3.00",\n' +
        '"a ""b"", c","11E1","1099511627776","2","2020-01-01","2020-01-01 12:00:00",,"1/1/2020",\n',
    ])
  })

  it('are read as declared: text as it is seen, other types as the value, a moment in the zone of the spreadsheet', () => {
    const types = { zip: 'text', since: 'timestamptz', day: 'date', cost: 'numeric(10,2)', code: 'character varying(5)' }
    const row = [
      number(501, '00501', 'NUMBER 00000'),
      number(43831.5, '', 'DATE_TIME'),
      text('2026-11-03'),
      number(2, '$2.00'),
      truth(true),
    ]
    expect(loaded(tableOf(Object.keys(types), [row], { types }))).toEqual([
      'zip text, since timestamptz, day date, cost numeric(10,2), code character varying(5)',
      '"00501","2020-01-01 12:00:00 America/New_York","2026-11-03","2","TRUE"\n',
    ])
  })

  it('count where a column that is taken says something: an unticked box does not', () => {
    const rows = [
      [text('Ana'), truth(false), text('note')],
      [none, truth(false), text('only a note')],
      [none, truth(true), none],
      [none, none, none],
    ]
    expect(loaded(tableOf(['who', 'done', ''], rows))[1]).toBe('"Ana","false"\n,"true"\n')
  })

  it('may hold no formula without a result in what is taken', () => {
    const rows = [
      [failed('REF', '#REF!'), failed('N_A', '#N/A')],
      [text('Ana'), failed('ERROR', '#ERROR!')],
    ]
    expect(told(tableOf(['who', 'score'], rows))).toEqual([
      'sheet-value: Cell A2 of tab `Captains` holds a formula without a result (#REF!). Mend the formula, or let it answer with an empty text: =IFERROR(..., "").',
      'sheet-value: Cell B3 of tab `Captains` holds a formula without a result (#ERROR!). Mend the formula, or let it answer with an empty text: =IFERROR(..., "").',
    ])
    expect(loaded(tableOf(['', 'score'], [[failed('REF', '#REF!'), number(1)]]))[1]).toBe('"1"\n')
    expect(
      told(
        tableOf(
          ['who'],
          Array.from({ length: 30 }, () => [failed('REF', '#REF!')]),
        ),
      ),
    ).toHaveLength(20)
  })

  it('may hold no bare number where a day is declared: the warehouse would take 45123 for one of 2045', () => {
    expect(told(tableOf(['day'], [[number(45_123)]], { types: { day: 'date' } }))).toEqual([
      'sheet-value: Cell A2 of tab `Captains` holds a number, and the column `day` is declared date. Format the column of the sheet as a date or a time (Format > Number), or declare another type.',
    ])
  })

  it('are the same content as long as nothing changes that the table would show', () => {
    const digest = (rows: readonly (readonly SheetCellData[])[], declared: Declared = {}): string => {
      const result = tableOf(['who', 'score'], rows, declared)
      return result.ok ? result.table.digest : ''
    }
    const rows = [[text('Ana'), number(1)]]
    expect(digest([...rows, [none, none]])).toBe(digest(rows))
    expect(digest([[text('Ana'), number(1, '$1.00', 'CURRENCY')]])).toBe(digest(rows))
    expect(digest([[text('Ana'), number(2)]])).not.toBe(digest(rows))
    expect(digest(rows, { types: { score: 'numeric' } })).not.toBe(digest(rows))
  })
})
