/**
 * The records of what is written for COPY to read (`seedBytes`), for a warehouse that has no COPY: an unquoted empty field is NULL, lines end in line feeds
 * alone. What comes in was checked, so nothing in it is a mistake.
 */

export interface CopyRecord {
  /** From 1, as COPY counts: every line feed, also one inside quotes. */
  readonly line: number
  readonly values: readonly (string | null)[]
}

/**
 * For each piece the records that it completes. They are made one by one, as they are asked for, and none is kept: all of a piece has to be read
 * before the next.
 */
export async function* readRecords(bytes: AsyncIterable<Uint8Array>, delimiter: string): AsyncGenerator<Iterable<CopyRecord>, void> {
  const decoder = new TextDecoder('utf8', { ignoreBOM: true })
  const reader = createReader(delimiter)
  for await (const piece of bytes) yield reader.read(decoder.decode(piece, { stream: true }))
  yield reader.end()
}

interface Reader {
  readonly read: (text: string) => Iterable<CopyRecord>
  readonly end: () => Iterable<CopyRecord>
}

function createReader(delimiter: string): Reader {
  /** `quote`: behind a quote inside quotes, which the next character tells to be the last one or half of a doubled one. */
  let state: 'start' | 'plain' | 'quoted' | 'quote' = 'start'
  let field = ''
  let line = 1
  let recordLine = 1
  let values: (string | null)[] = []
  let complete: CopyRecord | undefined

  function endField(): void {
    values.push(field === '' && state !== 'quote' ? null : field)
    field = ''
    state = 'start'
  }

  function endRecord(): void {
    endField()
    complete = { line: recordLine, values }
    values = []
    recordLine = line
  }

  /** Up to the quote that may close. */
  function readQuoted(text: string, at: number): number {
    const found = text.indexOf('"', at)
    const end = found === -1 ? text.length : found
    const part = text.slice(at, end)
    for (let feed = part.indexOf('\n'); feed !== -1; feed = part.indexOf('\n', feed + 1)) line++
    field = field === '' ? part : field + part
    if (found === -1) return end
    state = 'quote'
    return end + 1
  }

  /** Up to the delimiter or line feed, and past it. */
  function readPlain(text: string, at: number): number {
    let end = at
    while (end < text.length && text[end] !== delimiter && text[end] !== '\n') end++
    if (end > at) {
      field = field === '' ? text.slice(at, end) : field + text.slice(at, end)
      state = 'plain'
    }
    if (end === text.length) return end
    if (text[end] === delimiter) endField()
    else {
      line++
      endRecord()
    }
    return end + 1
  }

  function step(text: string, at: number): number {
    if (state === 'quoted') return readQuoted(text, at)
    if (text[at] !== '"') return state === 'quote' ? endQuoted(text, at) : readPlain(text, at)
    if (state === 'quote') field += '"'
    state = 'quoted'
    return at + 1
  }

  /** A delimiter or a line feed follows a closed quote. */
  function endQuoted(text: string, at: number): number {
    if (text[at] === delimiter) endField()
    else {
      line++
      endRecord()
    }
    return at + 1
  }

  function* read(text: string): Generator<CopyRecord, void> {
    for (let at = 0; at < text.length;) {
      at = step(text, at)
      if (complete === undefined) continue
      yield complete
      complete = undefined
    }
  }

  function end(): readonly CopyRecord[] {
    if (state === 'start' && values.length === 0) return []
    endRecord()
    return complete === undefined ? [] : [complete]
  }

  return { read, end }
}
