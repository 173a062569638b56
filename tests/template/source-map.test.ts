import { describe, expect, test } from 'vitest'
import type { SqlSource } from '../../src/core/span.ts'
import { concatRendered, insertRendered, locate, sliceRendered, textPiece, trimEndRendered } from '../../src/template/rendered.ts'
import { renderSql } from '../../src/template/render-template.ts'
import type { Rendered } from '../../src/template/template.ts'
import { centsToDollars, macroOf, mapped, parsed, sceneScope, seededRandom, sqlSource } from './scene.ts'

const files: Record<string, string> = { 'macros/cents_to_dollars.sql': centsToDollars.sql.text }

/** What the author wrote at the place that `needle` of the SQL leads to. */
function leadsTo(text: string, needle: string): { readonly file: string; readonly written: string; readonly calls: readonly string[] } {
  const rendered = mapped(sqlSource(text))
  const found = locate(rendered, rendered.sql.indexOf(needle))
  const read = (file: string, start: number, end: number): string => (files[file] ?? text).slice(start, end)
  return {
    file: found!.span.file,
    written: read(found!.span.file, found!.span.start, found!.span.end),
    calls: found!.calls.map(({ file, start, end }) => read(file, start, end)),
  }
}

const model = 'models/turf_list.sql'

describe('an offset in the SQL leads to', () => {
  test('the word in the file', () => {
    expect(leadsTo("select phon\nfrom {{ref 'turf'}} as t", 'phon')).toEqual({ file: model, written: 'phon', calls: [] })
    expect(leadsTo('select "Last Name" from t', '"Last')).toEqual({ file: model, written: '"Last Name"', calls: [] })
  })

  test('the tag that computed it', () => {
    expect(leadsTo("select 1 from {{ref 'turf'}} as t", '"turf"')).toEqual({ file: model, written: "{{ref 'turf'}}", calls: [] })
  })

  test('the macro, with its call', () => {
    expect(leadsTo("select {{cents_to_dollars 'c'}}", 'round')).toEqual({
      file: 'macros/cents_to_dollars.sql',
      written: 'round',
      calls: ["cents_to_dollars 'c'"],
    })
  })

  test('the argument in the file of the caller, although a macro prints it', () => {
    expect(leadsTo("select {{cents_to_dollars 's.pledge'}}", 'pledge')).toEqual({ file: model, written: 'pledge', calls: [] })
    expect(leadsTo("{{#each (list 'ab' 'cd') as |c|}}{{cents_to_dollars c}};{{/each}}", 'cd')).toEqual({
      file: model,
      written: 'cd',
      calls: [],
    })
    expect(leadsTo("{{#let cols=(list 'ab' 'cd')}}{{join cols ', '}}{{/let}}", 'cd')).toEqual({ file: model, written: 'cd', calls: [] })
  })

  test('the right place behind characters of two code units', () => {
    expect(leadsTo("select '😀😀', {{var 'cycle'}}, phone from t", 'phone').written).toBe('phone')
  })
})

test('in YAML, pieces do not cross the lines of the scalar', () => {
  const source: SqlSource = {
    file: 'exports/turf.yml',
    text: "select a\nfrom {{ref 'turf'}}\nwhere b",
    segments: [
      { text: 0, file: 100 },
      { text: 9, file: 113 },
      { text: 29, file: 137 },
    ],
  }
  const { sql, pieces } = mapped(source)
  expect(sql).toBe('select a\nfrom "field"."turf"\nwhere b')
  expect(pieces.map(({ at, span, verbatim }) => [at, span.start, span.end, verbatim])).toEqual([
    [0, 100, 109, true],
    [9, 113, 118, true],
    [14, 118, 132, false],
    [28, 132, 133, true],
    [29, 137, 144, true],
  ])
})

describe('rendered values', () => {
  const rendered = mapped(sqlSource("select {{ref 'a'}} as x  \n"))

  test('are cut, joined and trimmed with their map', () => {
    expect(trimEndRendered(rendered).sql).toBe('select "field"."a" as x')
    const again = concatRendered([sliceRendered(rendered, 0, 10), sliceRendered(rendered, 10)])
    expect(again.sql).toBe(rendered.sql)
    expect(locate(again, 22)).toEqual(locate(rendered, 22))
    expect(locate(again, 12)).toEqual(locate(rendered, 12))
  })

  test('take text of our own', () => {
    const wrapped = insertRendered(rendered, 7, textPiece('/* here */ ', { file: 'models/b.sql', start: 3, end: 9 }))
    expect(wrapped.sql).toBe('select /* here */ "field"."a" as x  \n')
    expect(locate(wrapped, 10)?.span).toEqual({ file: 'models/b.sql', start: 3, end: 9 })
    expect(locate(wrapped, 33)).toEqual(locate(rendered, 22))
  })

  test('that are empty lead nowhere', () => {
    expect(locate({ sql: '', pieces: [] }, 0)).toBeUndefined()
  })
})

/** Pieces cover the SQL back to back, and a verbatim one reads as its file does. */
function checkMap({ sql, pieces }: Rendered, texts: ReadonlyMap<string, string>): void {
  let at = 0
  pieces.forEach((piece, index) => {
    const end = pieces[index + 1]?.at ?? sql.length
    expect(piece.at).toBe(at)
    expect(end).toBeGreaterThan(piece.at)
    const written = texts.get(piece.span.file)?.slice(piece.span.start, piece.span.end)
    expect(!piece.verbatim || written === sql.slice(piece.at, end)).toBe(true)
    at = end
  })
  expect(at).toBe(sql.length)
}

test('the map of three hundred random templates covers their SQL, which is the text rendered without a map', () => {
  const random = seededRandom(1105)
  const wrap = macroOf('wrap', '  ({{column}})\n  {{#if note}}-- {{note}}\n{{/if}}  \n', [
    { name: 'column', type: 'sql' },
    { name: 'note', default: '' },
  ])
  const scope = sceneScope([centsToDollars, wrap])
  const texts = new Map(Object.entries(files)).set('macros/wrap.sql', wrap.sql.text)
  const parts = [
    'select 1,\n',
    '  ',
    '\n',
    "'😀' ",
    "{{ref 'turf'}}",
    "{{wrap 's.c'}}",
    "{{wrap (cents_to_dollars 'c') 'n'}}",
    "{{literal 'it\\'s'}}",
    '{{~! gone ~}}',
    '\\{{x}} ',
    '-- {{no}}\n',
    "{{#each (list 'a' 'b') as |x|}}\n  {{x}},\n{{/each}}\n",
    '{{#if (eq 1 2)}}a{{else}}\n b\n{{/if}}',
    '{{#*inline "p"}}i {{v}}\n{{/inline}}\n  {{> p v=\'w\'}}\n',
    "{{join (list 'a' (wrap 'b')) ' + '}}",
    "{{#let a='q' b=2}}{{a}}{{b}}{{/let}}",
    '{{#incremental}}a{{/incremental}}',
    "{{upper 'x'}}",
    "'{{var 'cycle'}}'",
  ]
  for (let count = 0; count < 300; count++) {
    let text = ''
    for (let length = Math.floor(random() * 12); length >= 0; length--) text += parts[Math.floor(random() * parts.length)]
    const source = sqlSource(text)
    const rendered = mapped(source, scope)
    checkMap(rendered, new Map(texts).set(source.file, text))
    expect(renderSql(parsed(source), source, scope)).toEqual({ ok: true, sql: rendered.sql })
  }
})

test('a line of two thousand characters is rendered and located as any other', () => {
  const text = `select ${Array.from({ length: 150 }, (_, index) => `column_${index}`).join(', ')}, {{var 'cycle'}} as cycle, phone`
  expect(text.length).toBeGreaterThan(1700)
  expect(leadsTo(text, 'phone').written).toBe('phone')
})
