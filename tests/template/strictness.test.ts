/** The truth table: unknown names in every position, built-in words at every depth, comments, braces, Jinja. */
import { describe, expect, test } from 'vitest'
import { factsOf, outcome, sceneScope } from './scene.ts'

describe('an unknown name is a mistake', () => {
  const positions = [
    ['printed', '{{supporter}}'],
    ['printed raw', '{{{supporter}}}'],
    ['a condition', '{{#if supporter}}a{{/if}}'],
    ['a negated condition', '{{#unless supporter}}a{{/unless}}'],
    ['a loop', '{{#each supporter}}a{{/each}}'],
    ['a context', '{{#with supporter}}a{{/with}}'],
    ['a section', '{{#supporter}}a{{/supporter}}'],
    ['an inverse section', '{{^supporter}}a{{/supporter}}'],
    ['an argument of a function', '{{upper supporter}}'],
    ['an argument of a comparison', "{{#if (eq supporter 'x')}}a{{/if}}"],
    ['an argument of a macro', '{{cents_to_dollars supporter}}'],
    ['a value by name', "{{cents_to_dollars 'x' scale=supporter}}"],
    ['a value of let', '{{#let a=supporter}}b{{/let}}'],
    ['an item of a list', '{{join (list supporter)}}'],
    ['a subexpression', '{{upper (lower supporter)}}'],
    ['an else-if', '{{#if false}}a{{else if supporter}}b{{/if}}'],
    ['in a loop', "{{#each (list 'a')}}{{supporter}}{{/each}}"],
    ['in an inline partial', '{{#*inline "p"}}{{supporter}}{{/inline}}{{> p}}'],
    ['the context of a partial', '{{#*inline "p"}}a{{/inline}}{{> p supporter}}'],
    ['a value for a partial', '{{#*inline "p"}}a{{/inline}}{{> p x=supporter}}'],
    ['the head of a path', '{{supporter.name}}'],
  ] as const

  test.each(positions)('%s: %s', (_, template) => {
    const found = outcome(template)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(/^`supporter` is not known here\. @ supporter/)
  })

  test.each([
    ['{{foo 1}}', ['`foo` is not known here. @ foo 1']],
    ['{{upper (foo 1)}}', ['`foo` is not known here. @ (foo 1)']],
    ['{{target.nme}}', ['`target.nme` is not known. @ target.nme (Did you mean `target.name`?)']],
    ['{{run.started}}', ['`run.started` is not known. @ run.started (Write {{run.started_at}}.)']],
    ["{{#with (var 'labels')}}{{this.Pa}}{{/with}}", ['`this.Pa` is not known. @ this.Pa (Did you mean `PA`?)']],
    ["{{#each (var 'turfs') as |turf|}}{{turf.nam}}{{/each}}", ['`turf.nam` is not known. @ turf.nam (Did you mean `name`?)']],
    ["{{#each (var 'turfs')}}{{nam}}{{/each}}", ['`nam` is not known here. @ nam (Did you mean `name`?)']],
    ["{{var 'cycl'}}", ["No variable `cycl` is declared. @ 'cycl' (Did you mean `cycle`?)"]],
    ['{{cycle}}', ["`cycle` is not known here. @ cycle (It is a variable: write {{var 'cycle'}}.)"]],
    ['{{selff}}', ['`selff` is not known here. @ selff (Did you mean `self`?)']],
    ['{{@indx}}', ['`@indx` is not known. @ @indx (Did you mean `@index`?)']],
    ['{{@index}}', ['`@index` is known in {{#each}} alone. @ @index']],
    [
      '{{> turf}}',
      [
        'No inline partial `turf` is in this file. @ {{> turf}} (Partials are the inline ones of the same file: {{#*inline "name"}}...{{/inline}}. For SQL that files share, write a macro.)',
      ],
    ],
    ['{{#*inline "turf"}}a{{/inline}}{{> turff}}', ['No inline partial `turff` is in this file. @ {{> turff}} (Did you mean `turf`?)']],
    ['{{this}}', ['`this` is the item of a loop, and there is no loop here. @ this (The relation that is built is {{self}}.)']],
    ['{{../name}}', ['`..` leads out of the template. @ ../name']],
    ["{{lookup (var 'states') 7}}", ['The list has no item 7: it has 2, counted from 0. @ 7']],
  ])('%s', (template, mistakes) => {
    expect(outcome(template)).toEqual(mistakes)
  })

  test('a loop reports it once, and the statements around it are still read', () => {
    expect(outcome("{{#each (var 'states')}}{{typo}}{{/each}} {{other}}")).toEqual([
      '`typo` is not known here. @ typo',
      '`other` is not known here. @ other',
    ])
  })
})

test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'])('no prototype is reached by %s', (name) => {
  expect(outcome(`{{${name}}}`)[0]).toMatch(/is not known here/)
  expect(outcome(`{{#with (var 'labels')}}{{this.${name}}}{{/with}}`)[0]).toMatch(/is not known/)
  expect(outcome(`{{lookup (var 'labels') '${name}'}}`)[0]).toMatch(/^There is no/)
  expect(outcome(`{{#each (var 'states')}}{{this.${name}}}{{/each}}`)[0]).toMatch(/is not known/)
  expect(outcome(`{{var '${name}'}}`)[0]).toMatch(/^No variable/)
  expect(outcome(`{{target.${name}}}`)[0]).toMatch(/is not known/)
})

describe('built-in words work at any depth', () => {
  const wrappers = [
    ['a loop', "{{#each (list 'a')}}", '{{/each}}'],
    ['a loop with block parameters', "{{#each (list 'a') as |x i|}}", '{{/each}}'],
    ['a loop in a loop', "{{#each (list 'a')}}{{#each (list 'b')}}", '{{/each}}{{/each}}'],
    ['a context', "{{#with (var 'labels')}}", '{{/with}}'],
    ['let', "{{#let target_name='x'}}", '{{/let}}'],
    ['a condition', '{{#if true}}', '{{/if}}'],
    ['an inline partial', '{{#*inline "p"}}', '{{/inline}}{{#each (list 1)}}{{> p x=1}}{{/each}}'],
  ] as const
  const words = [
    ["{{ref 'turf'}}", '"field"."turf"'],
    ["{{source 'van' 'contacts'}}", '"van"."contacts"'],
    ['{{self}}', '"field"."turf_list"'],
    ["{{var 'cycle'}}", '2026'],
    ["{{env 'REGION'}}", 'env of REGION'],
    ['{{target.name}}', 'dev'],
    ['{{run.started_at}}', '2026-11-03T12:00:00Z'],
    ["{{literal 'O''B'}}".replace("''", "\\'"), "'O''B'"],
    ["{{ident 'Last Name'}}", '"Last Name"'],
    ['{{#incremental}}a{{else}}b{{/incremental}}', 'b'],
    ["{{cents_to_dollars 's.cents'}}", 'round(s.cents / 100.0, 2)'],
    ["{{#if (and (eq target.name 'dev') (not (in target.name 'ci' 'prod')))}}y{{/if}}", 'y'],
  ] as const
  for (const [where, open, close] of wrappers) {
    test.each(words)(`in ${where}: %s`, (template, sql) => {
      expect(outcome(open + template + close)).toBe(sql)
    })
  }
})

describe('what has no text is not printed', () => {
  test.each([
    [
      "{{var 'region'}}",
      "Null has no text. @ {{var 'region'}} (Write {{literal ...}} for an SQL null, or {{default ... }} for another value.)",
    ],
    ["{{var 'states'}}", "A list has no text. @ {{var 'states'}} (Write {{join list ', '}}, {{literal list}}, or {{#each list}}.)"],
    ["{{var 'labels'}}", "An object has no text. @ {{var 'labels'}} (Name one of its properties, or write {{literal ...}} for JSON.)"],
    ["{{literal (var 'none')}}", "An empty list has no SQL literal. @ (var 'none') (Ask with {{#if}} whether it has items.)"],
  ])('%s', (template, mistake) => {
    expect(outcome(template)).toEqual([mistake])
  })

  test('but a literal, a default, a joined list have', () => {
    expect(
      outcome(
        "{{literal (var 'region')}} {{default (var 'region') 'all'}} {{literal (var 'states')}} {{join (var 'states')}} {{join (var 'states') ' or '}}",
      ),
    ).toBe("null all ('PA', 'GA') PA, GA PA or GA")
    expect(outcome('a < b & c {{join (list "<" "&")}}')).toBe('a < b & c <, &')
  })
})

describe('arguments are checked', () => {
  test.each([
    ['{{ref}}', "`ref` takes 1 argument, and none is given. @ ref (Write {{ref 'stg_supporters'}}.)"],
    ["{{ref 'a' 'b'}}", "`ref` takes 1 argument, and 2 are given. @ ref 'a' 'b' (Write {{ref 'stg_supporters'}}.)"],
    ["{{source 'van'}}", "`source` takes 2 arguments, and one is given. @ source 'van' (Write {{source 'van' 'contacts'}}.)"],
    ["{{ref 'a' version=2}}", "`ref` takes no argument named `version`. @ version=2 (Write {{ref 'stg_supporters'}}.)"],
    ['{{#if}}a{{/if}}', '`if` takes 1 argument, and none is given. @ if (Write {{#if condition}}...{{else}}...{{/if}}.)'],
    [
      '{{#if true includezero=true}}a{{/if}}',
      '`if` takes no argument named `includezero`. @ includezero=true (Did you mean `includeZero`?)',
    ],
    ['{{eq 1}}', "`eq` takes 2 arguments, and one is given. @ eq 1 (Write {{#if (eq target.name 'prod')}}.)"],
    ["{{eq 1 '1'}}", "A number is compared with text, which are never equal. @ '1'"],
    ["{{lt 1 'a'}}", "Two numbers or two texts have an order; here a number meets text. @ 'a'"],
    ["{{in 1 '1' '2'}}", "A number is looked for among values of which one is text. @ '1'"],
    ['{{upper 1}}', 'Text is expected here, not a number. @ 1'],
    ["{{join 'a'}}", "A list is expected here, not text. @ 'a' (Write (list 'a' 'b').)"],
    ["{{#each 'abc'}}a{{/each}}", "{{#each}} takes a list or an object, not text. @ 'abc'"],
    ['{{#eq 1 1}}a{{/eq}}', '`eq` is no block. @ eq 1 1 (Write {{#if (eq ...)}}.)'],
    ['{{if true}}', '`if` is a block. @ if true (Write {{#if condition}}...{{else}}...{{/if}}.)'],
    ['{{upper lower}}', '`lower` is a function, which is called in parentheses. @ lower (Write {{lower name}}.)'],
    ['{{#let ref=1}}a{{/let}}', '`ref` is a built-in word, and cannot name something else. @ let ref=1'],
    ['{{#each (list 1) as |self|}}a{{/each}}', '`self` is a built-in word, and cannot name something else. @ each (list 1)'],
    ['{{target.name 1}}', '`target.name` is a value and takes no arguments. @ target.name'],
    ['{{target}}', '`target` has no text: it has `target.name`, `target.type`, `target.schema`. @ target (Write {{target.name}}.)'],
    ["{{#let a='x'}}{{a 1}}{{/let}}", '`a` is a value and takes no arguments. @ a 1'],
    ['{{upper undefined}}', '`undefined` is no value. @ undefined (Write `null`.)'],
    [
      '{{ref name}}',
      "`ref` takes a name in quotes: `name` is computed. What a file reads is found without running it. @ name (Write {{ref 'name'}} if that is its name; else put one {{ref '...'}} in each branch of an {{#if}}, or give a macro the relation itself: (ref '...').)",
    ],
    [
      "{{ref (lower 'X')}}",
      "`ref` takes a name in quotes: `(lower 'X')` is computed. What a file reads is found without running it. @ (lower 'X') (Put one {{ref '...'}} in each branch of an {{#if}}, or give a macro the relation itself: (ref '...').)",
    ],
    [
      '{{var cycle}}',
      "`var` takes a name in quotes: `cycle` is computed. Which variables a file reads is found without running it. @ cycle (Write {{var 'cycle'}}.)",
    ],
    [
      '{{* log}}',
      'Decorators (`{{* ...}}`) have no meaning here. @ {{* log}} (An inline partial is written {{#*inline "name"}}...{{/inline}}.)',
    ],
  ])('%s', (template, mistake) => {
    expect(outcome(template)).toEqual([mistake])
  })

  test('self is a mistake where nothing is built', () => {
    expect(outcome('{{self}}', sceneScope([], { self: undefined }))).toEqual([
      '`self` is the relation that is built, and nothing is built here. @ self',
    ])
  })
})

describe('SQL comments hold no templates', () => {
  test.each([
    "-- from {{ref 'gone'}}\nselect 1",
    "select 1 -- {{#if}} {{/each}} {{1,2}} don't\n, 2",
    '/* {{ ref("x") }} {% if %} /* {{nested}} */ {{still}} */ select 1',
    "select 1 /* {{unclosed */ + '{' -- }}",
    '-- \\{{x}} {{{{raw}}}}\nselect \'--\', $$ /* $$, "--"',
    'select 1 -- {# jinja #} {{- x -}}',
  ])('%j is printed as it is and depends on nothing', (template) => {
    expect(outcome(template)).toBe(template)
    expect(factsOf(template)).toMatchObject({ refs: [], names: [] })
  })

  test('but strings, dollar quotes and quoted identifiers do, also where dashes stand in them', () => {
    expect(
      outcome(
        `select '-- {{var 'cycle'}}', $$/* {{var "cycle"}} */$$, "--{{var 'cycle'}}", E'\\'--{{var 'cycle'}}', 'it''s -- {{var 'cycle'}}'`,
      ),
    ).toBe(`select '-- 2026', $$/* 2026 */$$, "--2026", E'\\'--2026', 'it''s -- 2026'`)
  })

  test('and an escape string ends where Postgres ends it', () => {
    expect(outcome("select E'it''s \\'-- {{var 'cycle'}}' -- {{gone}}")).toBe("select E'it''s \\'-- 2026' -- {{gone}}")
  })

  test('and a tag hides quotes and dashes from SQL', () => {
    expect(outcome("select {{literal \"it's -- \"}}, {{! it's -- a comment }} 1 -- {{x}}\n, {{var 'cycle'}}")).toBe(
      "select 'it''s -- ',  1 -- {{x}}\n, 2026",
    )
  })
})

describe('braces that are SQL', () => {
  const hint = '(Write `\\{{` for two braces that are SQL.)'
  test.each([
    ["select '{{1,2},{3,4}}'", `\`{{\` in an SQL string begins a template tag, and \`{{1,2},{3,4}}\` is none. @ {{1,2},{3,4}} ${hint}`],
    ["select '{{a,b}}'", `\`{{\` in an SQL string begins a template tag, and \`{{a,b}}\` is none. @ {{a,b}} ${hint}`],
    ["select '{{}}'", `\`{{\` in an SQL string begins a template tag, and \`{{}}\` is none. @ {{}} ${hint}`],
    ["select '{{1}}'", `A literal alone in braces has no meaning. @ {{1}} ${hint}`],
    ['select \'{{"a":1}}\'', `A literal alone in braces has no meaning. @ {{"a":1}} ${hint}`],
    ['select $${{1,2}}$$', `\`{{\` in an SQL string begins a template tag, and \`{{1,2}}\` is none. @ {{1,2}} ${hint}`],
  ])('%s', (template, mistake) => {
    expect(outcome(template)).toEqual([mistake])
  })

  test('are written with a backslash', () => {
    expect(outcome("select '\\{{1,2},{3,4}}', '{\"a\": {\"b\": 1}}', '}}', '{', {{var 'cycle'}}")).toBe(
      "select '{{1,2},{3,4}}', '{\"a\": {\"b\": 1}}', '}}', '{', 2026",
    )
  })
})

describe('Jinja is answered with the spelling here', () => {
  const says = (what: string, at: string, hint: string): string => `\`${what}\` is Jinja; templates here are Handlebars. @ ${at} (${hint})`
  test.each([
    ["{{ ref('turf') }}", says('ref(...)', "{{ ref('turf') }}", "Write {{ref 'turf'}}.")],
    ['{{ source("van", "contacts") }}', says('source(...)', '{{ source("van", "contacts") }}', "Write {{source 'van' 'contacts'}}.")],
    ['{{ var("cycle") }}', says('var(...)', '{{ var("cycle") }}', "Write {{var 'cycle'}}.")],
    ["{{ env_var('REGION') }}", says('env_var(...)', "{{ env_var('REGION') }}", "Write {{env 'REGION'}}.")],
    [
      "{{ config(materialized='table') }}",
      says(
        'config(...)',
        "{{ config(materialized='table') }}",
        'Write it as front matter, in a comment at the head of the file: /*--- materialized: table ---*/.',
      ),
    ],
    [
      "{{ cents_to_dollars('s.cents', scale=2) }}",
      says('cents_to_dollars(...)', "{{ cents_to_dollars('s.cents', scale=2) }}", "Write {{cents_to_dollars 's.cents' scale=2}}."),
    ],
    ['{{ ref ("turf") }}', says('ref(...)', '{{ ref ("turf") }}', "Write {{ref 'turf'}}.")],
    ['{{ state | upper }}', says('| upper', '{{ state | upper }}', 'Write {{upper state}}.')],
    ['{{- state -}}', says('{{- ... -}}', '{{- state -}}', 'Write {{~state~}}.')],
    ['{% if is_incremental() %}', says('{% if %}', '{% if is_incremental() %}', 'Write {{#incremental}}.')],
    ["{% if target.name == 'prod' %}", says('{% if %}', "{% if target.name == 'prod' %}", "Write {{#if (eq target.name 'prod')}}.")],
    ['{%- else -%}', says('{% else %}', '{%- else -%}', 'Write {{else}}.')],
    ['{% endif %}', says('{% endif %}', '{% endif %}', 'Write {{/if}}, or {{/incremental}} to close {{#incremental}}.')],
    ['{% for state in states %}', says('{% for %}', '{% for state in states %}', 'Write {{#each states as |state|}}.')],
    ['{% endfor %}', says('{% endfor %}', '{% endfor %}', 'Write {{/each}}.')],
    [
      "{% set cut = 'x' %}",
      says('{% set %}', "{% set cut = 'x' %}", "Write {{#let cut='x'}} and {{/let}} around what uses it; a list is (list 'a' 'b')."),
    ],
    ['{# note #}', says('{# ... #}', '{# note #}', 'Write {{!-- ... --}}, or an SQL comment.')],
    ["'{% if x %}'", says('{% if %}', '{% if x %}', 'Write {{#if x}}.')],
  ])('%s', (template, mistake) => {
    expect(outcome(template)).toEqual([mistake])
  })

  test('all of it at once, and a LIKE pattern is none of it', () => {
    expect(outcome("{{ ref('a') }} {% if x %} {{ref 'b'}} {% endif %}")).toHaveLength(3)
    expect(outcome("select x like '{%' or x like '{#%}'")).toBe("select x like '{%' or x like '{#%}'")
  })
})

describe('syntax that cannot be read', () => {
  test.each([
    ['{{#if true}}a', '`{{#if true}}` is never closed. @ {{#if true}} (Close it with {{/if}}.)'],
    ['{{#if true}}a{{/each}}', '`{{/each}}` cannot close `{{#if true}}`, the block that is open here. @ {{/each}} (Write {{/if}}.)'],
    ['a{{/if}}', '`{{/if}}` closes no block. @ {{/if}}'],
    ['a {{else}} b', '`{{else}}` stands in no block. @ {{else}}'],
    ["select {{ref 'a'", 'The tag that begins here is never closed: `}}` ends it. @ {{ (If the braces are SQL, write `\\{{` for `{{`.)'],
    [
      '{{eq a, b}}',
      '`{{eq a, b}}` cannot be read: `,` is not expected there. @ , (A tag is {{name}} or {{name argument key=value}}; a call in an argument stands in parentheses.)',
    ],
    [
      '{{#if a, b}}x{{/if}}',
      '`{{#if a, b}}` cannot be read: `,` is not expected there. @ , (A tag is {{name}} or {{name argument key=value}}; a call in an argument stands in parentheses.)',
    ],
    [
      '{{eq (a}}',
      '`{{eq (a}}` cannot be read: `}}` is not expected there. @ }} (A tag is {{name}} or {{name argument key=value}}; a call in an argument stands in parentheses.)',
    ],
    ["{{{ref 'a'}}", 'The tag that begins here is never closed: `}}}` ends it. @ {{{ (If the braces are SQL, write `\\{{` for `{{`.)'],
    ['{{{{raw}}}} a', '`{{{{raw}}}}` is never closed. @ {{{{raw}}}} (Close it with {{{{/raw}}}}.)'],
    ['{{#if x == 1}}a{{/if}}', '`{{#if x == 1}}` cannot be read: `=` is not expected there. @ = (There are no operators: write (eq a b).)'],
    [
      '{{#incremental 1}}a{{/incremental}}',
      '`incremental` takes no argument, and one is given. @ incremental 1 (Write {{#incremental}}...{{/incremental}}.)',
    ],
    ['a\0b', 'A NUL character stands here, and SQL has none. @ \0'],
    ["{{cents_to_dollars 'x' scale=1 scale=2}}", '`scale` is given twice. @ scale=2'],
  ])('%j', (template, mistake) => {
    expect(outcome(template)).toEqual([mistake])
  })
})
