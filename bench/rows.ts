/** A million supporters, as CSV and as SQL that makes them. */
import { createWriteStream } from 'node:fs'
import { once } from 'node:events'

export const million = 1_000_000

/** The columns with their types, as `create table` takes them. */
export const supporterColumns: Readonly<Record<string, string>> = {
  supporter_id: 'integer',
  first_name: 'text',
  state: 'text',
  pledged: 'numeric',
  joined_on: 'date',
  opted_out: 'boolean',
}

/** `count` rows with the columns above, computed by Postgres. */
export function supportersSql(count: number): string {
  return `select n::integer as supporter_id, 'Supporter ' || n as first_name, (array['PA', 'GA', 'MI'])[1 + n % 3] as state,
  (n % 997) / 4.0 as pledged, date '2020-01-01' + (n % 2000)::integer as joined_on, n % 17 = 0 as opted_out
from generate_series(1, ${count}) as n`
}

export async function writeSupporters(file: string, count: number): Promise<void> {
  const stream = createWriteStream(file)
  stream.write(`${Object.keys(supporterColumns).join(',')}\n`)
  for (let from = 1; from <= count; from += 10_000) {
    const lines = Array.from({ length: Math.min(10_000, count - from + 1) }, (_, index) => lineOf(from + index))
    if (!stream.write(lines.join(''))) await once(stream, 'drain')
  }
  stream.end()
  await once(stream, 'finish')
}

function lineOf(n: number): string {
  const joined = new Date(Date.UTC(2020, 0, 1 + (n % 2000))).toISOString().slice(0, 10)
  return `${n},Supporter ${n},${['PA', 'GA', 'MI'][n % 3]},${(n % 997) / 4},${joined},${n % 17 === 0}\n`
}
