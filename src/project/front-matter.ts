/**
 * A `.sql` file is front matter (YAML in a leading block comment, so that the file stays SQL) and a body. Pure.
 */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { SqlSource } from '../core/span.ts'

export interface SplitFile {
  readonly body: SqlSource
  readonly yaml?: { readonly text: string; readonly start: number }
  readonly diagnostic?: Diagnostic
}

const opening = /^\s*\/\*[ \t]*---[ \t]*(?:\n|$)/
const closing = /^[ \t]*---[ \t]*\*\//m

/** All on one line: `/*--- materialized: table ---*\/`. */
const onOneLine = /^(\s*\/\*---[ \t]+)(\{.*\}|[\w.]+[ \t]*:[ \t].*?)[ \t]*---\*\/[ \t]*\n?/

export function splitFrontMatter(file: string, text: string): SplitFile {
  const line = onOneLine.exec(text)
  if (line) return { body: bodyFrom(file, text, line[0].length), yaml: { text: line[2]!, start: line[1]!.length } }
  const open = opening.exec(text)
  if (!open) return { body: bodyFrom(file, text, 0), ...(dashesAlone(file, text) ?? belowOther(file, text)) }
  const start = open[0].length
  const rest = text.slice(start)
  const close = closing.exec(rest)
  if (!close) return { body: bodyFrom(file, text, text.length), diagnostic: notClosed(file, text, open[0].indexOf('/*')) }
  const after = start + close.index + close[0].length
  return { body: bodyFrom(file, text, text[after] === '\n' ? after + 1 : after), yaml: { text: rest.slice(0, close.index), start } }
}

function bodyFrom(file: string, text: string, offset: number): SqlSource {
  return { file, text: text.slice(offset), segments: [{ text: 0, file: offset }] }
}

function notClosed(file: string, text: string, start: number): Diagnostic {
  const comment = text.indexOf('*/', start)
  return errorDiagnostic('front-matter-not-closed', 'The front matter that begins here is not closed.', {
    at: { file, start, end: text.indexOf('---', start) + 3 },
    hint: 'Front matter ends with a line `---*/`.',
    related: comment === -1 ? [] : [{ message: 'The comment ends here, without `---`.', at: { file, start: comment, end: comment + 2 } }],
  })
}

type Misplaced = Pick<SplitFile, 'diagnostic'> | undefined

function dashesAlone(file: string, text: string): Misplaced {
  const found = /^\s*---[ \t]*\n/.exec(text)
  if (!found || !/^---[ \t]*$/m.test(text.slice(found[0].length))) return undefined
  const start = text.indexOf('---')
  return {
    diagnostic: errorDiagnostic('front-matter-comment', 'Front matter stands in a block comment here, so that the file stays SQL.', {
      at: { file, start, end: start + 3 },
      hint: 'Write `/*---` instead of the first `---`, and `---*/` instead of the second.',
    }),
  }
}

const openingBelow = /^[ \t]*\/\*[ \t]*---[ \t]*$/m

/** What looks like front matter, below something else: without a word, its settings would be those of nobody. */
function belowOther(file: string, text: string): Misplaced {
  if (!text.includes('---')) return undefined
  const open = openingBelow.exec(text)
  if (!open || !closing.test(text.slice(open.index + open[0].length))) return undefined
  const start = text.indexOf('/*', open.index)
  return {
    diagnostic: errorDiagnostic('front-matter-below', 'Front matter stands at the head of a file, and something stands before this.', {
      at: { file, start, end: open.index + open[0].trimEnd().length },
      hint: 'Move it to the first line; comments can stand below it.',
    }),
  }
}
