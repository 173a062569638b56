import { describe, expect, test } from 'vitest'
import { mapped, centsToDollars, macroOf, outcome, sceneScope, sqlSource } from './scene.ts'
import { renderSql, renderTemplate } from '../../src/template/render-template.ts'
import { parsed } from './scene.ts'

const coalesceAll = macroOf('coalesce_all', "coalesce({{join columns ', '}}, {{literal otherwise}})", [
  { name: 'otherwise', type: 'any' },
  { name: 'columns', type: 'sql', variadic: true },
])
const typed = macroOf('typed', '{{flag}} {{count}} {{join names}} {{label}}', [
  { name: 'flag', type: 'boolean', default: true },
  { name: 'count', type: 'number', default: 1.5 },
  { name: 'names', type: 'list', default: ['a'] },
  { name: 'label', type: 'string', default: 'x' },
])
const optional = macroOf('optional', '{{#if note}}-{{note}}{{else}}none{{/if}}', [{ name: 'note', type: 'string', required: false }])
const dollarsOf = macroOf('dollars_of', "{{cents_to_dollars column}} from {{ref 'pledges'}} where cycle = {{var 'cycle'}}", [
  { name: 'column', type: 'sql' },
])
const peeks = macroOf('peeks', '{{secret}}', [])
const loops = macroOf('loops', '{{loops_back}}')
const loopsBack = macroOf('loops_back', '{{#if true}}{{loops}}{{/if}}')
const broken = macroOf('broken', 'select {{typo}}')
const callsBroken = macroOf('calls_broken', '({{broken}})')

const scope = sceneScope([centsToDollars, coalesceAll, typed, optional, dollarsOf, peeks, loops, loopsBack, broken, callsBroken])

describe('a macro', () => {
  test.each([
    ["{{cents_to_dollars 's.cents'}}", 'round(s.cents / 100.0, 2)'],
    ["{{cents_to_dollars 's.cents' 4}}", 'round(s.cents / 100.0, 4)'],
    ["{{cents_to_dollars 's.cents' scale=4}}", 'round(s.cents / 100.0, 4)'],
    ["{{cents_to_dollars scale=0 column='c'}}", 'round(c / 100.0, 0)'],
    ["{{cents_to_dollars (cents_to_dollars 'c')}}", 'round(round(c / 100.0, 2) / 100.0, 2)'],
    ["{{upper (cents_to_dollars 'c')}}", 'ROUND(C / 100.0, 2)'],
    ["{{#let d=(cents_to_dollars 'c')}}{{d}} + {{d}}{{/let}}", 'round(c / 100.0, 2) + round(c / 100.0, 2)'],
    ["{{#each (list 'a' 'b') as |c|}}{{cents_to_dollars c}};{{/each}}", 'round(a / 100.0, 2);round(b / 100.0, 2);'],
    ["{{coalesce_all 0 'a' 'b'}}", 'coalesce(a, b, 0)'],
    ["{{coalesce_all 'none' (list 'a' 'b') 'c'}}", "coalesce(a, b, c, 'none')"],
    ["{{coalesce_all 0 columns=(list 'a')}}", 'coalesce(a, 0)'],
    ['{{typed}}', 'true 1.5 a x'],
    ["{{typed false 2 (list 'b' 'c') label='y'}}", 'false 2 b, c y'],
    ['{{optional}}', 'none'],
    ["{{optional note='now'}}", '-now'],
    ["{{dollars_of 'cents'}}", 'round(cents / 100.0, 2) from "field"."pledges" where cycle = 2026'],
  ])('%s prints %s', (template, sql) => {
    expect(outcome(template, scope)).toBe(sql)
  })

  test.each([
    ['{{cents_to_dollars}}', '`cents_to_dollars` needs its argument `column`. @ cents_to_dollars (It takes 2 arguments (column, scale).)'],
    ["{{cents_to_dollars 'a' 1 2}}", '`cents_to_dollars` takes 2 arguments (column, scale), and 3 are given. @ 2'],
    ["{{cents_to_dollars 'a' scal=2}}", '`cents_to_dollars` takes no argument named `scal`. @ scal=2 (Did you mean `scale`?)'],
    ["{{cents_to_dollars 'a' column='b'}}", "`column` is given by position and by name. @ column='b'"],
    ["{{cents_to_dollars 'a' 1.5}}", '`scale` of `cents_to_dollars` is an integer, not a number. @ 1.5'],
    ["{{cents_to_dollars (list 'a')}}", "`column` of `cents_to_dollars` is SQL, as text, not a list. @ (list 'a')"],
    ["{{typed 'yes'}}", "`flag` of `typed` is true or false, not text. @ 'yes'"],
    ['{{upper optional}}', '`optional` is a macro, which is called in parentheses. @ optional (Write (optional).)'],
    [
      "{{#cents_to_dollars 'a'}}b{{/cents_to_dollars}}",
      "`cents_to_dollars` is a macro, which is no block. @ cents_to_dollars 'a' (Call it as {{cents_to_dollars ...}}.)",
    ],
    ['{{#optional}}b{{/optional}}', '`optional` is a macro, which is no block. @ optional (Call it as {{optional ...}}.)'],
  ])('%s is a mistake', (template, mistake) => {
    expect(outcome(template, scope)).toEqual([mistake])
  })

  test('sees nothing of its caller, and the mistake names the call', () => {
    const source = sqlSource("select {{#let secret='x'}}{{peeks}}{{/let}}")
    expect(renderSql(parsed(source), source, scope)).toEqual({
      ok: false,
      diagnostics: [
        {
          severity: 'error',
          code: 'unknown-name',
          message: '`secret` is not known here.',
          at: { file: 'macros/peeks.sql', start: 2, end: 8 },
          related: [{ message: '`peeks` is called here.', at: { file: 'models/turf_list.sql', start: 28, end: 33 } }],
        },
      ],
    })
  })

  test('that calls itself through another is a mistake with the chain', () => {
    const source = sqlSource('{{loops}}')
    const result = renderTemplate(parsed(source), source, scope)
    expect(result).toMatchObject({ ok: false, diagnostics: [{ message: 'The macro `loops` calls itself: loops → loops_back → loops.' }] })
  })

  test('keeps the calls that led to a mistake, innermost first', () => {
    const source = sqlSource('{{calls_broken}}')
    const result = renderTemplate(parsed(source), source, scope)
    expect(result).toMatchObject({
      ok: false,
      diagnostics: [
        {
          message: '`typo` is not known here.',
          at: { file: 'macros/broken.sql', start: 9, end: 13 },
          related: [
            { message: '`broken` is called here.', at: { file: 'macros/calls_broken.sql', start: 3, end: 9 } },
            { message: '`calls_broken` is called here.', at: { file: 'models/turf_list.sql', start: 2, end: 14 } },
          ],
        },
      ],
    })
  })

  test('has its end trimmed, in the map as well', () => {
    const rendered = mapped(sqlSource("a {{cents_to_dollars 'c'}} b"), scope)
    expect(rendered.sql).toBe('a round(c / 100.0, 2) b')
    expect(rendered.pieces.at(-1)).toEqual({
      at: 21,
      span: { file: 'models/turf_list.sql', start: 26, end: 28 },
      verbatim: true,
      calls: [],
    })
  })
})
