/** Cells of a sheet as Google's API gives them. */
import type { SheetCellData } from '../../../src/exports/destinations/google-sheets/google-api.ts'

export function text(value: string): SheetCellData {
  return { effectiveValue: { stringValue: value }, formattedValue: value }
}

export function truth(value: boolean): SheetCellData {
  return { effectiveValue: { boolValue: value }, formattedValue: value ? 'TRUE' : 'FALSE' }
}

/** `format`: type and pattern, `PERCENT 0%`. */
export function number(value: number, seen = String(value), format?: string): SheetCellData {
  const [type, ...pattern] = format?.split(' ') ?? []
  return {
    effectiveValue: { numberValue: value },
    formattedValue: seen,
    ...(type !== undefined && { effectiveFormat: { numberFormat: { type, ...(pattern.length > 0 && { pattern: pattern.join(' ') }) } } }),
  }
}

export function failed(type: string, seen: string): SheetCellData {
  return { effectiveValue: { errorValue: { type, message: 'of Google' } }, formattedValue: seen }
}
