/** The types of the columns that a file is loaded into, where a type of the warehouse would hold less than its values: then they are read once before. */
import { readRecords } from '../materializations/copy-records.ts'
import type { SeedColumn } from '../materializations/seed.ts'
import type { Dialect } from '../dialects/dialect.ts'

export interface WrittenRows {
  readonly columns: readonly SeedColumn[]
  readonly delimiter: string
  readonly copyRows: () => AsyncIterable<Uint8Array>
}

export async function fitColumns(written: WrittenRows, dialect: Dialect): Promise<readonly SeedColumn[]> {
  const { columns } = written
  const fit = (scales: readonly number[]): readonly SeedColumn[] =>
    columns.map(({ name, type }, k) => ({ name, type: dialect.loadedType(type, { scale: scales[k] ?? 0 }) }))
  const depends = columns.map(({ type }) => dialect.loadedType(type, { scale: 1 }) !== dialect.loadedType(type, { scale: 0 }))
  return fit(depends.includes(true) ? await readScales(written, depends) : [])
}

async function readScales({ columns, delimiter, copyRows }: WrittenRows, wanted: readonly boolean[]): Promise<readonly number[]> {
  const scales = columns.map(() => 0)
  const asked = [...wanted.keys()].filter((k) => wanted[k])
  for await (const records of readRecords(copyRows(), delimiter)) {
    for (const { values } of records) {
      for (const k of asked) scales[k] = Math.max(scales[k]!, scaleOf(values[k] ?? ''))
    }
  }
  return scales
}

function scaleOf(value: string): number {
  return /^\s*[-+]?\d*\.(\d+)\s*$/.exec(value)?.[1]?.length ?? 0
}
