/** Functions of Redshift that have a shape that a function of Postgres cannot have. The rest are functions of the database: install/functions.sql. */
import type { Piece } from '../pieces.ts'
import { closingOf, findAtDepth, isSymbol, isWord, quoteText, type Range, type Word } from '../words.ts'
import type { Rendering } from './rendering.ts'

export interface Call {
  readonly input: Rendering
  /** The index of the name. */
  readonly name: number
  readonly args: readonly Range[]
  /** The index of the parenthesis that closes it. */
  readonly close: number
}

type Translation = (call: Call) => { readonly to: number; readonly made: readonly Piece[] } | undefined

/** https://docs.aws.amazon.com/redshift/latest/dg/ r_NVL_function, r_DECODE_expression, r_LISTAGG, r_WF_LISTAGG, r_DATEADD_function, r_DATEDIFF_function, REGEXP_REPLACE */
export const calls: ReadonlyMap<string, Translation> = new Map<string, Translation>([
  ['nvl', (call) => renamed(call, 'coalesce')],
  ['decode', decode],
  ['dateadd', (call) => withPart(call, 'dateadd')],
  ['date_add', (call) => withPart(call, 'dateadd')],
  ['datediff', (call) => withPart(call, 'datediff')],
  ['date_diff', (call) => withPart(call, 'datediff')],
  ['date_part', (call) => withPart(call, 'date_part')],
  ['datepart', (call) => withPart(call, 'date_part')],
  ['listagg', listagg],
  ['json_extract_path_text', jsonPath],
  ['array', (call) => renamed(call, 'jsonb_build_array')],
  ['object', (call) => renamed(call, 'jsonb_build_object')],
  ['json_serialize', (call) => renamed(call, 'pg_catalog.json_to_text')],
  ['regexp_replace', (call) => renamed(call, 'pg_catalog.redshift_regexp_replace')],
  ['pg_get_viewdef', (call) => renamed(call, 'pg_catalog.redshift_viewdef')],
  ['version', (call) => renamed(call, 'pg_catalog.redshift_version')],
  ['convert', convert],
  ['regexp_replace', regexpReplace],
])

function about({ input, name }: Call): number {
  return input.words[name]!.start
}

function list({ input, args }: Call): readonly Piece[] {
  return args.flatMap((arg, index) => [...(index > 0 ? [{ text: ', ' }] : []), ...input.render(arg)])
}

function renamed(call: Call, name: string): ReturnType<Translation> {
  return { to: call.close + 1, made: [{ text: `${name}(`, about: about(call) }, ...list(call), { text: ')' }] }
}

/** A part of a date is a bare word or a string. */
function withPart(call: Call, name: string): ReturnType<Translation> {
  const [part, ...others] = call.args
  const word = part && call.input.words[part.from]
  if (part === undefined || word === undefined || part.to !== part.from + 1) return renamed(call, name)
  const text = word.kind === 'string' ? call.input.sent.slice(word.start, word.end) : quoteText(word.text)
  const values = others.map((arg) => [...call.input.render(arg), { text: isLoneString(call.input.words, arg) ? '::timestamp' : '' }])
  return {
    to: call.close + 1,
    made: [
      { text: `pg_catalog.${name}(${text}`, about: word.start },
      ...values.flatMap((value) => [{ text: ', ' }, ...value]),
      { text: ')' },
    ],
  }
}

function isLoneString(words: readonly Word[], { from, to }: Range): boolean {
  return to === from + 1 && words[from]?.kind === 'string'
}

/** NULL finds NULL, unlike in CASE. With two arguments it is Postgres's own. */
function decode(call: Call): ReturnType<Translation> {
  const [value, ...rest] = call.args
  if (value === undefined || rest.length < 2) return undefined
  const { input } = call
  const made: Piece[] = [{ text: '(case', about: about(call) }]
  for (let at = 0; at + 1 < rest.length; at += 2) {
    made.push(
      { text: ' when ' },
      ...input.render(value),
      { text: ' is not distinct from ' },
      ...input.render(rest[at]!),
      { text: ' then ' },
      ...input.render(rest[at + 1]!),
    )
  }
  if (rest.length % 2 === 1) made.push({ text: ' else ' }, ...input.render(rest.at(-1)!))
  return { to: call.close + 1, made: [...made, { text: ' end)' }] }
}

/** `listagg([distinct] value [, separator]) [within group (order by ...)] [over (...)]` */
function listagg(call: Call): ReturnType<Translation> {
  const { input, close } = call
  const { words } = input
  const [value, separator] = call.args
  if (value === undefined) return undefined
  const distinct = isWord(words[value.from], 'distinct')
  const plain = { from: distinct ? value.from + 1 : value.from, to: value.to }
  const group =
    isWord(words[close + 1], 'within') && isWord(words[close + 2], 'group') && isSymbol(words[close + 3], '(') ? close + 3 : undefined
  const groupEnd = group === undefined ? close : closingOf(words, group)
  const order = group === undefined ? undefined : { from: group + 3, to: groupEnd }
  const over = isWord(words[groupEnd + 1], 'over') && isSymbol(words[groupEnd + 2], '(') ? groupEnd + 2 : undefined
  const shown = [...input.render(plain), { text: '::text' }]
  const orderBy = order === undefined ? [] : [{ text: ' order by ' }, ...(distinct ? shown : input.render(order))]
  const head: readonly Piece[] = [
    { text: `string_agg(${distinct ? 'distinct ' : ''}`, about: about(call) },
    ...shown,
    { text: ', ' },
    ...(separator === undefined ? [{ text: "''" }] : input.render(separator)),
  ]
  if (over === undefined) return { to: groupEnd + 1, made: [...head, ...orderBy, { text: ')' }] }
  const overEnd = closingOf(words, over)
  const frame = order === undefined ? '' : ' rows between unbounded preceding and unbounded following'
  return {
    to: overEnd + 1,
    made: [...head, { text: ') over (' }, ...input.render({ from: over + 1, to: overEnd }), ...orderBy, { text: `${frame})` }],
  }
}

/** A last argument of true asks for NULL where the text is no JSON. */
function jsonPath(call: Call): ReturnType<Translation> {
  const last = call.args.at(-1)
  const flag =
    last && last.to === last.from + 1 && isWord(call.input.words[last.from], 'true', 'false')
      ? call.input.words[last.from]!.text
      : undefined
  const args = flag === undefined ? call.args : call.args.slice(0, -1)
  return renamed({ ...call, args }, flag === 'true' ? 'pg_catalog.json_extract_path_text_or_null' : 'pg_catalog.json_extract_path_text')
}

/** `regexp_replace(value, pattern [, replacement [, position]])` replaces every match, from the position on. */
function regexpReplace(call: Call): ReturnType<Translation> {
  const { args, close } = call
  if (args.length < 2 || args.length > 4) return undefined
  const defaults = ["''", '1'].slice(args.length - 2).map((text) => ({ text: `, ${text}` }))
  return {
    to: close + 1,
    made: [{ text: 'regexp_replace(', about: about(call) }, ...list(call), ...defaults, { text: ', 0)' }],
  }
}

/** `convert(type, value)` */
function convert(call: Call): ReturnType<Translation> {
  const [type, value] = call.args
  if (type === undefined || value === undefined || findAtDepth(call.input.words, type, 'select') < type.to) return undefined
  return {
    to: call.close + 1,
    made: [{ text: 'cast(', about: about(call) }, ...call.input.render(value), { text: ' as ' }, ...call.input.render(type), { text: ')' }],
  }
}
