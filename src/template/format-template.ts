/**
 * Lays out the SQL of a template and keeps its tags: lines of block tags stay lines of their own where they stand, comments keep their text.
 * Invariants: what comes out renders to the same tokens in every branch, and formatted again it is itself. Where that cannot be had, nothing changes.
 */
import { isSameSql } from './same-sql.ts'
import { maskTemplate } from './mask-template.ts'
import { scanTags } from './scan-tags.ts'

export type FormattedTemplate =
  | { readonly ok: true; readonly text: string }
  /** Why it is left alone; the end of a sentence. */
  | { readonly ok: false; readonly reason: string }

/** Throws what it throws for SQL that it cannot read. */
export type LayOut = (sql: string) => string

const mostRounds = 5

export function formatTemplate(text: string, layOut: LayOut): FormattedTemplate {
  if (text.trim() === '') return { ok: true, text }
  if (scanTags(text).tags.some((tag) => tag.inString && /^\{\{~?#?>/.test(text.slice(tag.start, tag.start + 5))))
    return refuse('a partial is called inside a string, where white space counts')
  let formatted = text
  for (let round = 0; round < mostRounds; round++) {
    const next = formatOnce(formatted, layOut)
    if (!next.ok) return next
    if (next.text === formatted) return isSameSql(text, formatted) ? next : refuse('it would not be the same SQL')
    formatted = next.text
  }
  return refuse('its layout does not settle')
}

function formatOnce(text: string, layOut: LayOut): FormattedTemplate {
  const masked = maskTemplate(text)
  if (!masked) return refuse('its template has mistakes')
  let laidOut: string
  try {
    laidOut = layOut(masked.sql)
  } catch {
    return refuse('its SQL cannot be read, or is not whole outside its blocks')
  }
  const restored = masked.restore(joinLoneCommas(laidOut))
  return restored === undefined ? refuse('its tags would not stay where they are') : { ok: true, text: `${restored.trim()}\n` }
}

/** A comma that a comment keeps from the end of the line before stands at the head of the next. */
function joinLoneCommas(sql: string): string {
  return sql.replace(/\n[ \t]*,\n([ \t]*)(?=\S)(?!--)/g, '\n$1, ')
}

function refuse(reason: string): FormattedTemplate {
  return { ok: false, reason }
}
