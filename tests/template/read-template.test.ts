import { describe, expect, test } from 'vitest'
import type { ContentCache } from '../../src/core/content-cache.ts'
import { noCache } from '../../src/core/content-cache.ts'
import { analyzeTemplate } from '../../src/template/analyze-template.ts'
import { parseTemplate } from '../../src/template/parse-template.ts'
import { loadTemplate, readTemplate } from '../../src/template/read-template.ts'
import { renderTemplate } from '../../src/template/render-template.ts'
import { factsOf, parsed, sceneScope, seededRandom, sqlSource } from './scene.ts'

function mapCache(): ContentCache & { readonly size: () => number } {
  const entries = new Map<string, string>()
  const get: ContentCache['get'] = (kind, key) => {
    const stored = entries.get(`${kind} ${key}`)
    return stored === undefined ? undefined : JSON.parse(stored)
  }
  return { get, set: (kind, key, value) => entries.set(`${kind} ${key}`, JSON.stringify(value)), size: () => entries.size }
}

describe('facts', () => {
  test('hold what is read in every branch, loop and unused partial, in the order of the text', () => {
    const text = `{{#incremental}}{{ref 'a'}}{{else}}{{ref 'b'}}{{/incremental}}{{#if (eq target.name 'x')}}{{source 'van' 'c'}}{{/if}}
{{#each (list 'q')}}{{var 'd'}}{{/each}}{{#*inline "unused"}}{{env 'E'}}{{ref 'f'}}{{/inline}}{{self}}{{run.id}}`
    const facts = factsOf(text)
    const named = (uses: readonly { readonly name: string; readonly start: number; readonly end: number }[]): readonly string[] =>
      uses.map(({ name, start, end }) => `${name} @ ${text.slice(start, end)}`)
    expect(named([...facts.refs].sort((a, b) => a.start - b.start))).toEqual(["a @ 'a'", "b @ 'b'", "f @ 'f'"])
    expect(named(facts.sources)).toEqual(["van.c @ 'van' 'c'"])
    expect(named(facts.vars)).toEqual(["d @ 'd'"])
    expect(named(facts.envs)).toEqual(["E @ 'E'"])
    expect(named(facts.stateUses)).toEqual(['incremental @ incremental', 'self @ self'])
    expect(facts).toMatchObject({ usesSelf: true, usesIncremental: true, usesRun: true, usesTarget: true, names: [] })
  })

  test('hold the names that may be macros, and say which may be properties of an item', () => {
    const text =
      "{{dollars 'x'}} {{now}} {{upper (wrap 'y')}} {{#each (list 1) as |i|}}{{i}} {{name}} {{fmt i}} {{this}}{{/each}}{{#let a=1}}{{a}}{{/let}}"
    expect(factsOf(text).names.map(({ name, maybe }) => (maybe ? `${name}?` : name))).toEqual(['dollars', 'now', 'wrap', 'name?', 'fmt'])
  })
})

describe('the cache', () => {
  test('answers for the same text in another file, and gives the same SQL', () => {
    const cache = mapCache()
    const text = "select {{cents_to_dollars 'c'}} from {{ref 'turf'}}\n{{#if true}}\n-- {{x}}\n{{/if}}\n"
    const first = readTemplate(sqlSource(text), cache)
    const again = readTemplate(sqlSource(text, 'models/other.sql'), cache)
    expect(first.template).toEqual(parsed(sqlSource(text)))
    expect(again).toEqual({ facts: first.facts, diagnostics: [] })
    const other = sqlSource(text, 'models/other.sql')
    expect(renderTemplate(loadTemplate(other, cache), other, sceneScope())).toEqual(renderTemplate(parsed(other), other, sceneScope()))
    expect(loadTemplate(other, noCache)).toEqual(parsed(other))
  })

  test('keeps nothing of a template with a mistake', () => {
    const cache = mapCache()
    for (const text of ['{{#if}}', '{{ref x}}', "{{ ref('a') }}"]) expect(readTemplate(sqlSource(text), cache).diagnostics).toHaveLength(1)
    expect(cache.size()).toBe(0)
  })
})

test('garbage is parsed, or answered with diagnostics, and never throws', () => {
  const random = seededRandom(7)
  const scraps = [
    '{{',
    '}}',
    '{{{',
    '}}}',
    '{{{{',
    '}}}}',
    '{',
    '}',
    '#',
    '/',
    '^',
    '>',
    '*',
    '!',
    '!--',
    '--',
    '--}}',
    '~',
    '\\',
    "'",
    '"',
    '(',
    ')',
    '=',
    '|',
    ' as |',
    '[',
    ']',
    '.',
    '..',
    '@',
    'if',
    'each',
    'else',
    'raw',
    'inline',
    'ref',
    ' ',
    '\n',
    '😀',
    '\u0001',
    '$$',
    '$a$',
    '/*',
    '*/',
    '{%',
    '%}',
    '{#',
    '#}',
    '1',
    'null',
    'x',
  ]
  for (let count = 0; count < 3000; count++) {
    let text = ''
    for (let length = Math.floor(random() * 14); length >= 0; length--) text += scraps[Math.floor(random() * scraps.length)]
    const source = sqlSource(text)
    const result = parseTemplate(source)
    const diagnostics = result.ok ? analyzeTemplate(result.template, source).diagnostics : result.diagnostics
    expect(result.ok || diagnostics.length > 0).toBe(true)
    for (const { at } of diagnostics) {
      expect(at!.start).toBeLessThanOrEqual(at!.end)
      expect(at!.end).toBeLessThanOrEqual(text.length)
    }
    if (result.ok && diagnostics.length === 0) renderTemplate(result.template, source, sceneScope())
  }
})
