import { expect, test } from 'vitest'
import { noCache } from '../../src/core/content-cache.ts'
import type { Project } from '../../src/core/project.ts'
import { linkProject } from '../../src/graph/link-project.ts'
import {
  buildEnv,
  buildExport,
  buildGenericTest,
  buildMacro,
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

function mistakesOf(parts: Partial<Project>): string {
  const project = buildProject(parts)
  return tellDiagnostics(linkProject(project, noCache).diagnostics, project)
}

test('a ref to nothing names the nearest model, and says what else the name is', () => {
  const told = mistakesOf({
    models: [
      buildModel('stg_supporters', 'select 1', { tests: [buildTestUse('unique', 'unique_supporters')] }),
      buildModel(
        'turf_list',
        "{{ref 'stg_suporters'}} {{ref 'contacts'}} {{ref 'van.contacts'}} {{ref 'old_turf'}} {{ref 'dollars'}} {{ref 'weekly'}} {{ref 'unique_supporters'}} {{ref 'zzz'}}",
      ),
    ],
    sources: [buildSource('van.contacts')],
    macros: [buildMacro('dollars', '1')],
    exports: [buildExport('weekly', 'turf_list')],
    disabled: [{ kind: 'model', name: 'old_turf', at: place('models/old_turf.sql') }],
  })
  expect(told).toMatchInlineSnapshot(`
    "error unknown-ref at models/turf_list.sql ['stg_suporters']
      There is no model or seed named \`stg_suporters\`.
      hint: Did you mean \`stg_supporters\`?
    error unknown-ref at models/turf_list.sql ['contacts']
      \`contacts\` is a source, not a model or a seed.
      hint: Write {{source 'van' 'contacts'}}.
    error unknown-ref at models/turf_list.sql ['van.contacts']
      \`van.contacts\` is a source, not a model or a seed.
      hint: Write {{source 'van' 'contacts'}}.
    error unknown-ref at models/turf_list.sql ['old_turf']
      The model \`old_turf\` is disabled, so nothing can read it.
      hint: Take \`enabled: false\` out of it, or the ref to it out of this file.
      models/old_turf.sql (0): \`old_turf\` is disabled here.
    error unknown-ref at models/turf_list.sql ['dollars']
      \`dollars\` is a macro, which is no relation.
      hint: Call it as {{dollars ...}}.
    error unknown-ref at models/turf_list.sql ['weekly']
      \`weekly\` is an export, which nothing can read.
      hint: Read what the export reads.
    error unknown-ref at models/turf_list.sql ['unique_supporters']
      \`unique_supporters\` is a data test, which nothing can read.
      hint: Read what the test reads.
    error unknown-ref at models/turf_list.sql ['zzz']
      There is no model or seed named \`zzz\`."
  `)
})

test('a source that is not declared names the nearest, or the tables that there are', () => {
  const told = mistakesOf({
    models: [
      buildModel('contacts', "{{source 'van' 'contcts'}} {{source 'vna' 'contacts'}} {{source 'van' 'zzz'}} {{source 'actblue' 'gifts'}}"),
    ],
    sources: [buildSource('van.contacts'), buildSource('van.events')],
  })
  expect(told).toMatchInlineSnapshot(`
    "error unknown-source at models/contacts.sql ['van' 'contcts']
      The source \`van\` declares no table \`contcts\`.
      hint: Did you mean \`contacts\`?
    error unknown-source at models/contacts.sql ['vna' 'contacts']
      There is no source named \`vna\`.
      hint: Did you mean \`van\`?
    error unknown-source at models/contacts.sql ['van' 'zzz']
      The source \`van\` declares no table \`zzz\`.
      hint: It declares \`contacts\`, \`events\`.
    error unknown-source at models/contacts.sql ['actblue' 'gifts']
      There is no source named \`actblue\`.
      hint: Sources are declared under \`sources:\` in a YAML file in models/."
  `)
})

test('variables and environment variables are declared, and secrets stay out of templates', () => {
  const told = mistakesOf({
    models: [
      buildModel(
        'events',
        "{{var 'cicle'}} {{var 'zzz'}} {{env 'REGON'}} {{env 'ZZZ'}} {{env 'DATABASE_URL'}} {{env 'REGION'}} {{env 'PR_NUMBER'}}",
      ),
    ],
    vars: { cycle: 2026 },
    env: {
      REGION: buildEnv('REGION', { value: 'north' }),
      DATABASE_URL: buildEnv('DATABASE_URL', { secret: true, value: 'postgres://' }),
      PR_NUMBER: buildEnv('PR_NUMBER', { targets: ['ci'] }),
    },
  })
  expect(told).toMatchInlineSnapshot(`
    "error undeclared-var at models/events.sql ['cicle']
      No variable \`cicle\` is declared.
      hint: Did you mean \`cycle\`?
    error undeclared-var at models/events.sql ['zzz']
      No variable \`zzz\` is declared.
      hint: Declare it under \`vars:\` in sqlflow.yml.
    error undeclared-env at models/events.sql ['REGON']
      No environment variable \`REGON\` is declared.
      hint: Did you mean \`REGION\`?
    error undeclared-env at models/events.sql ['ZZZ']
      No environment variable \`ZZZ\` is declared.
      hint: Declare it under \`env:\` in sqlflow.yml.
    error secret-env at models/events.sql ['DATABASE_URL']
      \`DATABASE_URL\` is a secret, which no template may read.
      hint: A secret reaches targets and destinations alone: use it as \${DATABASE_URL} in sqlflow.yml.
      sqlflow.yml (0): \`DATABASE_URL\` is declared here.
    error unset-env at models/events.sql ['PR_NUMBER']
      The environment variable \`PR_NUMBER\` is not set, and the target \`dev\` is not among those that need it.
      hint: Set it, or add \`dev\` to its \`targets\`.
      sqlflow.yml (0): \`PR_NUMBER\` is declared here."
  `)
})

test('a word that is neither built in nor a macro names the nearest, or how to write what it is', () => {
  const told = mistakesOf({
    models: [buildModel('events', '{{dolars}} {{sefl}} {{cycle}} {{regions}} {{REGION}} {{constructor}}')],
    macros: [buildMacro('dollars', '{{colum}} {{column}}', ['column'])],
    genericTests: [buildGenericTest('matches', '{{relation}} {{column}} {{other}} {{othr}}', ['other'])],
    seeds: [buildSeed('regions')],
    vars: { cycle: 2026 },
    env: { REGION: buildEnv('REGION', { value: 'north' }) },
  })
  expect(told).toMatchInlineSnapshot(`
    "error unknown-name at macros/dollars.sql [colum]
      \`colum\` is neither a built-in word nor a macro.
      hint: Did you mean \`column\`?
    error unknown-name at models/events.sql [dolars]
      \`dolars\` is neither a built-in word nor a macro.
      hint: Did you mean \`dollars\`?
    error unknown-name at models/events.sql [sefl]
      \`sefl\` is neither a built-in word nor a macro.
      hint: Did you mean \`self\`?
    error unknown-name at models/events.sql [cycle]
      \`cycle\` is neither a built-in word nor a macro.
      hint: It is a variable: write {{var 'cycle'}}.
    error unknown-name at models/events.sql [regions]
      \`regions\` is neither a built-in word nor a macro.
      hint: It is a seed: write {{ref 'regions'}}.
    error unknown-name at models/events.sql [REGION]
      \`REGION\` is neither a built-in word nor a macro.
      hint: It is an environment variable: write {{env 'REGION'}}.
    error unknown-name at models/events.sql [constructor]
      \`constructor\` is neither a built-in word nor a macro.
    error unknown-name at tests/generic/matches.sql [othr]
      \`othr\` is neither a built-in word nor a macro.
      hint: Did you mean \`other\`?"
  `)
})

test('self and incremental are refused where no relation is built, through macros too', () => {
  const told = mistakesOf({
    models: [
      buildModel('events', 'select 1 from {{self}} {{newer}}'),
      buildModel('int_events', 'select 1 from {{self}}', { materialized: 'ephemeral' }),
    ],
    macros: [buildMacro('newer', '{{self}}')],
    genericTests: [buildGenericTest('fresh', 'select 1 from {{self}}')],
    singularTests: [buildSingularTest('no_gaps', 'select 1 from {{self}}'), buildSingularTest('no_late', 'select {{newer}}')],
    exports: [buildExport('weekly', 'select 1 from {{self}}')],
  })
  expect(told).toMatchInlineSnapshot(`
    "error misplaced-state at models/int_events.sql [self]
      {{self}} has no meaning here: \`int_events\` is ephemeral and builds no relation.
      hint: Materialize it as a view or a table.
    error misplaced-state at tests/generic/fresh.sql [self]
      {{self}} has no meaning here: a data test builds no relation.
      hint: The relation under test is {{relation}}.
    error misplaced-state at tests/no_gaps.sql [self]
      {{self}} has no meaning here: a data test builds no relation.
      hint: Name the relation: {{ref 'name'}}.
    error misplaced-state at tests/no_late.sql [newer]
      The macro \`newer\` uses {{self}}, which has no meaning here: a data test builds no relation.
      macros/newer.sql (0): \`newer\` is defined here.
    error misplaced-state at exports/weekly.yml (16)
      {{self}} has no meaning here: an export builds no relation.
      hint: Name the relation: {{ref 'name'}}."
  `)
})

test('from and to name nodes, and say so when they do not', () => {
  const told = mistakesOf({
    models: [
      buildModel('supporters', 'select 1', {
        tests: [
          buildTestUse('relationships', 'to_region', { args: { to: 'regoins', field: 'id' } }),
          buildTestUse('relationships', 'to_jinja', { args: { to: "ref('regions')", field: 'id' } }),
        ],
      }),
    ],
    seeds: [buildSeed('regions')],
    sources: [buildSource('van.contacts')],
    exports: [buildExport('weekly', 'suporters'), buildExport('people', 'contacts'), buildExport('again', 'weekly')],
  })
  expect(told).toMatchInlineSnapshot(`
    "error unknown-ref at models/schema.yml (0)
      There is no model, seed or source named \`regoins\`.
      hint: Did you mean \`regions\`?
    error unknown-ref at models/schema.yml (0)
      \`ref('regions')\` is not the name of a node.
      hint: Write the name alone: \`supporters\`, or \`van.contacts\` for a source.
    error unknown-ref at exports/weekly.yml (6)
      There is no model, seed or source named \`suporters\`.
      hint: Did you mean \`supporters\`?
    error unknown-ref at exports/people.yml (6)
      \`contacts\` is a source, not a model or a seed.
      hint: Write \`van.contacts\`.
    error unknown-ref at exports/again.yml (6)
      \`weekly\` is an export, which nothing can read.
      hint: Read what the export reads."
  `)
})

test('a cycle shows each of its edges, also through a macro, and leaves an acyclic graph', () => {
  const project = buildProject({
    models: [
      buildModel('supporters', "select * from {{ref 'events'}}"),
      buildModel('events', "select * from {{ref 'shifts'}}"),
      buildModel('shifts', 'select * from {{people}}'),
      buildModel('turf', "select * from {{ref 'turf'}} join {{ref 'supporters'}}"),
    ],
    macros: [buildMacro('people', "{{ref 'supporters'}}")],
  })
  const { graph, diagnostics } = linkProject(project, noCache)
  expect(tellDiagnostics(diagnostics, project)).toMatchInlineSnapshot(`
    "error cycle at models/events.sql ['shifts']
      These models form a cycle: \`events\` → \`shifts\` → \`supporters\` → \`events\`.
      hint: Take one of these reads out, or move what both sides need into a model of its own.
      models/events.sql ['shifts']: \`events\` reads \`shifts\` here.
      models/shifts.sql [people]: \`shifts\` reads \`supporters\` here, through the macro \`people\`.
      models/supporters.sql ['events']: \`supporters\` reads \`events\` here.
    error cycle at models/turf.sql ['turf']
      The model \`turf\` reads itself.
      hint: Its rows as they were before the run are {{self}}, inside {{#incremental}}.
      models/turf.sql ['turf']: \`turf\` reads \`turf\` here."
  `)
  expect(graph.order).toHaveLength(4)
})

test('two cycles that share a model are both told', () => {
  const told = mistakesOf({
    models: [
      buildModel('events', "{{ref 'shifts'}} {{ref 'turf'}}"),
      buildModel('shifts', "{{ref 'events'}}"),
      buildModel('turf', "{{ref 'events'}}"),
    ],
  })
  expect(told).toMatchInlineSnapshot(`
    "error cycle at models/events.sql ['shifts']
      These models form a cycle: \`events\` → \`shifts\` → \`events\`.
      hint: Take one of these reads out, or move what both sides need into a model of its own.
      models/events.sql ['shifts']: \`events\` reads \`shifts\` here.
      models/shifts.sql ['events']: \`shifts\` reads \`events\` here.
    error cycle at models/events.sql ['turf']
      These models form a cycle: \`events\` → \`turf\` → \`events\`.
      hint: Take one of these reads out, or move what both sides need into a model of its own.
      models/events.sql ['turf']: \`events\` reads \`turf\` here.
      models/turf.sql ['events']: \`turf\` reads \`events\` here."
  `)
})

test('macros that call each other are refused', () => {
  const told = mistakesOf({
    macros: [buildMacro('dollars', '{{cents}}'), buildMacro('cents', '{{dollars}}'), buildMacro('loop', '{{loop}}')],
  })
  expect(told).toMatchInlineSnapshot(`
    "error macro-cycle at macros/cents.sql [dollars]
      These macros form a cycle: \`cents\` → \`dollars\` → \`cents\`.
      hint: A macro cannot call itself, directly or through others: take one of these calls out.
      macros/cents.sql [dollars]: \`cents\` calls \`dollars\` here.
      macros/dollars.sql [cents]: \`dollars\` calls \`cents\` here.
    error macro-cycle at macros/loop.sql [loop]
      The macro \`loop\` calls itself.
      hint: A macro cannot call itself, directly or through others: take one of these calls out.
      macros/loop.sql [loop]: \`loop\` calls \`loop\` here."
  `)
})

test('named selectors are checked, used or not', () => {
  const told = mistakesOf({
    selectors: [
      buildSelector('nightly', { union: ['tgo:nightly', 'selector:wekly'] }),
      buildSelector('weekly', { intersection: ['a,', 'selector:monthly'] }),
      buildSelector('monthly', { exclude: ['selector:weekly'] }),
      buildSelector('both', { union: ['a'], intersection: [{ exclude: ['resource_type:modle'] }] }),
    ],
  })
  expect(told).toMatchInlineSnapshot(`
    "error bad-selector at sqlflow.yml (0)
      \`tgo\`, in \`tgo:nightly\`, is no method of selection.
      hint: There are \`fqn:\`, \`path:\`, \`file:\`, \`tag:\`, \`config:\`, \`source:\`, \`resource_type:\`, \`test_name:\`, \`test_type:\`, \`export:\`, \`selector:\`.
    error unknown-selector at sqlflow.yml (0)
      There is no selector named \`wekly\`.
      hint: Did you mean \`weekly\`?
    error bad-selector at sqlflow.yml (0)
      \`a,\` has a comma with nothing beside it.
      hint: Write \`a,b\` without spaces for what is in both, \`a b\` for what is in either.
    error bad-selector at sqlflow.yml (0)
      The selector \`both\` has both \`union\` and \`intersection\` in one place.
      hint: Put one of them inside the other.
    error bad-selector at sqlflow.yml (0)
      \`modle\`, in \`resource_type:modle\`, is no type of node.
      hint: Did you mean \`model\`?
    error selector-cycle at sqlflow.yml (0)
      These selectors form a cycle: \`monthly\` → \`weekly\` → \`monthly\`.
      hint: A selector cannot reuse itself, directly or through others.
      sqlflow.yml (0): \`monthly\` reuses \`weekly\` here.
      sqlflow.yml (0): \`weekly\` reuses \`monthly\` here."
  `)
})
