/**
 * The one way a project's text enters: strict UTF-8, a byte order mark removed, CRLF turned into LF. Every Span counts in
 * the text that is returned here, so that line and column are those an editor shows.
 */
import { readFileSync } from 'node:fs'
import { isUtf8 } from 'node:buffer'
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'

export type SourceFile =
  | { readonly ok: true; readonly file: string; readonly text: string }
  | { readonly ok: false; readonly file: string; readonly text: string; readonly diagnostic: Diagnostic }

/** `file` is relative to `root`, with forward slashes. A file that is not UTF-8 still has text, bad bytes as U+FFFD, for frames. */
export function readSourceFile(root: string, file: string): SourceFile {
  const path = `${root}/${file}`
  try {
    const text = normalize(readFileSync(path, 'utf8'))
    const nul = text.indexOf('\0')
    if (nul !== -1) return { ok: false, file, text, diagnostic: nulCharacter(file, nul) }
    const bytes = text.includes(replacement) ? readFileSync(path) : undefined
    if (!bytes || isUtf8(bytes)) return { ok: true, file, text }
    return { ok: false, file, text, diagnostic: badBytes(file, bytes) }
  } catch (cause) {
    return { ok: false, file, text: '', diagnostic: unreadable(file, cause) }
  }
}

/** What decoding puts where bytes are no UTF-8. Reading as text is the fast path: only its presence asks for the bytes. */
const replacement = '\uFFFD'

function normalize(decoded: string): string {
  const text = decoded.charCodeAt(0) === 0xfeff ? decoded.slice(1) : decoded
  return text.includes('\r') ? text.replaceAll('\r\n', '\n') : text
}

function unreadable(file: string, cause: unknown): Diagnostic {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
  return errorDiagnostic('unreadable-file', `\`${file}\` cannot be read (${code}).`, {
    at: { file, start: 0, end: 0 },
    hint: 'Check that the file exists and that you may read it.',
  })
}

/** Neither YAML nor SQL can hold one; it mostly tells that a file is no text, or is UTF-16. */
function nulCharacter(file: string, start: number): Diagnostic {
  return errorDiagnostic('nul-character', `\`${file}\` holds a NUL character.`, {
    at: { file, start, end: start + 1 },
    hint: 'Remove it, or save the file as UTF-8 text if it is in another encoding.',
  })
}

function badBytes(file: string, bytes: Buffer): Diagnostic {
  const offset = firstBadByte(bytes)
  const before = normalize(bytes.subarray(0, offset).toString('utf8'))
  const line = before.split('\n').length
  const byte = bytes[offset]!.toString(16).padStart(2, '0').toUpperCase()
  return errorDiagnostic('not-utf8', `\`${file}\` is not UTF-8: byte 0x${byte} at offset ${offset}, on line ${line}.`, {
    at: { file, start: before.length, end: before.length + 1 },
    hint: 'Save the file as UTF-8; `iconv -f windows-1252 -t utf-8` converts what Excel writes.',
  })
}

/** Offset of the first byte that begins no valid sequence. */
function firstBadByte(bytes: Buffer): number {
  let low = 0
  let high = bytes.length
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (isUtf8(bytes.subarray(0, wholeSequences(bytes, middle)))) low = middle
    else high = middle - 1
  }
  return wholeSequences(bytes, low)
}

/** The largest offset up to `end` that does not stand inside a sequence. */
function wholeSequences(bytes: Buffer, end: number): number {
  for (let back = 1; back <= 3 && end - back >= 0; back++) {
    const byte = bytes[end - back]!
    if (byte < 0x80) return end
    if (byte >= 0xc0) return back < sequenceLength(byte) ? end - back : end
  }
  return end
}

function sequenceLength(lead: number): number {
  if (lead >= 0xf0) return 4
  return lead >= 0xe0 ? 3 : 2
}
