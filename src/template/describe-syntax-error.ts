/** Says in words of the author what Handlebars' parser could not read, and where. Runs for mistakes alone. */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { toSpan, type SqlSource } from '../core/span.ts'
import { blockPart } from './block-tags.ts'
import type { Place } from './handlebars-tree.ts'
import type { Tag } from './scan-tags.ts'

export interface SyntaxFailure {
  readonly message: string
  readonly at: Place
}

interface SyntaxMistake {
  readonly diagnostic: Diagnostic
  /** What to leave out so that the rest can be read; absent where no tag is to blame. */
  readonly tag?: Tag
  /** Blocks do not match: which tags belong together is not known. */
  readonly inBlocks: boolean
}

export function describeSyntaxError(source: SqlSource, tags: readonly Tag[], failure: SyntaxFailure): SyntaxMistake {
  const openTag = tags.find((tag) => !tag.closed)
  if (openTag && openTag.start <= failure.at.start) return mistakeAt(describeOpenTag(source, openTag), openTag)
  const tag = findTagAt(source, tags, failure)
  const unreadable = tag && mistakeAt(describeTag(source, tag, failure), tag)
  const blocks = describeBlocks(source, tags)
  const mismatch = blocks && { diagnostic: blocks, inBlocks: true }
  const isInTag = /^Parse error|^Lexical/.test(failure.message) && !failure.message.includes("got 'EOF'")
  const [first, second] = isInTag ? [unreadable, mismatch] : [mismatch, unreadable]
  return first ?? second ?? { diagnostic: fallback(source, failure), inBlocks: false }
}

function mistakeAt(diagnostic: Diagnostic, tag: Tag): SyntaxMistake {
  return { diagnostic, tag, inBlocks: false }
}

function describeOpenTag(source: SqlSource, tag: Tag): Diagnostic {
  if (looksLikeBraces(source, tag)) return describeBraces(source, tag)
  const [opening] = /^\{{2,4}/.exec(source.text.slice(tag.start, tag.start + 4)) ?? ['{{']
  const at = toSpan(source, tag.start, tag.start + opening.length)
  const message = `The tag that begins here is never closed: \`${'}'.repeat(opening.length)}\` ends it.`
  return errorDiagnostic('bad-template', message, { at, hint: 'If the braces are SQL, write `\\{{` for `{{`.' })
}

/** The tag that the parser stopped in, unless it is one that opens or closes a block rightly. */
function findTagAt(source: SqlSource, tags: readonly Tag[], { at }: SyntaxFailure): Tag | undefined {
  const tag = tags.find((one) => one.start <= at.start && at.start < one.end) ?? tags.findLast((one) => one.end <= at.start)
  return tag === undefined || (blockPart(source, tag) !== undefined && !isInside(tag, at)) ? undefined : tag
}

function isInside(tag: Tag, at: Place): boolean {
  return at.start > tag.start && at.start < tag.end
}

function describeTag(source: SqlSource, tag: Tag, { at }: SyntaxFailure): Diagnostic {
  if (looksLikeBraces(source, tag)) return describeBraces(source, tag)
  const raw = /^\{\{\{\{\s*([^\s{}]+)/.exec(source.text.slice(tag.start, tag.end))
  if (raw) return atTag(source, tag, `\`${written(source, tag)}\` is never closed.`, `Close it with {{{{/${raw[1]}}}}}.`)
  const place = isInside(tag, at) ? unexpectedAt(source, at) : tag
  const wrong = shorten(source.text.slice(place.start, place.end))
  const message = `\`${shorten(source.text.slice(tag.start, tag.end))}\` cannot be read: \`${wrong}\` is not expected there.`
  const hint = hintFor(source, tag)
  return errorDiagnostic('bad-template', message, { at: toSpan(source, place.start, place.end), hint })
}

function hintFor({ text }: SqlSource, tag: Tag): string {
  const operator = /\s(==|!=|<=|>=|<>|<|>|&&|\|\|)\s/.exec(text.slice(tag.start, tag.end))?.[1]
  const word = operator === undefined ? undefined : wordsOfOperators[operator]
  if (word !== undefined) return `There are no operators: write (${word} a b).`
  if (tag.inString) return 'If the braces are SQL, write `\\{{` for `{{`.'
  return 'A tag is {{name}} or {{name argument key=value}}; a call in an argument stands in parentheses.'
}

const wordsOfOperators: Readonly<Record<string, string>> = {
  '==': 'eq',
  '!=': 'ne',
  '<>': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  '&&': 'and',
  '||': 'or',
}

/** The lexer gives up at a word that is followed by what no word may be: that is what is wrong. */
function unexpectedAt({ text }: SqlSource, { start, end }: Place): Place {
  const word = /[\w.-]+(?=[^\s\w=})|./~-])/y
  word.lastIndex = start
  if (word.test(text)) return { start: word.lastIndex, end: word.lastIndex + 1 }
  return { start, end: Math.max(end, start + 1) }
}

/** Braces as arrays and JSON have them: a number, a quote or nothing first, or a comma or colon after the first word. */
function looksLikeBraces(source: SqlSource, tag: Tag): boolean {
  return /^\{\{+\s*(?:[}"'\d+,:-]|\w+\s*[,:]|\w+\}[^}])/.test(source.text.slice(tag.start, tag.end + 1))
}

function describeBraces(source: SqlSource, tag: Tag): Diagnostic {
  const where = tag.inString ? 'in an SQL string ' : ''
  const message = `\`{{\` ${where}begins a template tag, and \`${shorten(source.text.slice(tag.start, tag.end))}\` is none.`
  return errorDiagnostic('braces-in-sql', message, {
    at: toSpan(source, tag.start, Math.min(tag.end, tag.start + 40)),
    hint: 'Write `\\{{` for two braces that are SQL.',
  })
}

/** Blocks that close in the wrong order, never, or twice. */
function describeBlocks(source: SqlSource, tags: readonly Tag[]): Diagnostic | undefined {
  const open: { readonly tag: Tag; readonly name: string }[] = []
  for (const tag of tags) {
    const part = blockPart(source, tag)
    if (part?.kind === 'open') open.push({ tag, name: part.name })
    else if (part?.kind === 'else' && open.length === 0) return atTag(source, tag, `\`${written(source, tag)}\` stands in no block.`)
    else if (part?.kind === 'close') {
      const opening = open.pop()
      if (opening === undefined) return atTag(source, tag, `\`${written(source, tag)}\` closes no block.`)
      if (opening.name !== part.name) return describeMismatch(source, opening, tag)
    }
  }
  const last = open.pop()
  return last && atTag(source, last.tag, `\`${written(source, last.tag)}\` is never closed.`, `Close it with {{/${last.name}}}.`)
}

function describeMismatch(source: SqlSource, opening: { readonly tag: Tag; readonly name: string }, close: Tag): Diagnostic {
  const message = `\`${written(source, close)}\` cannot close \`${written(source, opening.tag)}\`, the block that is open here.`
  const related = [{ message: `\`${written(source, opening.tag)}\` opens here.`, at: toSpan(source, opening.tag.start, opening.tag.end) }]
  return errorDiagnostic('bad-template', message, {
    at: toSpan(source, close.start, close.end),
    hint: `Write {{/${opening.name}}}.`,
    related,
  })
}

function fallback(source: SqlSource, { at, message }: SyntaxFailure): Diagnostic {
  const [first = ''] = message.replace(/ - undefined:undefined$/, '').split('\n')
  const sentence = /^Parse error|^Lexical/.test(first) ? 'The template cannot be read here.' : `The template cannot be read here: ${first}.`
  return errorDiagnostic('bad-template', sentence, { at: toSpan(source, at.start, Math.max(at.end, at.start)) })
}

function atTag(source: SqlSource, tag: Tag, message: string, hint?: string): Diagnostic {
  return errorDiagnostic('bad-template', message, { at: toSpan(source, tag.start, tag.end), hint })
}

function written(source: SqlSource, tag: Tag): string {
  return shorten(source.text.slice(tag.start, tag.end))
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 40 ? `${line.slice(0, 39)}…` : line
}
