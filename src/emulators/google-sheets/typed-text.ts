/** Text as if somebody had typed it into a cell: numbers, truths, formulas and dates are recognised, and leading zeros are gone. */
import type { Cell } from './workbook.ts'

export function readTyped(text: string): Cell {
  if (text === '') return {}
  if (text.startsWith("'")) return { value: text.slice(1) }
  if (text.startsWith('=')) return { formula: text }
  if (/^(?:true|false)$/i.test(text)) return { value: text.toLowerCase() === 'true' }
  const number = /^([+-]?)(\$?)((?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?(?:e[+-]?\d+)?)(%?)$/i.exec(text)
  if (number) return typedNumber(Number(`${number[1]}${number[3]!.replaceAll(',', '')}`), number[2] === '$', number[4] === '%')
  const date = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  if (!date) return { value: text }
  const value = (Date.UTC(Number(date[1]), Number(date[2]) - 1, Number(date[3])) - Date.UTC(1899, 11, 30)) / 86_400_000
  return { value, format: { numberFormat: { type: 'DATE', pattern: 'yyyy-mm-dd' } } }
}

function typedNumber(value: number, isMoney: boolean, isPercent: boolean): Cell {
  if (isMoney) return { value, format: { numberFormat: { type: 'CURRENCY', pattern: '$#,##0.00' } } }
  if (isPercent) return { value: value / 100, format: { numberFormat: { type: 'PERCENT', pattern: '0.00%' } } }
  return { value }
}
