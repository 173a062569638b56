/** SQL with colours for a terminal: keywords, strings, comments, numbers; by our own lexer. */
import { lexSql } from '../dialects/sql-lexer.ts'
import type { Style } from './style.ts'

const keywords = new Set(
  'all and any as asc between by case cast coalesce cross current_date current_timestamp desc distinct else end except exists false fetch filter for from full group having ilike in inner intersect interval is join lateral left like limit natural not null offset on or order outer over partition recursive right row rows select table then true union unnest using values when where window with within'.split(
    ' ',
  ),
)

export function highlightSql(sql: string, style: Style): string {
  let text = ''
  let at = 0
  for (const token of lexSql(sql)) {
    text += sql.slice(at, token.start) + highlightToken(sql.slice(token.start, token.end), token.kind, style)
    at = token.end
  }
  return text + sql.slice(at)
}

function highlightToken(text: string, kind: string, style: Style): string {
  if (kind === 'comment') return style('dim', text)
  if (kind === 'string') return style('green', text)
  if (kind === 'number') return style('yellow', text)
  return kind === 'word' && keywords.has(text.toLowerCase()) ? style('blue', text) : text
}
