/**
 * Writes words of Redshift as Postgres reads them: what no rule translates stands as it was sent, with its white space and comments.
 */
import type { Piece } from '../pieces.ts'
import { shortenNamesIn } from '../long-names.ts'
import { closingOf, isSymbol, isWord, quoteName, type Range, splitByComma } from '../words.ts'
import { calls } from './calls.ts'
import { renderQualify } from './qualify.ts'
import { gapBefore, type Rendering } from './rendering.ts'
import { renderTop } from './top.ts'

export function createRendering(parts: Omit<Rendering, 'render'>): Rendering {
  const rendering: Rendering = { ...parts, render: (range) => renderRange(rendering, range) }
  return rendering
}

function renderRange(input: Rendering, range: Range): readonly Piece[] {
  const rest = renderTop(input, range) ?? renderQualify(input, range)
  if (rest !== undefined) return rest
  const pieces: Piece[] = []
  for (let at = range.from; at < range.to;) {
    if (at > range.from) pieces.push(gapBefore(input, at))
    const { to, made } = renderWord(input, at, range)
    pieces.push(...made)
    at = to
  }
  return pieces
}

function renderWord(input: Rendering, at: number, range: Range): { readonly to: number; readonly made: readonly Piece[] } {
  const { words, relations } = input
  const word = words[at]!
  const relation = relations.get(at)
  if (relation !== undefined) return { to: relation.to, made: [{ text: relation.sql, about: word.start }] }
  if (isSymbol(word, '(')) return renderGroup(input, at, range)
  if (word.kind === 'word' && isSymbol(words[at + 1], '.') && isWord(words[at + 2], ...acls))
    return { to: at + 3, made: [{ text: `pg_catalog.redshift_acl(${word.text}.${words[at + 2]!.text})`, about: word.start }] }
  const call = word.kind === 'word' && isSymbol(words[at + 1], '(') && !isSymbol(words[at - 1], '.') ? calls.get(word.text) : undefined
  const close = call && closingOf(words, at + 1)
  const made = call?.({ input, name: at, args: splitByComma(words, { from: at + 2, to: close ?? 0 }), close: close ?? 0 })
  return made ?? { to: at + 1, made: [renderSingle(input, at)] }
}

/** What stands in parentheses is a query or a list of its own. */
function renderGroup(input: Rendering, open: number, range: Range): { readonly to: number; readonly made: readonly Piece[] } {
  const close = Math.min(closingOf(input.words, open), range.to)
  const inside = { from: open + 1, to: close }
  const made = [renderSingle(input, open), ...(close > inside.from ? [gapBefore(input, inside.from), ...input.render(inside)] : [])]
  if (close >= range.to) return { to: range.to, made }
  return { to: close + 1, made: [...made, gapBefore(input, close), renderSingle(input, close)] }
}

/** What has names of relations in its literals. */
const asksCatalog = /^(pg_|svv_|information_schema|has_.*_privilege|regclass|to_regclass)/

/** What the catalog of Redshift has in another shape. https://docs.aws.amazon.com/redshift/latest/dg/r_PG_DEFAULT_ACL.html */
const catalogNames: ReadonlyMap<string, string> = new Map([
  ['pg_views', 'redshift_views'],
  ['pg_attrdef', 'redshift_attrdef'],
  ['pg_constraint', 'redshift_constraint'],
  ['pg_default_acl', 'redshift_default_acl'],
])

/** Lists of privileges, written as Redshift writes them. */
const acls = ['relacl', 'nspacl']

/** Words that have another word in Postgres. */
const replacedWords: ReadonlyMap<string, string> = new Map([
  ['sysdate', 'pg_catalog.sysdate()'],
  ['minus', 'except'],
  ['nvarchar', 'varchar'],
])

function renderSingle({ sent, words }: Rendering, at: number): Piece {
  const word = words[at]!
  if (word.kind === 'identifier') return { text: `${selectsInto(words, at) ? 'temp ' : ''}${quoteName(word.text)}`, about: word.start }
  if (word.kind === 'word' && Buffer.byteLength(word.text) > 63) return { text: quoteName(word.text), about: word.start }
  if (word.kind === 'string' && words.some(({ text }) => asksCatalog.test(text)))
    return { text: shortenNamesIn(sent.slice(word.start, word.end)), at: word.start }
  const catalogName = word.kind === 'word' && !isSymbol(words[at + 1], '.') ? catalogNames.get(word.text) : undefined
  if (catalogName !== undefined) return { text: catalogName, about: word.start }
  const replaced =
    word.kind === 'word' && !isSymbol(words[at - 1], '.') && !isWord(words[at - 1], 'as') ? replacedWords.get(word.text) : undefined
  if (replaced !== undefined) return { text: replaced, about: word.start }
  if (isWord(word, 'approximate') && isWord(words[at + 1], 'count', 'percentile_disc')) return { text: '', about: word.start }
  if (isWord(word, 'max') && isSymbol(words[at - 1], '(') && isWord(words[at - 2], 'varchar', 'varying', 'nvarchar'))
    return { text: '65535', about: word.start }
  return { text: sent.slice(word.start, word.end), at: word.start }
}

/** `select ... into #name` makes a temporary table. */
function selectsInto(words: Rendering['words'], at: number): boolean {
  return words[at]!.text.startsWith('#') && isWord(words[at - 1], 'into') && !isWord(words[at - 2], 'insert', 'merge')
}
