/**
 * One pass over the bytes of a CSV file below its header: records, mistakes, and what the types of the columns could be. No string and
 * no object is made per row. What COPY would read otherwise than RFC 4180 does is edited on the way: null values, blank lines, `\r\n`,
 * a line that holds `\.` alone; all other bytes pass as they are.
 *
 * Invariant: what was consumed plus what is given again is the file; every offset in a mistake counts bytes from the file's start.
 */
import { anyType, typesOfField } from './csv-values.ts'

export type CsvMistake =
  /** `offset`: the record's first byte. */
  | { readonly kind: 'width'; readonly offset: number; readonly fields: number }
  /** A quote inside a field that does not begin with one. */
  | { readonly kind: 'stray-quote'; readonly offset: number }
  /** Characters between a closing quote and the delimiter. */
  | { readonly kind: 'after-quote'; readonly offset: number }
  /** `offset`: the quote that opens. */
  | { readonly kind: 'unclosed-quote'; readonly offset: number }
  | { readonly kind: 'not-utf8'; readonly offset: number; readonly byte: number }
  | { readonly kind: 'nul'; readonly offset: number }

export interface CsvScannerOptions {
  /** One byte. */
  readonly delimiter: number
  /** By column, whether its type is asked for. */
  readonly inferred: readonly boolean[]
  /** Unquoted fields that read as NULL. */
  readonly nullValues: readonly Uint8Array[]
  /** Where in the file the first byte stands. */
  readonly offset: number
}

export interface CsvScanner {
  /** Scans the next bytes; `last` says that nothing follows. What is not finished comes back with the next ones. */
  readonly push: (bytes: Uint8Array, last: boolean) => ScannedPiece
  readonly mistakes: readonly CsvMistake[]
  /** For `typeOfSet`, by column. */
  readonly types: Int32Array
}

const quote = 34
const lineFeed = 10
const carriageReturn = 13
const noBytes = new Uint8Array(0)
const newLine = Uint8Array.of(lineFeed)
const quotedEndMark = Uint8Array.of(quote, 92, 46, quote)
/** A field that is longer than this and not yet at its end is text: it is not kept for a second look. */
const longest = 65_536
const mostMistakes = 20

/** What was consumed: bytes of the file from `offset` on, of which COPY is sent `editedBytes`. Gone with the next `push`. */
export interface ScannedPiece {
  readonly offset: number
  readonly bytes: Uint8Array
  /** In order, none overlapping. */
  readonly edits: readonly Edit[]
}

/** `bytes[from, to)` is replaced. */
interface Edit {
  readonly from: number
  readonly to: number
  readonly by: Uint8Array
}

export function createCsvScanner({ delimiter, inferred, nullValues, offset }: CsvScannerOptions): CsvScanner {
  const mistakes: CsvMistake[] = []
  const width = inferred.length
  const endings = new Uint8Array(256)
  for (const byte of [delimiter, lineFeed, quote, carriageReturn]) endings[byte] = 1
  const types = Int32Array.from(inferred, (asked) => (asked ? anyType : 0))
  let base = offset
  let rest: Uint8Array = noBytes
  let memory: Uint8Array = noBytes
  let column = 0
  let recordStart = offset
  let openedAt = 0
  /** The end of a field that began in an earlier piece and was too long to keep. */
  let within: 'nothing' | 'quoted' | 'unquoted' = 'nothing'
  /** After a mistake, the rest of the line says nothing. */
  let skipping = false

  function push(piece: Uint8Array, last: boolean): ScannedPiece {
    const bytes = join(piece)
    const edits: Edit[] = []
    const consumed = scan(bytes, last, edits)
    rest = consumed === bytes.length ? noBytes : new Uint8Array(bytes.subarray(consumed))
    const scanned = { offset: base, bytes: bytes.subarray(0, consumed), edits }
    base += consumed
    return scanned
  }

  /** What is left of the piece before, and this one, in one memory that is used again and again. */
  function join(piece: Uint8Array): Uint8Array {
    if (rest.length === 0) return piece
    const size = rest.length + piece.length
    if (size > memory.length) memory = Buffer.allocUnsafeSlow(size + longest)
    memory.set(rest)
    memory.set(piece, rest.length)
    return memory.subarray(0, size)
  }

  /** Returns how much was consumed: all, but for an unfinished field. */
  function scan(bytes: Uint8Array, last: boolean, edits: Edit[]): number {
    let at = 0
    while (at < bytes.length || endsInField(last)) {
      if (mistakes.length >= mostMistakes) return bytes.length
      if (!skipping && within === 'nothing') at = scanPlainFields(bytes, at)
      if (at === bytes.length && !endsInField(last)) break
      const next = skipping ? skipLine(bytes, at, last) : scanField(bytes, at, last, edits)
      if (next < 0) return ~next
      at = next
    }
    return bytes.length
  }

  /** The file ends after a delimiter, or with a long field: one more field is to be closed. */
  function endsInField(last: boolean): boolean {
    return last && (column > 0 || within !== 'nothing')
  }

  /**
   * Fields that say the same to COPY: neither quoted nor NULL by a word, ended by a delimiter or by the line feed of a whole record. They are
   * nearly all of nearly every file, so nothing is called or made for one whose type is known to be text. Returns where the first other begins.
   */
  function scanPlainFields(bytes: Uint8Array, from: number): number {
    const end = bytes.length
    const asked = types
    const ending = endings
    let start = from
    let k = column
    for (let at = from; at < end; at++) {
      const byte = bytes[at]!
      if (ending[byte] === 0) continue
      const ends = byte === delimiter ? k + 1 < width : byte === lineFeed && k + 1 === width && (at > start || k > 0)
      if (!ends || (nullValues.length > 0 && isNull(bytes, start, at)) || (width === 1 && isEndMark(bytes, start, at))) break
      const known = asked[k]!
      if (known !== 0 && at > start) asked[k] = known & typesOfField(bytes, start, at)
      start = at + 1
      if (byte === delimiter) k++
      else {
        k = 0
        recordStart = base + start
      }
    }
    column = k
    return start
  }

  /** Returns where the next field begins; `~consumed` where the next piece is needed. */
  function scanField(bytes: Uint8Array, at: number, last: boolean, edits: Edit[]): number {
    const end = bytes.length
    const resumed = within !== 'nothing'
    const quoted = resumed ? within === 'quoted' : bytes[at] === quote
    const start = quoted && !resumed ? at + 1 : at
    if (quoted && !resumed) openedAt = base + at
    const valueEnd = quoted ? closingQuote(bytes, start, last) : fieldEnd(bytes, start, delimiter)
    if (valueEnd >= end && !last) return keep(bytes, at, quoted, quoted ? end - (quotesAtEnd(bytes, start) % 2) : end)
    if (valueEnd >= end && quoted) {
      mistakes.push({ kind: 'unclosed-quote', offset: openedAt })
      return ~end
    }
    const after = quoted ? valueEnd + 1 : valueEnd
    const byte = bytes[after]
    if (byte === carriageReturn && after + 1 === end && !last) return keep(bytes, at, quoted, valueEnd)
    within = 'nothing'
    if (byte === undefined || byte === delimiter || byte === lineFeed || byte === carriageReturn) {
      const blank = valueEnd === at && !resumed && column === 0 && width > 1 && byte !== delimiter
      if (!blank && (resumed || quoted || valueEnd > start)) noteField(bytes, start, valueEnd, { quoted, resumed }, edits)
      return byte === delimiter ? nextField(after) : endRecord(bytes, { at, valueEnd, after, blank, opaque: quoted || resumed }, edits)
    }
    mistakes.push({ kind: quoted ? 'after-quote' : 'stray-quote', offset: base + after })
    skipping = true
    return after
  }

  function nextField(delimiterAt: number): number {
    column++
    return delimiterAt + 1
  }

  function endRecord(
    bytes: Uint8Array,
    { at, valueEnd, after, blank, opaque }: { at: number; valueEnd: number; after: number; blank: boolean; opaque: boolean },
    edits: Edit[],
  ): number {
    const next = Math.min(bytes.length, bytes[after] === carriageReturn && bytes[after + 1] === lineFeed ? after + 2 : after + 1)
    if (blank) edits.push({ from: at, to: next, by: noBytes })
    else {
      if (column + 1 !== width) mistakes.push({ kind: 'width', offset: recordStart, fields: column + 1 })
      if (!opaque && column === 0 && isEndMark(bytes, at, valueEnd) && edits.at(-1)?.from !== at) {
        edits.push({ from: at, to: valueEnd, by: quotedEndMark })
      }
      if (bytes[after] === carriageReturn) edits.push({ from: after, to: next, by: newLine })
    }
    return startRecord(next)
  }

  function startRecord(at: number): number {
    recordStart = base + at
    column = 0
    skipping = false
    return at
  }

  function skipLine(bytes: Uint8Array, from: number, last: boolean): number {
    const at = lineEnd(bytes, from)
    if (at >= bytes.length) {
      if (last) startRecord(at)
      return ~at
    }
    return startRecord(bytes[at] === carriageReturn && bytes[at + 1] === lineFeed ? at + 2 : at + 1)
  }

  /** Keeps an unfinished field for the next piece, or goes on without its beginning when that is long. */
  function keep(bytes: Uint8Array, start: number, quoted: boolean, until: number): number {
    if (bytes.length - start < longest) return ~start
    if (column < width) types[column] = 0
    within = quoted ? 'quoted' : 'unquoted'
    return ~until
  }

  function noteField(
    bytes: Uint8Array,
    start: number,
    end: number,
    { quoted, resumed }: { quoted: boolean; resumed: boolean },
    edits: Edit[],
  ): void {
    if (nullValues.length > 0 && !quoted && !resumed && isNull(bytes, start, end)) {
      edits.push({ from: start, to: end, by: noBytes })
      return
    }
    const known = types[column]
    if (known !== undefined && known !== 0) types[column] = known & (resumed ? 0 : typesOfField(bytes, start, end))
  }

  function isNull(bytes: Uint8Array, start: number, end: number): boolean {
    for (const value of nullValues) {
      if (value.length === end - start && value.every((byte, k) => byte === bytes[start + k])) return true
    }
    return false
  }

  return { push, mistakes, types }
}

/** The first delimiter, line break or quote. */
function fieldEnd(bytes: Uint8Array, from: number, delimiter: number): number {
  const end = bytes.length
  let at = from
  for (; at < end; at++) {
    const byte = bytes[at]!
    if (byte === delimiter || byte === lineFeed || byte === quote || byte === carriageReturn) break
  }
  return at
}

function lineEnd(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && bytes[at] !== lineFeed && bytes[at] !== carriageReturn) at++
  return at
}

/** The quote that closes, from inside; the end of the bytes where there is none, or where the next piece must tell. */
function closingQuote(bytes: Uint8Array, from: number, last: boolean): number {
  const end = bytes.length
  let at = from
  for (; at < end; at++) {
    if (bytes[at] !== quote) continue
    if (at + 1 === end) return last ? at : end
    if (bytes[at + 1] !== quote) return at
    at++
  }
  return end
}

/** An odd number of quotes at the end leaves one whose meaning the next piece decides. */
function quotesAtEnd(bytes: Uint8Array, from: number): number {
  let at = bytes.length
  while (at > from && bytes[at - 1] === quote) at--
  return bytes.length - at
}

/** `\.`, which servers before Postgres 18 take for the end of the data when it stands alone on a line. */
function isEndMark(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 2 && bytes[start] === 92 && bytes[start + 1] === 46
}

/** In memory of its own. */
export function editedBytes({ bytes, edits }: ScannedPiece): Uint8Array {
  if (edits.length === 0) return new Uint8Array(bytes)
  const result = new Uint8Array(edits.reduce((size, { from, to, by }) => size + by.length - (to - from), bytes.length))
  let read = 0
  let written = 0
  for (const { from, to, by } of edits) {
    result.set(bytes.subarray(read, from), written)
    written += from - read
    result.set(by, written)
    written += by.length
    read = to
  }
  result.set(bytes.subarray(read), written)
  return result
}
