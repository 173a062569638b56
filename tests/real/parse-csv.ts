/** CSV to records, written apart from the tool's own reader, so that the two check each other. NULL and the empty text are both ''. */
export function parseCsv(text: string): readonly Readonly<Record<string, string>>[] {
  const [header = [], ...rows] = parseRows(text)
  return rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? ''])))
}

const field = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/g

function parseRows(text: string): readonly (readonly string[])[] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [whole, raw = '', end] of text.matchAll(field)) {
    if (whole === '' && row.length === 0) break
    row.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw)
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}
