/** A spreadsheet holds ten million cells, empty ones of every tab included: checked before the first write, hidden tabs counted. */
import { SqlflowError } from '../../../core/errors.ts'
import type { Spreadsheet } from './google-api.ts'
import type { TabPlan } from './tab-plan.ts'

export const mostCells = 10_000_000

type Sheet = NonNullable<Spreadsheet['sheets']>[number]

export function cellsOfSheet({ properties }: Sheet): number {
  return (properties?.gridProperties?.rowCount ?? 0) * (properties?.gridProperties?.columnCount ?? 0)
}

/** Throws SqlflowError `sheet-limit`, which names the tabs that take most. */
export function checkCells({ properties, sheets = [] }: Spreadsheet, plans: readonly TabPlan[]): void {
  const changing = plans.filter(({ change }) => change !== 'none')
  const there = sheets.reduce((sum, sheet) => sum + cellsOfSheet(sheet), 0)
  const growth = changing.reduce((sum, plan) => sum + Math.max(0, plan.growth), 0)
  const staged = changing.reduce((sum, { staging }) => sum + (staging ? staging.rows * staging.columns : 0), 0)
  if (there + growth + staged <= mostCells) return
  const number = (count: number): string => count.toLocaleString('en-US')
  const largest = sheets
    .toSorted((a, b) => cellsOfSheet(b) - cellsOfSheet(a))
    .slice(0, 4)
    .map((sheet) => `\`${sheet.properties?.title}\` ${number(cellsOfSheet(sheet))}`)
  const needs = staged === 0 ? number(growth) : `${number(growth)} and, while it is written, ${number(staged)} aside`
  throw new SqlflowError(
    'sheet-limit',
    `The spreadsheet \`${properties?.title ?? ''}\` holds at most ${number(mostCells)} cells, empty ones included; it has ${number(there)}, and this export needs ${needs} more.`,
    {
      exitCode: 1,
      hint: `Nothing was written. Most cells are in ${largest.join(', ')}: delete their empty rows and columns, or export fewer rows.`,
    },
  )
}
