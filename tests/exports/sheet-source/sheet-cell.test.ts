import { assert, integer, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCell } from '../../../src/exports/sheet-source/sheet-cell.ts'
import { failed, number, text, truth } from './cells.ts'

describe('a cell of a sheet', () => {
  it.each([
    ['text, whatever it looks like', text('00501'), { kind: 'text', value: '00501' }],
    ['text that would be a number', text('501'), { kind: 'text', value: '501' }],
    ['a number', number(501), { kind: 'integer', value: '501' }],
    ['a number beyond four bytes', number(2_147_483_648), { kind: 'bigint', value: '2147483648' }],
    ['a number beyond what a sheet keeps whole', number(2 ** 60), { kind: 'numeric', value: '1152921504606847000' }],
    ['money', number(1234.5, '$1,234.50', 'CURRENCY "$"#,##0.00'), { kind: 'numeric', value: '1234.5' }],
    ['a percentage', number(0.25, '25%', 'PERCENT 0%'), { kind: 'numeric', value: '0.25' }],
    ['a zip code kept as a number', number(501, '00501', 'NUMBER 00000'), { kind: 'integer', value: '501' }],
    ['a truth', truth(true), { kind: 'boolean', value: 'true' }],
    ['a day', number(43831, '1/1/2020', 'DATE'), { kind: 'date', value: '2020-01-01' }],
    ['a day whose time is not shown', number(43831.75, '1/1/2020', 'DATE M/d/yyyy'), { kind: 'date', value: '2020-01-01' }],
    ['a moment', number(43831.75, '', 'DATE_TIME'), { kind: 'timestamp', value: '2020-01-01 18:00:00' }],
    ['a moment at midnight', number(43831, '', 'DATE_TIME yyyy-mm-dd hh:mm'), { kind: 'timestamp', value: '2020-01-01 00:00:00' }],
    [
      'a moment in a format that people made',
      number(43831.5, '', 'DATE dd.mm.yyyy hh:mm'),
      { kind: 'timestamp', value: '2020-01-01 12:00:00' },
    ],
    ['letters in quotes of a format', number(43831, '', 'DATE "hours" yyyy'), { kind: 'date', value: '2020-01-01' }],
    ['milliseconds', number(43831.0000115741, '', 'DATE_TIME'), { kind: 'timestamp', value: '2020-01-01 00:00:01' }],
    ['a time of day', number(0.75, '6:00 PM', 'TIME h:mm am/pm'), { kind: 'time', value: '18:00:00' }],
    ['a duration', number(1.5, '36:00:00', 'TIME [h]:mm:ss'), { kind: 'interval', value: '36:00:00' }],
    ['a duration below zero', number(-0.0625, '-1:30', 'TIME [h]:mm'), { kind: 'interval', value: '-01:30:00' }],
    ['a day before 1900', number(-1, '', 'DATE'), { kind: 'date', value: '1899-12-29' }],
    ['a formula without a result', failed('REF', '#REF!'), { kind: 'error', value: '' }],
  ])('reads %s', (_what, cell, read) => {
    expect(readCell(cell)).toEqual({ ...read, seen: cell.formattedValue })
  })

  it.each([
    ['nothing', {}],
    ['an empty text, as formulas answer', text('')],
    ['#N/A', failed('N_A', '#N/A')],
  ])('is empty for %s', (_what, cell) => {
    expect(readCell(cell)).toBeUndefined()
  })

  it('gives back every day and every second of a day', () => {
    const days = integer({ min: 1, max: 2_958_465 })
    assert(
      property(days, integer({ min: 0, max: 86_399 }), (day, second) => {
        const wanted = new Date(Date.UTC(1899, 11, 30) + day * 86_400_000 + second * 1000).toISOString()
        const { value } = readCell(number(day + second / 86_400, '', 'DATE_TIME'))!
        expect(value).toBe(wanted.slice(0, 19).replace('T', ' '))
      }),
    )
  })
})
