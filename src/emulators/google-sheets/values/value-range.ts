/** Bodies of the values API: rows of values, and how they are read and written. */
import { z } from 'zod'
import { invalidArgument } from '../model/google-error.ts'
import { protoEnum } from '../json/proto-json.ts'
import { dataFilter } from '../requests/schema.ts'

const text = z.string().nullish()
const majorDimension = protoEnum('Dimension', ['DIMENSION_UNSPECIFIED', 'ROWS', 'COLUMNS']).nullish()
const valueInputOption = protoEnum('ValueInputOption', ['INPUT_VALUE_OPTION_UNSPECIFIED', 'RAW', 'USER_ENTERED']).nullish()
const valueRenderOption = protoEnum('ValueRenderOption', ['FORMATTED_VALUE', 'UNFORMATTED_VALUE', 'FORMULA']).nullish()
const dateTimeRenderOption = protoEnum('DateTimeRenderOption', ['SERIAL_NUMBER', 'FORMATTED_STRING']).nullish()

/** Values are checked one by one as they are written: a schema would walk a million cells for nothing. */
export const valueRangeBody = z.strictObject({ range: text, majorDimension, values: z.unknown().optional() })
export type ValueRangeInput = z.infer<typeof valueRangeBody>

const response = {
  includeValuesInResponse: z.boolean().nullish(),
  responseValueRenderOption: valueRenderOption,
  responseDateTimeRenderOption: dateTimeRenderOption,
}

export const batchUpdateValuesBody = z.strictObject({ valueInputOption, data: z.array(valueRangeBody).nullish(), ...response })

const filteredRange = z.strictObject({ dataFilter: dataFilter.nullish(), majorDimension, values: z.unknown().optional() })

export const batchUpdateByDataFilterBody = z.strictObject({ valueInputOption, data: z.array(filteredRange).nullish(), ...response })

export const batchGetByDataFilterBody = z.strictObject({
  dataFilters: z.array(dataFilter).nullish(),
  majorDimension,
  valueRenderOption,
  dateTimeRenderOption,
})

export const batchClearBody = z.strictObject({ ranges: z.array(z.string()).nullish() })

export const batchClearByDataFilterBody = z.strictObject({ dataFilters: z.array(dataFilter).nullish() })

/** Options of a query, as text. */
export const renderQuery = z.object({
  majorDimension,
  valueRenderOption,
  dateTimeRenderOption,
  responseValueRenderOption: valueRenderOption,
  responseDateTimeRenderOption: dateTimeRenderOption,
  valueInputOption,
  insertDataOption: protoEnum('InsertDataOption', ['OVERWRITE', 'INSERT_ROWS']).nullish(),
})
export type RenderQuery = z.infer<typeof renderQuery>

export type Typed = string | number | boolean | null

/** Rows of the body, turned where it holds columns. `at` names the place in errors. */
export function readRows(
  { values, majorDimension }: Pick<ValueRangeInput, 'values' | 'majorDimension'>,
  at: string,
): readonly (readonly Typed[])[] {
  if (values === undefined || values === null) return []
  const list = 'type.googleapis.com/google.protobuf.ListValue'
  if (!Array.isArray(values)) throw invalidValue(`${at}values`, list, values)
  for (const [index, row] of values.entries()) {
    if (!Array.isArray(row)) throw invalidValue(`${at}values[${index}]`, list, row)
    for (let column = 0; column < row.length; column += 1)
      if (typeof row[column] === 'object' && row[column] !== null) throw nested(index, column, row[column])
  }
  const rows = values as readonly (readonly Typed[])[]
  return majorDimension === 'COLUMNS' ? transpose(rows) : rows
}

function invalidValue(field: string, type: string, value: unknown): Error {
  const message = `Invalid value at '${field}' (${type}), ${JSON.stringify(value)}`
  return invalidArgument(message, [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description: message }] },
  ])
}

function nested(row: number, column: number, value: unknown): Error {
  return invalidArgument(
    `Invalid values[${row}][${column}]: ${Array.isArray(value) ? 'list_value' : 'struct_value'} ${JSON.stringify(value)}`,
  )
}

/** A column that is shorter than others leaves its cells alone. */
function transpose(columns: readonly (readonly Typed[])[]): readonly (readonly Typed[])[] {
  const height = columns.reduce((most, column) => Math.max(most, column.length), 0)
  return Array.from({ length: height }, (_, row) => columns.map((column) => column[row] ?? null))
}

export function requireInputOption(option: string | null | undefined): 'RAW' | 'USER_ENTERED' {
  if (option === 'RAW' || option === 'USER_ENTERED') return option
  throw invalidArgument("'valueInputOption' is required but not specified")
}
