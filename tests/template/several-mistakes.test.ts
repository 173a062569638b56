/** A tag that cannot be read hides neither the mistakes beside it nor what the rest of the template uses. */
import { describe, expect, test } from 'vitest'
import { noCache } from '../../src/core/content-cache.ts'
import type { TemplateFacts } from '../../src/template/template.ts'
import { readTemplate } from '../../src/template/read-template.ts'
import { sqlSource } from './scene.ts'

/** Each mistake as `message @ the text it points at`, in the order of the text; then what the template uses all the same. */
function read(text: string): readonly string[] {
  const { diagnostics, facts, template } = readTemplate(sqlSource(text), noCache)
  expect(template).toBeUndefined()
  const mistakes = diagnostics
    .toSorted((a, b) => a.at!.start - b.at!.start)
    .map(({ message, at }) => `${message} @ ${text.slice(at!.start, at!.end)}`)
  return [...mistakes, ...used(facts)]
}

function used({ refs, sources, vars, names }: TemplateFacts): readonly string[] {
  const listed = (what: string, uses: TemplateFacts['refs']): readonly string[] =>
    uses.map(({ name, start }) => `${what} ${name} at ${start}`)
  return [...listed('ref', refs), ...listed('source', sources), ...listed('var', vars), ...listed('name', names)]
}

describe('beside Jinja', () => {
  test('all of it is told, with what the Handlebars between uses', () => {
    expect(read("select {{ var('cycle') }}, {{upper 'a' 'b'}}, {{dollars 1}} from {{ref 'turf'}} {{ source(\"van\", 'x') }}")).toEqual([
      "`var(...)` is Jinja; templates here are Handlebars. @ {{ var('cycle') }}",
      "`upper` takes 1 argument, and 2 are given. @ upper 'a' 'b'",
      '`source(...)` is Jinja; templates here are Handlebars. @ {{ source("van", \'x\') }}',
      'ref turf at 71',
      'name dollars at 48',
    ])
  })

  test('names that a loop of Jinja may have made are left alone', () => {
    expect(read("{% for state in states %}{{state}} {{ref state}} {{ref 'turf'}}{{this.x}}{% endfor %}")).toEqual([
      '`{% for %}` is Jinja; templates here are Handlebars. @ {% for state in states %}',
      '`ref` takes a name in quotes: `state` is computed. What a file reads is found without running it. @ state',
      '`{% endfor %}` is Jinja; templates here are Handlebars. @ {% endfor %}',
      'ref turf at 55',
    ])
  })

  test('a syntax error is told too', () => {
    expect(read("{{ ref('a') }} {{eq a, b}} {{ref 'turf'}} {{#if x == 1}}{{/if}}")).toEqual([
      "`ref(...)` is Jinja; templates here are Handlebars. @ {{ ref('a') }}",
      '`{{eq a, b}}` cannot be read: `,` is not expected there. @ ,',
      '`{{#if x == 1}}` cannot be read: `=` is not expected there. @ =',
      'ref turf at 33',
    ])
  })
})

describe('beside a syntax error', () => {
  test('other tags that cannot be read are told, each once', () => {
    expect(read("{{eq a, b}} {{ref 'turf'}} {{upper ]}} '{{1,2}}' {{nothing}} {{env}}")).toEqual([
      '`{{eq a, b}}` cannot be read: `,` is not expected there. @ ,',
      '`{{upper ]}}` cannot be read: `]` is not expected there. @ ]',
      '`{{` in an SQL string begins a template tag, and `{{1,2}}` is none. @ {{1,2}}',
      '`env` takes 1 argument, and none is given. @ env',
      'ref turf at 18',
      'name nothing at 51',
    ])
  })

  test('a tag that is never closed leaves the next ones', () => {
    expect(read("select {{ref 'a' from {{ref 'turf'}} where {{#if true}} x")).toEqual([
      'The tag that begins here is never closed: `}}` ends it. @ {{',
      '`{{#if true}}` is never closed. @ {{#if true}}',
      'ref turf at 28',
    ])
  })

  test('blocks that do not match are told once, and names in them are left alone', () => {
    expect(
      read("{{#each (list 1 2) as |state|}}{{state}}{{@index}}{{/if}} {{else}} {{#let a=1}}{{a}} {{ref x}} {{var 'cycle'}} {{ref 'turf'}}"),
    ).toEqual([
      '`{{/if}}` cannot close `{{#each (list 1 2) as |state|}}`, the block that is open here. @ {{/if}}',
      '`ref` takes a name in quotes: `x` is computed. What a file reads is found without running it. @ x',
      'ref turf at 117',
      'var cycle at 101',
    ])
  })

  test('what the language lacks hides nothing', () => {
    expect(read("{{* x}} {{'a'}} {{undefined.x 1}} {{ref 'turf'}} {{upper}}")).toEqual([
      'Decorators (`{{* ...}}`) have no meaning here. @ {{* x}}',
      "A literal alone in braces has no meaning. @ {{'a'}}",
      '`undefined.x` is a value and takes no arguments. @ undefined.x',
      '`upper` takes 1 argument, and none is given. @ upper',
      'ref turf at 40',
    ])
  })
})

describe('nesting that no author writes', () => {
  const deep = 'Blocks or calls stand in one another more than 100 deep here.'
  test.each([
    ['blocks', `${'{{#if true}}'.repeat(20_000)}x${'{{/if}}'.repeat(20_000)}`, '{{#if true}}'],
    ['a chain of else', `{{#if (eq 1 0)}}a${'{{else if (eq 1 2)}}b'.repeat(3000)}{{/if}}`, '{{else if (eq 1 2)}}'],
    ['calls', `{{literal ${'(not '.repeat(20_000)}true${')'.repeat(20_000)}}}`, '{{literal (not (not (not (not (not (not '],
    ['calls of a simple tag', `{{literal ${'(upper '.repeat(5000)}'a'${')'.repeat(5000)}}}`, '{{literal (upper (upper (upper (upper (u'],
  ])('is refused at once: %s', (_what, text, at) => {
    expect(read(text)).toEqual([`${deep} @ ${at}`])
  })

  test('is told from a long file', () => {
    const text = "{{#if true}}{{ref 'turf'}}{{/if}}\n".repeat(2000)
    expect(readTemplate(sqlSource(text), noCache).diagnostics).toEqual([])
  })

  test('of SQL is no matter', () => {
    const text = `select ${'('.repeat(20_000)}{{var 'cycle'}}${')'.repeat(20_000)}`
    expect(readTemplate(sqlSource(text), noCache).diagnostics).toEqual([])
  })
})
