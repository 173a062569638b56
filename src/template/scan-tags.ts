/**
 * Reads a template as SQL before Handlebars reads it: SQL comments lose their tags (each `{` in them gives way to a
 * placeholder of the same length, so that no offset moves), and every tag is found, with the SQL around it.
 *
 * A tag is skipped as a whole, so that quotes and dashes in it mean nothing to SQL; a tag in a string is a tag.
 */
import { dollarTagAt, endOfBlockComment, endOfLine, isWordPart } from '../dialects/sql-lexer.ts'

export interface ScannedTemplate {
  /** For Handlebars' parser; as long as the text. */
  readonly masked: string
  /** `{{...}}` and what Jinja would read as one, in order. */
  readonly tags: readonly Tag[]
}

export interface Tag {
  /** `{{`, or Jinja's `{%` and `{#`. */
  readonly kind: 'handlebars' | 'jinja-statement' | 'jinja-comment'
  readonly start: number
  readonly end: number
  /** False when the text ends first. */
  readonly closed: boolean
  /** Stands in an SQL string or a dollar-quoted one. */
  readonly inString: boolean
}

/** Neither white space nor anything that Handlebars reads. */
export const placeholder = '\u0001'

export function scanTags(text: string): ScannedTemplate {
  const tags: Tag[] = []
  let masked = ''
  let copied = 0
  let quote = ''
  let at = 0
  const skipComment = (end: number): void => {
    const comment = text.slice(at, end)
    if (comment.includes('{{')) {
      masked += text.slice(copied, at) + comment.replaceAll('{', placeholder)
      copied = end
    }
    at = end
  }
  while (at < text.length) {
    const character = text.charAt(at)
    if (character === '{') {
      const tag = tagAt(text, at, quote !== '' && quote !== '"')
      if (tag !== undefined) tags.push(tag)
      at = tag === undefined ? afterBraces(text, at) : endOfContents(text, tag)
    } else if (quote === 'e' && text.startsWith("''", at)) at += 2
    else if (quote !== '') {
      const end = closingQuote(text, at, quote)
      if (end === -1) at += quote === 'e' && character === '\\' && text.charAt(at + 1) !== '{' ? 2 : 1
      else {
        at = end
        quote = ''
      }
    } else if (character === '-' && text.charAt(at + 1) === '-') skipComment(endOfLine(text, at))
    else if (character === '/' && text.charAt(at + 1) === '*') {
      const end = endOfBlockComment(text, at)
      skipComment(end === -1 ? text.length : end)
    } else {
      quote = openingQuote(text, at)
      at += Math.max(1, quote.startsWith('$') ? quote.length : 1)
    }
  }
  return { masked: masked + text.slice(copied), tags }
}

/** `'`, `e` for an escape string, `"`, `$tag$`, or nothing. */
function openingQuote(text: string, at: number): string {
  const character = text.charAt(at)
  if (character === '"') return '"'
  if (character === "'") return isEscapePrefix(text, at - 1) ? 'e' : "'"
  if (character === '$' && !isWordPart(text.charCodeAt(at - 1))) return dollarTagAt(text, at) ?? ''
  return ''
}

function isEscapePrefix(text: string, at: number): boolean {
  return (text.charAt(at) === 'e' || text.charAt(at) === 'E') && !isWordPart(text.charCodeAt(at - 1))
}

/** Past the closing quote when it stands at `at`; a doubled quote closes and opens again, which comes to the same but in escape strings. */
function closingQuote(text: string, at: number, quote: string): number {
  const close = quote === 'e' ? "'" : quote
  return text.startsWith(close, at) ? at + close.length : -1
}

function tagAt(text: string, start: number, inString: boolean): Tag | undefined {
  const next = text.charAt(start + 1)
  if (next === '{') {
    if (isEscaped(text, start)) return undefined
    const end = endOfTag(text, start)
    return { kind: 'handlebars', start, end: end === -1 ? text.length : end, closed: end !== -1, inString }
  }
  if (next === '%' && (!inString || jinjaKeyword.test(text.slice(start, start + 40)))) return jinjaTag(text, start, '%}', inString)
  if (next === '#' && !inString) return jinjaTag(text, start, '#}', inString)
  return undefined
}

const jinjaKeyword = /^\{%-?\s*(?:if|elif|else|endif|for|endfor|set|endset|macro|endmacro|do|call|raw)\b/

function jinjaTag(text: string, start: number, close: string, inString: boolean): Tag {
  const at = text.indexOf(close, start + 2)
  const kind = close === '%}' ? 'jinja-statement' : 'jinja-comment'
  return { kind, start, end: at === -1 ? endOfLine(text, start) : at + 2, closed: at !== -1, inString }
}

/** Handlebars' escapes: `\{{` prints two braces, `\\{{` a backslash and a tag. */
function isEscaped(text: string, start: number): boolean {
  return text.charAt(start - 1) === '\\' && text.charAt(start - 2) !== '\\'
}

function afterBraces(text: string, at: number): number {
  let end = at + 1
  if (text.charAt(end) === '{') while (text.charAt(end) === '{') end++
  return end
}

/** Past the tag; for a raw block, past its closing tag, because nothing in it is a template. */
function endOfContents(text: string, tag: Tag): number {
  if (tag.kind !== 'handlebars' || !text.startsWith('{{{{', tag.start)) return tag.end
  const name = /^\{\{\{\{\s*([^\s{}]+)/.exec(text.slice(tag.start, tag.end))?.[1]
  const close = `{{{{/${name ?? ''}}}}}`
  const at = text.indexOf(close, tag.end)
  return at === -1 ? tag.end : at + close.length
}

/** -1 when it is not closed. Strings in a tag hide braces; comments are read as Handlebars reads them. */
function endOfTag(text: string, start: number): number {
  if (text.startsWith('{{{{', start)) return past(text, '}}}}', start + 4)
  const bang = text.startsWith('{{~!', start) ? start + 3 : start + 2
  if (text.charAt(bang) === '!') return endOfHandlebarsComment(text, bang)
  const close = /^\{\{~?\{/.test(text.slice(start, start + 4)) ? '}}}' : '}}'
  for (let at = start + 2; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === "'" || character === '"') {
      const end = endOfTagString(text, at)
      if (end !== -1) at = end - 1
    } else if (character === '}') {
      if (text.startsWith(close, at)) return at + close.length
      if (close === '}}}' && text.startsWith('}~}}', at)) return at + 4
    } else if (character === '{' && text.charAt(at + 1) === '{' && at > start + 3) return -1
  }
  return -1
}

function endOfHandlebarsComment(text: string, bang: number): number {
  if (!text.startsWith('!--', bang)) return past(text, '}}', bang)
  const closing = /--~?\}\}/g
  closing.lastIndex = bang + 1
  return closing.test(text) ? closing.lastIndex : -1
}

/** A backslash escapes the quote, as in Handlebars' lexer. */
function endOfTagString(text: string, start: number): number {
  const quote = text.charAt(start)
  for (let at = start + 1; at < text.length; at++) {
    if (text.charAt(at) === '\\' && text.charAt(at + 1) === quote) at++
    else if (text.charAt(at) === quote) return at + 1
  }
  return -1
}

function past(text: string, close: string, from: number): number {
  const at = text.indexOf(close, from)
  return at === -1 ? -1 : at + close.length
}
