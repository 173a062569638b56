/** The tags that are read without Handlebars, against Handlebars: the same program, whatever stands in them and around them. */
import { describe, expect, it } from 'vitest'
import { buildBody } from '../../src/template/build-program.ts'
import { parseHandlebars } from '../../src/template/handlebars-tree.ts'
import { parseTemplate } from '../../src/template/parse-template.ts'
import type { Body } from '../../src/template/program.ts'
import { readSimpleTags } from '../../src/template/simple-tags.ts'
import { scanTags } from '../../src/template/scan-tags.ts'
import { seededRandom } from './scene.ts'

/** By Handlebars alone; undefined where it finds a mistake. */
function witness(text: string): readonly unknown[] | undefined {
  const source = { file: 'models/a.sql', text, segments: [{ text: 0, file: 0 }] }
  const tree = parseHandlebars(scanTags(text).masked)
  if (!tree.ok) return undefined
  const diagnostics: never[] = []
  const body = buildBody({ source, diagnostics, simple: [] }, tree.program)
  return diagnostics.length > 0 ? undefined : shown(body, text)
}

function ours(text: string): readonly unknown[] | undefined {
  const parsed = parseTemplate({ file: 'models/a.sql', text, segments: [{ text: 0, file: 0 }] })
  return parsed.ok ? shown(parsed.template, text) : undefined
}

/** Text as what it prints: Handlebars cuts it where a backslash stands. */
function shown(body: Body, text: string): readonly unknown[] {
  const statements: unknown[] = []
  for (const statement of body) {
    const last = statements.at(-1)
    if (statement[0] === 'text') {
      const printed = text.slice(statement[1], statement[2])
      if (typeof last === 'string') statements.splice(-1, 1, last + printed)
      else statements.push(printed)
    } else if (statement[0] === 'block') {
      const [op, call, params, inside, inverse] = statement
      statements.push([op, call, params, shown(inside, text), inverse && shown(inverse, text)])
    } else statements.push(statement)
  }
  return statements
}

const plain = ['ref', 'turf', 'a.b', "'PA'", '12', '(list 1 2)', "(lower 'x')", 'this', 'b=(list 1)', 'x1']
const words = [
  'ref',
  'turf',
  'else',
  'elsewhere',
  'this',
  'true',
  'false',
  'null',
  'undefined',
  'as',
  'as |x|',
  'a.b',
  'a/b',
  'this.x',
  '@index',
  '..',
  '.',
  'x1',
  '_y',
]
const values = [
  "'PA'",
  '"GA"',
  "'it''s'",
  "'a\\'b'",
  '12',
  '-1.5',
  '1a',
  '007',
  '1.',
  '(list 1 2)',
  "(lower 'x')",
  '(now)',
  '()',
  '( list 1 )',
  'key=1',
  "a='b'",
  'b=(list 1)',
  'true=1',
  'a = 1',
]
const around = [' ', '\n', '  \n  ', 'select 1', "'", '\\', '\\\\', ';\n', '\t']
const blocks = [
  '{{#if turf}}',
  '{{/if}}',
  '{{#each turf}}',
  '{{/each}}',
  '{{else}}',
  '{{~#if turf~}}',
  '{{! note }}',
  '{{!-- {{x}} --}}',
  '-- {{turf}}\n',
  '{{{turf}}}',
  '{{&turf}}',
  '\\{{turf}}',
]

describe('Tags that are read without Handlebars', () => {
  it('make the program that Handlebars makes of five thousand random templates', () => {
    const random = seededRandom(7)
    const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)]!
    const tag = (): string => {
      const parts = Array.from({ length: Math.floor(random() * 3) }, () => pick(random() < 0.7 ? plain : random() < 0.5 ? words : values))
      const space = random() < 0.9 ? ' ' : pick(['', '\n', '  '])
      return `{{${pick(['', '', ' ', '~'])}${[random() < 0.8 ? 'ref' : pick(words), ...parts].join(space)}${pick(['', '', ' ', '~', '\n'])}}}`
    }
    const block = (): string => `{{#if turf}}${pick(around)}${tag()}${pick(around)}{{/if}}`
    const part = (): string => (random() < 0.5 ? tag() : random() < 0.7 ? pick(around) : random() < 0.7 ? block() : pick(blocks))
    let simple = 0
    for (let round = 0; round < 5000; round++) {
      const text = Array.from({ length: 1 + Math.floor(random() * 6) }, part).join('')
      const { tags } = scanTags(text)
      if (parsesAsJinja(text)) continue
      expect({ text, program: ours(text) }).toEqual({ text, program: witness(text) })
      simple += readSimpleTags(text, tags).simple.length
    }
    expect(simple).toBeGreaterThan(3000)
  })

  it('are those of most templates', () => {
    const text =
      "select {{cents_to_dollars 's.cents' scale=2}} from {{ref 'turf'}} where x in ({{join (list 'PA' 1 a.b) ', '}}) and {{ name }}"
    expect(readSimpleTags(text, scanTags(text).tags).others).toEqual([])
  })
})

/** Refused before Handlebars reads it. */
function parsesAsJinja(text: string): boolean {
  const parsed = parseTemplate({ file: 'models/a.sql', text, segments: [{ text: 0, file: 0 }] })
  return !parsed.ok && parsed.diagnostics.some(({ code }) => code === 'jinja')
}
