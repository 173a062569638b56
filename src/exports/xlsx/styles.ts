/** Formats of columns as the styles of a workbook. */
import { kindOfType } from '../value-types.ts'
import type { PlannedColumn } from '../destination.ts'
import { escapeXml } from './xml.ts'

export const headerStyle = 1
const firstColumnStyle = 2
/** Numbers under 164 are a spreadsheet's own formats. */
const firstFormat = 164

export interface Styles {
  readonly xml: string
  /** Index of each column's style. */
  readonly ofColumns: readonly number[]
}

export function planStyles(columns: readonly PlannedColumn[]): Styles {
  const codes = [...new Set(columns.map(formatCode))]
  const formats = codes.map((code, k) => `<numFmt numFmtId="${firstFormat + k}" formatCode="${escapeXml(code)}"/>`).join('')
  const styles = codes
    .map((_, k) => `<xf numFmtId="${firstFormat + k}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`)
    .join('')
  const xml = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="${codes.length}">${formats}</numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${codes.length + firstColumnStyle}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>${styles}</cellXfs></styleSheet>`
  return { xml, ofColumns: columns.map((column) => firstColumnStyle + codes.indexOf(formatCode(column))) }
}

function formatCode({ field, format }: PlannedColumn): string {
  if (format === 'text') return '@'
  if (format !== undefined) return format
  switch (kindOfType(field.type)) {
    case 'date':
      return 'yyyy-mm-dd'
    case 'timestamp':
    case 'timestamptz':
      return 'yyyy-mm-dd hh:mm:ss'
    case 'text':
    case 'json':
    case 'bytea':
      return '@'
    case 'integer':
    case 'decimal':
    case 'float':
    case 'boolean':
      return 'General'
    default:
      return 'General'
  }
}
