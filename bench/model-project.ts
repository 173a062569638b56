/** Projects of many models that look like real ones: about 25 lines each, front matter, refs, macros, a variable, a loop; no rows. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const macros: Readonly<Record<string, string>> = {
  cents_to_dollars:
    '/*---\nargs:\n  column: { type: sql }\n  scale: { type: integer, default: 2 }\n---*/\nround({{column}} / 100.0, {{scale}})\n',
  clean_text: "/*---\nargs:\n  column: { type: sql }\n---*/\nnullif(trim(both ' ' from lower({{column}})), '')\n",
  in_cycle: "/*---\nargs:\n  column: { type: sql }\n---*/\nextract(year from {{column}}) = {{var 'cycle'}}\n",
}

/** Writes a project of `count` models into `root`, an empty folder. Model n reads up to two models before it; one in ten has tests. */
export function writeModelProject(root: string, count: number): void {
  writeFileSync(join(root, 'sqlflow.yml'), 'name: bench\nvars:\n  cycle: { type: integer, default: 2026 }\n')
  mkdirSync(join(root, 'macros'))
  for (const [name, text] of Object.entries(macros)) writeFileSync(join(root, 'macros', `${name}.sql`), text)
  const folders = Math.ceil(count / 200)
  for (let folder = 0; folder < folders; folder++) mkdirSync(join(root, 'models', `area_${folder}`), { recursive: true })
  for (let index = 0; index < count; index++) writeFileSync(modelFile(root, index), modelText(index))
}

/** The file of model `index` of a project that `writeModelProject` wrote. */
export function modelFile(root: string, index: number): string {
  return join(root, 'models', `area_${Math.floor(index / 200)}`, `${modelName(index)}.sql`)
}

function modelName(index: number): string {
  return `turf_${String(index).padStart(5, '0')}`
}

function modelText(index: number): string {
  const reads = [index - 1, Math.floor(index / 3)].filter((at) => at >= 0 && at < index)
  const [first, second] = reads.map(modelName)
  return `/*---
description: Supporters of turf ${index}, with what they pledged.
materialized: view
tags: [turf, area_${Math.floor(index / 200)}]
columns:
  supporter_id:
    description: Primary key.${index % 10 === 0 ? '\n    tests: [unique, not_null]' : ''}
---*/
select
  s.supporter_id,
  {{clean_text 's.first_name'}} as first_name,
  {{clean_text 's.last_name'}} as last_name,
  {{cents_to_dollars 's.pledged_cents'}} as pledged,
  {{#each (list 'PA' 'GA' 'MI')}}
  count(*) filter (where s.state = {{literal this}}) as in_{{lower this}},
  {{/each}}
  max(s.updated_at) as updated_at
from ${first === undefined ? 'supporters' : `{{ref '${first}'}}`} as s
${second === undefined ? '' : `left join {{ref '${second}'}} as t using (supporter_id)`}
-- those who opted out are never contacted
where {{in_cycle 's.updated_at'}}
  and not coalesce(s.opted_out, false)
group by s.supporter_id, s.first_name, s.last_name, s.pledged_cents
`
}
