import { beforeAll, describe, expect, it } from 'vitest'
import { loadSqlFormatter } from '../../src/cli/format-sql.ts'
import { formatTemplate, type LayOut } from '../../src/template/format-template.ts'
import { isSameSql } from '../../src/template/same-sql.ts'

let layOut: LayOut
beforeAll(async () => {
  layOut = await loadSqlFormatter()
})

function format(text: string): string {
  const result = formatTemplate(text, layOut)
  return result.ok ? result.text : `left: ${result.reason}`
}

describe('A template that is formatted', () => {
  it('keeps lines of block tags where they stand, in line with the tag that opens them', () => {
    expect(
      format(`select s.id
{{#if (eq target.name 'prod')}}
, s.phone
        {{else}}
, '***' as phone
  {{/if}}
from {{ref "stg_supporters"}} as s where s.cycle={{var 'cycle'}}
{{#incremental}}
and s.updated_at>(select max(updated_at) from {{self}})
{{/incremental}}`),
    ).toBe(`select
  s.id
  {{#if (eq target.name 'prod')}}
  , s.phone
  {{else}}
  , '***' as phone
  {{/if}}
from
  {{ref "stg_supporters"}} as s
where
  s.cycle = {{var 'cycle'}}
  {{#incremental}}
  and s.updated_at > (
    select
      max(updated_at)
    from
      {{self}}
  )
  {{/incremental}}
`)
  })

  it('keeps the text of comments, the case of letters, blocks inside a line, and what stands in strings', () => {
    expect(
      format(`SELECT /* as
   written */ a, -- {{not a tag}}
 '{{x}}  and   {{y}}' AS Label, {{#each c as |d|}}{{#unless @first}},   {{/unless}}{{d}}{{/each}} FROM t`),
    ).toBe(`SELECT
  /* as
   written */
  a, -- {{not a tag}}
  '{{x}}  and   {{y}}' AS Label,
  {{#each c as |d|}}{{#unless @first}},   {{/unless}}{{d}}{{/each}}
FROM
  t
`)
  })

  it.each([
    ['select (a', 'its SQL cannot be read, or is not whole outside its blocks'],
    ['select {{#if a}} 1', 'its template has mistakes'],
    ['select {% if a %} 1', 'its template has mistakes'],
    ["select 'a'\n'b'", 'it would not be the same SQL'],
    ['{{#*inline "p"}}a  b{{/inline}}select \'{{> p}}\'', 'a partial is called inside a string, where white space counts'],
  ])('is left alone where it would not be the same: %j', (text, reason) => {
    expect(format(text)).toBe(`left: ${reason}`)
  })
})

describe('Two templates are the same SQL', () => {
  it.each([
    ['select a,b', 'select a, b', true],
    ['select a=-1', 'select a = -1', true],
    ['select a>=b', 'select a > = b', false],
    ['select a{{x}}', 'select a {{x}}', false],
    ['a {{#if x}}and b {{/if}}c', 'a\n{{#if x}}\n  and b\n{{/if}}\nc', true],
    ['a {{#if x}}and b{{/if}}', 'a {{#if x}}{{/if}}and b', false],
    ['a {{#if x}}and b{{/if}}', 'a {{#if y}}and b{{/if}}', false],
    ['{{#if x}}a{{/if}} {{#if x}}b c{{/if}}', '{{#if x}}a b{{/if}} {{#if x}}c{{/if}}', false],
    ['a {{#if x}}b{{else}}c{{/if}} d', 'a {{#if x}}b c{{else}}{{/if}} d', false],
    ["select 'a  b'", "select 'a b'", false],
    ['select a -- one', 'select a -- two', false],
  ])('%j, %j: %j', (before, after, same) => {
    expect(isSameSql(before, after)).toBe(same)
  })
})

/** The same numbers for the same seed, so that a failure can be looked at. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

function randomTemplate(seed: number): string {
  const random = randomFrom(seed)
  const one = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)]!
  const gap = (): string => one([' ', '\n', '  ', '\n\n   ', ' -- note\n', ' /* a\n b */ '])
  const value = (): string =>
    one([
      'a',
      't.b',
      "'x  y'",
      '{{col}}',
      '{{m \'a\' "b"}}',
      'sum(a)',
      "'{{x}}'",
      '1.5',
      '-1',
      "a->>'k'",
      'a::numeric(12,2)',
      'pre_{{x}}_post',
      '$$ q $$',
    ])
  const list = (): string => Array.from({ length: 1 + Math.floor(random() * 3) }, value).join(one([',', ', ', `${gap()},`, `,${gap()}`]))
  const condition = (): string => `${value()}${one(['=', ' <> ', '>='])}${value()}`
  const block = (inside: string, otherwise: string): string =>
    one([
      `\n{{#if x}}\n${inside}\n{{/if}}\n`,
      `\n  {{#if x}}\n${inside}\n{{else}}\n${otherwise}\n    {{/if}}\n`,
      ` {{#if x}}${inside}{{else}}${otherwise}{{/if}} `,
      `\n{{~#each xs as |a|}}\n${inside}\n{{/each}}\n`,
      `\n{{#if x}}{{#if y}}\n${inside}\n{{/if}}{{/if}}\n`,
      ` {{#if x}}\n${inside} {{/if}}\n`,
    ])
  const query = (depth: number): string => {
    const from = depth > 0 && random() < 0.3 ? `(${query(depth - 1)}) q` : one(["{{ref 'm'}} m", 't', '{{#if x}}a{{else}}b{{/if}} t'])
    const more = random() < 0.6 ? block(`, ${list()}`, `, ${list()}`) : ''
    const where = random() < 0.7 ? `${gap()}where${gap()}${condition()}${block(` and ${condition()}`, `or ${condition()}`)}` : ''
    const union = random() < 0.3 ? block(`union all select ${list()} from u`, '') : ''
    return `select${gap()}${list()}${more}${gap()}from${gap()}${from}${gap()}${where}${union}`
  }
  return `${one(['', '\n', '-- head\n', '{{! note }}\n'])}${query(2)}`
}

/** A comma may change places with a comment; nothing else may. */
function charactersOf(text: string): string {
  return Array.from(text.replaceAll(/\s/g, '')).toSorted().join('')
}

it('Random templates are left alone, or come out as the same SQL, and come out as they went in the second time', () => {
  let formatted = 0
  for (let seed = 1; seed <= 250; seed++) {
    const template = randomTemplate(seed)
    const result = formatTemplate(template, layOut)
    if (!result.ok) continue
    formatted++
    expect({ template, characters: charactersOf(result.text) }).toEqual({ template, characters: charactersOf(template) })
    expect({ template, again: formatTemplate(result.text, layOut) }).toEqual({ template, again: { ok: true, text: result.text } })
  }
  expect(formatted).toBeGreaterThan(200)
})
