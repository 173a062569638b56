import { describe, expect, test } from 'vitest'
import { noCache } from '../../src/core/content-cache.ts'
import type { NodeId } from '../../src/core/node.ts'
import type { Project, SelectorDefinition } from '../../src/core/project.ts'
import { linkProject } from '../../src/graph/link-project.ts'
import { selectNodes, type SelectionRequest } from '../../src/graph/select.ts'
import {
  buildExport,
  buildModel,
  buildProject,
  buildSeed,
  buildSelector,
  buildSingularTest,
  buildSource,
  buildTestUse,
  place,
} from '../support/project-builder.ts'
import { tellDiagnostics } from '../support/tell-diagnostics.ts'

/**
 * van.contacts → stg_contacts → int_supporters → turf_list → (export) turf_by_region
 * regions ───────────────────────────────────────┘   └→ turf_counts
 */
const parts: Partial<Project> = {
  sources: [
    buildSource('van.contacts', { tests: [buildTestUse('not_null', 'not_null_contacts_id')] }),
    buildSource('van.events', { tags: ['slow'] }),
    buildSource('actblue.gifts'),
  ],
  seeds: [buildSeed('regions', { tags: ['small'], tests: [buildTestUse('unique', 'unique_regions_id')] })],
  models: [
    buildModel('stg_contacts', "{{source 'van' 'contacts'}}", { folder: 'models/staging/van', tags: ['nightly'] }),
    buildModel('stg_gifts', "{{source 'actblue' 'gifts'}}", { folder: 'models/staging', describedIn: 'models/staging/gifts.yml' }),
    buildModel('int_supporters', "{{ref 'stg_contacts'}}", {
      folder: 'models/intermediate',
      materialized: 'ephemeral',
      tests: [buildTestUse('unique', 'unique_supporters_id', { tags: ['nightly'] })],
    }),
    buildModel('turf_list', "{{ref 'int_supporters'}} {{ref 'regions'}}", {
      folder: 'models/marts/core',
      materialized: 'table',
      tags: ['nightly', 'slow'],
      config: { meta: { owner: { team: 'Field' }, pii: true }, indexes: ['region', 'precinct'] },
      tests: [
        buildTestUse('relationships', 'turf_list_region', { args: { to: 'regions', field: 'id' }, options: { severity: 'warn' } }),
        buildTestUse('unique', 'unique_turf_list_id'),
      ],
    }),
    buildModel('turf_counts', "{{ref 'turf_list'}}", { folder: 'models/marts', materialized: 'table' }),
  ],
  singularTests: [buildSingularTest('no_orphans', "{{ref 'turf_counts'}} {{ref 'stg_gifts'}}", { folder: 'tests/marts' })],
  exports: [buildExport('turf_by_region', 'turf_list', { tags: ['nightly'] })],
  disabled: [{ kind: 'model', name: 'old_turf', at: place('models/old_turf.sql') }],
}

const field = buildProject(parts)
const { graph } = linkProject(field, noCache)

function select(request: Partial<SelectionRequest> | string, project = field) {
  const whole = typeof request === 'string' ? { select: [request] } : request
  return selectNodes(graph, project, { select: [], exclude: [], ...whole })
}

/** Names, without tests unless they are asked for; a kind stands before what is no model. */
function names(selected: ReadonlySet<NodeId>, { tests = false } = {}): string {
  return [...selected]
    .filter((id) => tests || !id.startsWith('test:'))
    .map((id) => id.replace(/^(model|test):/, ''))
    .sort()
    .join(' ')
}

describe('a term selects', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['turf_list', 'turf_list'],
    ['stg_*', 'stg_contacts stg_gifts'],
    ['turf_?ist', 'turf_list'],
    ['turf_[a-k]*', 'export:turf_by_region turf_counts'],
    ['turf_[!a-k]*', 'turf_list'],
    ['marts', 'turf_counts turf_list'],
    ['marts.core', 'turf_list'],
    ['marts.core.turf_list', 'turf_list'],
    ['marts.turf*', 'turf_counts'],
    ['marts.*', 'turf_counts turf_list'],
    ['*.stg_contacts', 'stg_contacts'],
    ['field.marts.core', 'turf_list'],
    ['field', 'export:turf_by_region int_supporters seed:regions stg_contacts stg_gifts turf_counts turf_list'],
    ['fqn:turf_list', 'turf_list'],
    ['regions', 'seed:regions'],
    ['turf_by_region', 'export:turf_by_region'],
    ['tag:nightly', 'export:turf_by_region stg_contacts turf_list'],
    ['tag:s*', 'seed:regions source:van.events turf_list'],
    ['path:models/staging', 'stg_contacts stg_gifts'],
    ['models/staging/', 'stg_contacts stg_gifts'],
    ['./models/staging', 'stg_contacts stg_gifts'],
    ['models/*/core', 'turf_list'],
    ['models/**/turf_*.sql', 'turf_counts turf_list'],
    ['models/staging/gifts.yml', 'stg_gifts'],
    ['models/stag', ''],
    ['turf_list.sql', 'turf_list'],
    ['regions.csv', 'seed:regions'],
    ['gifts.yml', 'stg_gifts'],
    ['file:turf_list', 'turf_list'],
    ['source:van', 'source:van.contacts source:van.events'],
    ['source:van.contacts', 'source:van.contacts'],
    ['source:field.van.contacts', 'source:van.contacts'],
    ['source:*.g*', 'source:actblue.gifts'],
    ['source:*', 'source:actblue.gifts source:van.contacts source:van.events'],
    ['resource_type:seed', 'seed:regions'],
    ['resource_type:export', 'export:turf_by_region'],
    ['export:turf_*', 'export:turf_by_region'],
    ['config.materialized:TABLE', 'turf_counts turf_list'],
    ['config.meta.owner.team:field', 'turf_list'],
    ['config.meta.pii:true', 'turf_list'],
    ['config.meta.owner:team', 'turf_list'],
    ['config.indexes:precinct', 'turf_list'],
    ['config.to:csv', 'export:turf_by_region'],
    ['config.meta.owner.team.x:field', ''],
    ['+int_supporters', 'int_supporters source:van.contacts stg_contacts'],
    ['1+int_supporters', 'int_supporters stg_contacts'],
    ['0+int_supporters', 'int_supporters'],
    ['int_supporters+', 'export:turf_by_region int_supporters turf_counts turf_list'],
    ['int_supporters+1', 'int_supporters turf_list'],
    ['1+int_supporters+1', 'int_supporters stg_contacts turf_list'],
    ['+export:turf_by_region', 'export:turf_by_region int_supporters seed:regions source:van.contacts stg_contacts turf_list'],
    ['@turf_counts', 'int_supporters seed:regions source:actblue.gifts source:van.contacts stg_contacts stg_gifts turf_counts turf_list'],
    ['turf_list stg_gifts', 'stg_gifts turf_list'],
    ['tag:nightly,config.materialized:table', 'turf_list'],
    ['+turf_counts,stg_* regions', 'seed:regions stg_contacts'],
  ]
  test.each(cases)('%s', (text, expected) => {
    expect(names(select(text).selected)).toBe(expected)
  })
})

describe('tests are selected', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['test_name:unique', 'unique_regions_id unique_supporters_id unique_turf_list_id'],
    ['test_type:singular', 'no_orphans'],
    ['test_type:generic,tag:nightly', 'unique_supporters_id unique_turf_list_id turf_list_region'],
    ['test_type:data,no_*', 'no_orphans'],
    ['config.severity:warn', 'turf_list_region'],
    ['unique_turf_*', 'unique_turf_list_id'],
    ['tests/marts', 'no_orphans'],
    ['stg_gifts', 'no_orphans stg_gifts'],
    ['source:van.contacts', 'not_null_contacts_id source:van.contacts'],
  ]
  test.each(cases)('%s', (text, expected) => {
    expect(names(select(text).selected, { tests: true })).toBe(expected.split(' ').sort().join(' '))
  })
})

describe('tests that come with their nodes', () => {
  const withTests = (request: Partial<SelectionRequest>): string => names(select(request).selected, { tests: true })

  test('are all that read a selected node when eager', () => {
    expect(withTests({ select: ['regions'] })).toBe('seed:regions turf_list_region unique_regions_id')
  })

  test('are those whose every parent is selected when cautious', () => {
    expect(withTests({ select: ['regions'], indirect: 'cautious' })).toBe('seed:regions unique_regions_id')
  })

  test('are admitted again when another term brings the missing parent', () => {
    expect(withTests({ select: ['regions', 'turf_list'], indirect: 'cautious' })).toBe(
      'seed:regions turf_list turf_list_region unique_regions_id unique_turf_list_id',
    )
  })

  test('may read what is above the selection when buildable', () => {
    expect(withTests({ select: ['turf_list'], indirect: 'buildable' })).toBe('turf_list turf_list_region unique_turf_list_id')
    expect(withTests({ select: ['regions'], indirect: 'buildable' })).toBe('seed:regions unique_regions_id')
  })

  test('are none when empty, but for those that are named', () => {
    expect(withTests({ select: ['turf_list'], indirect: 'empty' })).toBe('turf_list')
    expect(withTests({ select: ['turf_list', 'test_name:relationships'], indirect: 'cautious' })).toBe(
      'turf_list turf_list_region unique_turf_list_id',
    )
    expect(withTests({ select: ['turf_list_region'], indirect: 'empty' })).toBe('turf_list_region')
  })

  test('leave with an excluded node', () => {
    expect(withTests({ select: ['regions turf_list'], exclude: ['regions'] })).toBe('turf_list unique_turf_list_id')
  })
})

test('without a selector everything is selected, in the order of the graph', () => {
  expect([...select({}).selected]).toEqual(graph.order)
})

test('exclude subtracts last, and takes the whole grammar', () => {
  expect(names(select({ select: ['+turf_counts'], exclude: ['stg_*+,config.materialized:table', 'source:*'] }).selected)).toBe(
    'int_supporters seed:regions stg_contacts',
  )
  expect(names(select({ exclude: ['resource_type:model export:*'] }).selected)).toBe(
    'seed:regions source:actblue.gifts source:van.contacts source:van.events',
  )
})

describe('named selectors', () => {
  const named = (definition: SelectorDefinition, isDefault = false, others: Readonly<Record<string, SelectorDefinition>> = {}): Project =>
    buildProject({
      ...parts,
      selectors: [buildSelector('chosen', definition, isDefault), ...Object.entries(others).map(([name, one]) => buildSelector(name, one))],
    })
  const chosen = (definition: SelectorDefinition, others: Readonly<Record<string, SelectorDefinition>> = {}): string =>
    names(select('selector:chosen', named(definition, false, others)).selected)

  test('are unions, intersections and exclusions, nested', () => {
    expect(chosen('stg_* regions')).toBe('seed:regions stg_contacts stg_gifts')
    expect(chosen({ union: ['stg_gifts', 'marts'] })).toBe('stg_gifts turf_counts turf_list')
    expect(chosen({ intersection: ['+turf_list', { union: ['stg_*', 'regions'] }] })).toBe('seed:regions stg_contacts')
    expect(chosen({ union: ['tag:nightly'], exclude: ['tag:slow', 'export:*'] })).toBe('stg_contacts')
    expect(chosen({ exclude: ['source:* marts intermediate'] })).toBe('export:turf_by_region seed:regions stg_contacts stg_gifts')
  })

  test('may reuse others, and stand among other terms', () => {
    expect(chosen({ union: ['selector:raw', 'stg_gifts'] }, { raw: 'source:actblue' })).toBe('source:actblue.gifts stg_gifts')
    expect(names(select('selector:chosen+1,resource_type:model', named('stg_*')).selected)).toBe('int_supporters stg_contacts stg_gifts')
  })

  test('the default one applies where nothing is selected, and exclude subtracts from it', () => {
    const project = named('marts', true)
    expect(names(select({}, project).selected)).toBe('turf_counts turf_list')
    expect(names(select({ exclude: ['turf_list'] }, project).selected)).toBe('turf_counts')
    expect(names(select('regions', project).selected)).toBe('seed:regions')
  })

  test('that match nothing are warned about where they stand', () => {
    const project = named({ union: ['tag:nightlyy', 'turf_list'] })
    expect(tellDiagnostics(select('selector:chosen', project).diagnostics, project)).toMatchInlineSnapshot(`
      "warning selector-matched-nothing at sqlflow.yml (0)
        Nothing matches \`tag:nightlyy\`.
        hint: Did you mean \`nightly\`?"
    `)
  })
})

describe('mistakes', () => {
  const told = (...texts: readonly string[]): string => tellDiagnostics(select({ select: texts }).diagnostics, field)

  test('in the grammar name the token and what to write', () => {
    expect(
      told('@turf_list+', 'a,,b', 'stg_*,', '+', 'tag:', 'tagg:x', 'exposure:x', 'state:modified', 'config:view', 'tag.a:b', '++m', 'm+1+'),
    ).toMatchInlineSnapshot(`
      "error bad-selector
        \`@turf_list+\` has both \`@\` and \`+\` after the name.
        hint: \`@\` takes in all that reads it already: write \`@turf_list\`.
      error bad-selector
        \`a,,b\` has a comma with nothing beside it.
        hint: Write \`a,b\` without spaces for what is in both, \`a b\` for what is in either.
      error bad-selector
        \`stg_*,\` has a comma with nothing beside it.
        hint: Write \`a,b\` without spaces for what is in both, \`a b\` for what is in either.
      error bad-selector
        \`+\` names nothing to select.
        hint: Write a name, or a method and a value, such as \`tag:nightly\`.
      error bad-selector
        \`tag:\` names nothing to select.
        hint: Write a name, or a method and a value, such as \`tag:nightly\`.
      error bad-selector
        \`tagg\`, in \`tagg:x\`, is no method of selection.
        hint: Did you mean \`tag\`?
      error bad-selector
        \`exposure\`, in \`exposure:x\`, is no method of selection.
        hint: Write \`export:\`.
      error bad-selector
        \`state\`, in \`state:modified\`, is no method of selection.
        hint: There are \`fqn:\`, \`path:\`, \`file:\`, \`tag:\`, \`config:\`, \`source:\`, \`resource_type:\`, \`test_name:\`, \`test_type:\`, \`export:\`, \`selector:\`.
      error bad-selector
        \`config:view\` does not say which key.
        hint: Write \`config.materialized:view\`.
      error bad-selector
        \`tag\`, in \`tag.a:b\`, takes no \`.a\`.
      error bad-selector
        \`++m\` has an operator too many.
        hint: A term is \`@name\`, \`+name\`, \`2+name\`, \`name+\` or \`name+2\`.
      error bad-selector
        \`m+1+\` has an operator too many.
        hint: A term is \`@name\`, \`+name\`, \`2+name\`, \`name+\` or \`name+2\`."
    `)
  })

  test('in a value that has few are errors too', () => {
    expect(told('resource_type:models', 'test_type:unit', 'selector:nightly')).toMatchInlineSnapshot(`
      "error bad-selector
        \`models\`, in \`resource_type:models\`, is no type of node.
        hint: Did you mean \`model\`?
      error bad-selector
        \`unit\`, in \`test_type:unit\`, is no type of test.
        hint: It is one of \`generic\`, \`singular\`, \`data\`.
      error unknown-selector
        There is no selector named \`nightly\`.
        hint: Selectors are named under \`selectors:\` in sqlflow.yml."
    `)
  })

  test('each term that matches nothing is named once, with what it may have meant', () => {
    expect(
      told(
        'turf_lists turf_lists old_turf van.contacts nightly tag:nightl source:vann.contacts zzz_* path:models/nope',
        'stg_gifts,turf_list test_name:uniqe export:turf_by_regio',
      ),
    ).toMatchInlineSnapshot(`
      "warning selector-matched-nothing
        Nothing matches \`turf_lists\`.
        hint: Did you mean \`turf_list\`?
      warning selector-matched-nothing
        Nothing matches \`old_turf\`.
        hint: The model \`old_turf\` is disabled.
      warning selector-matched-nothing
        Nothing matches \`van.contacts\`.
        hint: It is a source: write \`source:van.contacts\`.
      warning selector-matched-nothing
        Nothing matches \`nightly\`.
        hint: It is a tag: write \`tag:nightly\`.
      warning selector-matched-nothing
        Nothing matches \`tag:nightl\`.
        hint: Did you mean \`nightly\`?
      warning selector-matched-nothing
        Nothing matches \`source:vann.contacts\`.
        hint: Did you mean \`van.contacts\`?
      warning selector-matched-nothing
        Nothing matches \`zzz_*\`.
      warning selector-matched-nothing
        Nothing matches \`path:models/nope\`.
      warning selector-matched-nothing
        Nothing matches \`stg_gifts,turf_list\`.
        hint: Each of its terms matches something, but no node is in all.
      warning selector-matched-nothing
        Nothing matches \`test_name:uniqe\`.
        hint: Did you mean \`unique\`?
      warning selector-matched-nothing
        Nothing matches \`export:turf_by_regio\`.
        hint: Did you mean \`turf_by_region\`?"
    `)
  })

  test('of a name with a space say what stands for the space, and that selects it', () => {
    const spaced = buildProject({ models: [buildModel('Turf list', ''), buildModel('counts', '')] })
    const { graph: linked } = linkProject(spaced, noCache)
    const selected = (text: string) => selectNodes(linked, spaced, { select: [text], exclude: [] })
    expect(tellDiagnostics(selected('Turf list').diagnostics.slice(0, 1), spaced)).toMatchInlineSnapshot(`
      "warning selector-matched-nothing
        Nothing matches \`Turf\`.
        hint: A space means union and a comma intersection: write \`Turf?list\` for \`Turf list\`."
    `)
    expect(names(selected('Turf?list').selected)).toBe('Turf list')
  })

  test('in what is excluded are named as well', () => {
    const { diagnostics } = select({ exclude: ['turf_lst'] })
    expect(tellDiagnostics(diagnostics, field)).toMatchInlineSnapshot(`
      "warning selector-matched-nothing
        Nothing matches \`turf_lst\`.
        hint: Did you mean \`turf_list\`?"
    `)
  })
})
