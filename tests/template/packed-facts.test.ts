import { expect, it } from 'vitest'
import { analyzeTemplate } from '../../src/template/analyze-template.ts'
import { packFacts, unpackFacts } from '../../src/template/packed-facts.ts'
import { parseTemplate } from '../../src/template/parse-template.ts'
import type { TemplateFacts } from '../../src/template/template.ts'

function factsOf(text: string): TemplateFacts {
  const source = { file: 'models/turf.sql', text, segments: [{ text: 0, file: 0 }] }
  const parsed = parseTemplate(source)
  if (!parsed.ok) throw new Error('The template cannot be parsed.')
  return analyzeTemplate(parsed.template, source).facts
}

it.each([
  'select 1',
  "select {{cents_to_dollars 'pledged'}}, {{var 'cycle'}}, {{env 'REGION'}} from {{ref 'supporters'}} join {{source 'van' 'contacts'}} on true",
  "{{#each (list 'PA' 'GA')}}{{state}}, {{clean_text this}}, {{county}}{{/each}}{{turf}}",
  'select {{target.name}}, {{literal run.started_at}} {{#incremental}}from {{self}}{{/incremental}}',
])('comes back from the cache as it was found: %s', (text) => {
  const facts = factsOf(text)
  const packed = packFacts(facts)
  expect(unpackFacts(JSON.parse(JSON.stringify(packed)))).toStrictEqual(facts)
})

it('keeps nothing of what a template does not use', () => {
  expect(packFacts(factsOf("select * from {{ref 'supporters'}}"))).toEqual({ refs: ['supporters', expect.any(Number), expect.any(Number)] })
})
