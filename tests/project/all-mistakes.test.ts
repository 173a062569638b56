/** One project with most of the mistakes that authors make, through the command line: one run reports all of them, in the order of files and places. */
import { expect, it } from 'vitest'
import { createProject, type Files } from '../support/cli.ts'
import { lines } from './load-folder.ts'

const files: Files = {
  'sqlflow.yml': lines(`
    name: field
    versoin: 2
    default_target: dve
    env:
      REGION: {}
    vars:
      cycle: { type: integer, default: soon }
      weeks: 4
    targets:
      dev: { type: pglite, threads: many }
      prod: { type: postgres, protectd: true, url: "\${DATABASE_URL}" }
    folders:
      models/stagin: { materialized: view }
    selectors:
      nightly: "tga:nightly"
  `),
  'exports/turf.yml': lines(`
    from: turf_lst
    order_by: last_name
    to:
      csv: { path: turf.csv, headr: true }
  `),
  'exports/outside.yml': 'query: |\n  select * from {{ref "turf_lst"}}\nto: { csv: { path: ../turf.csv } }\n',
  'exports/phones.yml': 'from: supportrs\nto: { csvv: { path: phones.csv } }\n',
  'macros/dollars.sql': lines(`
    /*---
    descripton: Integer cents as dollars.
    args: { column: sql, scale: int }
    ---*/
    round({{column}} / {{scale}}, {{scal}})
  `),
  'macros/ping.sql': '{{pong 1}}\n',
  'macros/pong.sql': lines(`
    /*---
    args: { n: integer }
    ---*/
    {{ping}}
  `),
  'models/broken.sql': lines(`
    /*---
    tags: [nightly
    ---*/
    select 1 as a
  `),
  'models/cycle_a.sql': "select * from {{ref 'cycle_b'}}\n",
  'models/cycle_b.sql': "select *\nfrom {{ref 'cycle_c'}}\n",
  'models/cycle_c.sql': "select * from {{ref 'cycle_a'}}\n",
  'models/empty.sql': '-- Nothing yet.\n',
  'models/jinja.sql': "select {{ var('cycle') }} as cycle\nfrom {{ ref('supporters') }} join {{ref 'suporters'}} using (id)\n",
  'models/open_block.sql': "select 1 as a\n{{#if (var 'weeks')}}\nwhere {{nothing}} and exists (select from {{ref 'turf_lst'}})\n",
  'models/supporters.sql': lines(`
    /*---
    materialised: table
    tags: 3
    columns:
      supporter_id: { tests: [uniqe, { relationships: { to: turff, field: id } }] }
    ---*/
    select supporter_id, {{var 'cylce'}} as cycle, {{env 'REGON'}} as region, {{dolars 's.cents'}} as pledge
    from {{source 'van' 'contacs'}} as s
    join {{source 'vann' 'contacts'}} using (supporter_id)
  `),
  'models/turf.sql': 'select 1 as turf_id;\ndelete from turf\n',
  'models/old/turf.sql': 'select 1 as turf_id\n',
  'models/van.yml': lines(`
    sources:
      van:
        schema: tmc_van
        tables:
          contacts: { owner: ana@example.org, owner: bo@example.org }
    models:
      suporters: { owner: ana@example.org }
  `),
  'models/halves.sql': 'select * from {{#each (list 1 2) as |n|}}{{#if n.x}}a{{/if}}{{/each}} group by (county\n',
  'models/twin.sql': '/*---\nalias: TURF\nschema: marts\n---*/\nselect 1 as a\n',
  'models/twin_of_it.sql': '/*---\nalias: TURF\nschema: marts\n---*/\nselect 1 as a\n',
  'seeds/counties.csv': 'county\nFulton\n',
  'seeds/counties.yml': 'seeds: { counties: { delimeter: ";" } }\n',
  'tests/generic/at_most.sql': '/*---\nagrs: { most: integer }\n---*/\nselect * from {{relation}} where {{column}} > 1\n',
  'tests/generic/odd.sql': '/*---\nargs: [most\n---*/\nselect * from {{relation}} where {{column}} > {{most}}\n',
  'tests/no_orphans.sql': '/*---\nseverty: warn\n---*/\nselect * from {{self}} where {{ref supporters}}\n',
}

it('reports every mistake of a project in one run, framed, in the order of files', async () => {
  await using project = await createProject('pglite', { files })
  const { exitCode, stdout, stderr } = await project.run(['build'])
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toMatchInlineSnapshot(`
    "exports/outside.yml:2:23 error[unknown-ref]: There is no model or seed named \`turf_lst\`.
      1 | query: |
      2 |   select * from {{ref "turf_lst"}}
        |                       ^^^^^^^^^^

    exports/outside.yml:3:20 error[export-path]: The path \`../turf.csv\` of the export \`outside\` leaves the project's folder.
      2 |   select * from {{ref "turf_lst"}}
      3 | to: { csv: { path: ../turf.csv } }
        |                    ^^^^^^^^^^^
      hint: Write a path relative to the folder of sqlflow.yml.

    exports/phones.yml:1:7 error[unknown-ref]: There is no model, seed or source named \`supportrs\`.
      1 | from: supportrs
        |       ^^^^^^^^^
      hint: Did you mean \`supporters\`?

    exports/phones.yml:2:7 error[unknown-key]: Unknown key \`csvv\` under \`to\`.
      1 | from: supportrs
      2 | to: { csvv: { path: phones.csv } }
        |       ^^^^
      hint: Did you mean \`csv\`?

    exports/turf.yml:1:7 error[unknown-ref]: There is no model, seed or source named \`turf_lst\`.
      1 | from: turf_lst
        |       ^^^^^^^^

    exports/turf.yml:4:26 error[unknown-key]: Unknown key \`headr\` under \`csv\`.
      3 | to:
      4 |   csv: { path: turf.csv, headr: true }
        |                          ^^^^^
      hint: Did you mean \`header\`?

    macros/dollars.sql:2:1 error[unknown-key]: Unknown key \`descripton\`.
      1 | /*---
      2 | descripton: Integer cents as dollars.
        | ^^^^^^^^^^
      hint: Did you mean \`description\`?

    macros/dollars.sql:3:29 error[wrong-type]: \`scale\` must be one of sql, string, integer, number, boolean, list, any or a mapping of keys, not the text \`int\`.
      2 | descripton: Integer cents as dollars.
      3 | args: { column: sql, scale: int }
        |                             ^^^

    macros/dollars.sql:5:33 error[unknown-name]: \`scal\` is neither a built-in word nor a macro.
      4 | ---*/
      5 | round({{column}} / {{scale}}, {{scal}})
        |                                 ^^^^
      hint: Did you mean \`scale\`?

    macros/ping.sql:1:3 error[macro-cycle]: These macros form a cycle: \`ping\` → \`pong\` → \`ping\`.
      1 | {{pong 1}}
        |   ^^^^
      macros/ping.sql:1:3: \`ping\` calls \`pong\` here.
      1 | {{pong 1}}
        |   ^^^^
      macros/pong.sql:4:3: \`pong\` calls \`ping\` here.
      3 | ---*/
      4 | {{ping}}
        |   ^^^^
      hint: A macro cannot call itself, directly or through others: take one of these calls out.

    models/broken.sql:3:1 error[bad-yaml]: A list in \`[...]\`, a mapping in \`{...}\` or a quoted text is not closed, or lacks a comma.
      2 | tags: [nightly
      3 | ---*/
        | ^
      hint: Close it on the same line, or write one item a line.

    models/cycle_a.sql:1:21 error[cycle]: These models form a cycle: \`cycle_a\` → \`cycle_b\` → \`cycle_c\` → \`cycle_a\`.
      1 | select * from {{ref 'cycle_b'}}
        |                     ^^^^^^^^^
      models/cycle_a.sql:1:21: \`cycle_a\` reads \`cycle_b\` here.
      1 | select * from {{ref 'cycle_b'}}
        |                     ^^^^^^^^^
      models/cycle_b.sql:2:12: \`cycle_b\` reads \`cycle_c\` here.
      1 | select *
      2 | from {{ref 'cycle_c'}}
        |            ^^^^^^^^^
      models/cycle_c.sql:1:21: \`cycle_c\` reads \`cycle_a\` here.
      1 | select * from {{ref 'cycle_a'}}
        |                     ^^^^^^^^^
      hint: Take one of these reads out, or move what both sides need into a model of its own.

    models/empty.sql:1:1 error[empty-sql]: \`models/empty.sql\` holds no SQL.
      1 | -- Nothing yet.
        | ^
      hint: Write one SELECT, or delete the file.

    models/halves.sql:1:48 error[unknown-name]: \`n.x\` is not known: a number has no \`x\`.
      1 | select * from {{#each (list 1 2) as |n|}}{{#if n.x}}a{{/if}}{{/each}} group by (county
        |                                                ^^^

    models/jinja.sql:1:8 error[jinja]: \`var(...)\` is Jinja; templates here are Handlebars.
      1 | select {{ var('cycle') }} as cycle
        |        ^^^^^^^^^^^^^^^^^^
      hint: Write {{var 'cycle'}}.

    models/jinja.sql:2:6 error[jinja]: \`ref(...)\` is Jinja; templates here are Handlebars.
      1 | select {{ var('cycle') }} as cycle
      2 | from {{ ref('supporters') }} join {{ref 'suporters'}} using (id)
        |      ^^^^^^^^^^^^^^^^^^^^^^^
      hint: Write {{ref 'supporters'}}.

    models/jinja.sql:2:41 error[unknown-ref]: There is no model or seed named \`suporters\`.
      1 | select {{ var('cycle') }} as cycle
      2 | from {{ ref('supporters') }} join {{ref 'suporters'}} using (id)
        |                                         ^^^^^^^^^^^
      hint: Did you mean \`supporters\`?

    models/open_block.sql:2:1 error[bad-template]: \`{{#if (var 'weeks')}}\` is never closed.
      1 | select 1 as a
      2 | {{#if (var 'weeks')}}
        | ^^^^^^^^^^^^^^^^^^^^^
      hint: Close it with {{/if}}.

    models/open_block.sql:3:49 error[unknown-ref]: There is no model or seed named \`turf_lst\`.
      2 | {{#if (var 'weeks')}}
      3 | where {{nothing}} and exists (select from {{ref 'turf_lst'}})
        |                                                 ^^^^^^^^^^

    models/supporters.sql:2:1 error[unknown-key]: Unknown key \`materialised\`.
      1 | /*---
      2 | materialised: table
        | ^^^^^^^^^^^^
      hint: Did you mean \`materialized\`?

    models/supporters.sql:3:7 error[wrong-type]: \`tags\` must be text or a list, not the number 3.
      2 | materialised: table
      3 | tags: 3
        |       ^
      hint: For example: \`tags: ["nightly"]\`.

    models/supporters.sql:5:27 error[unknown-test]: There is no data test \`uniqe\`.
      4 | columns:
      5 |   supporter_id: { tests: [uniqe, { relationships: { to: turff, field: id } }] }
        |                           ^^^^^
      hint: Did you mean \`unique\`?

    models/supporters.sql:5:57 error[unknown-ref]: There is no model, seed or source named \`turff\`.
      4 | columns:
      5 |   supporter_id: { tests: [uniqe, { relationships: { to: turff, field: id } }] }
        |                                                         ^^^^^
      hint: Did you mean \`turf\`?

    models/supporters.sql:7:28 error[undeclared-var]: No variable \`cylce\` is declared.
      6 | ---*/
      7 | select supporter_id, {{var 'cylce'}} as cycle, {{env 'REGON'}} as region, {{dolars 's.cents'}} as pledge
        |                            ^^^^^^^
      hint: Did you mean \`cycle\`?

    models/supporters.sql:7:54 error[undeclared-env]: No environment variable \`REGON\` is declared.
      6 | ---*/
      7 | select supporter_id, {{var 'cylce'}} as cycle, {{env 'REGON'}} as region, {{dolars 's.cents'}} as pledge
        |                                                      ^^^^^^^
      hint: Did you mean \`REGION\`?

    models/supporters.sql:7:77 error[unknown-name]: \`dolars\` is neither a built-in word nor a macro.
      6 | ---*/
      7 | select supporter_id, {{var 'cylce'}} as cycle, {{env 'REGON'}} as region, {{dolars 's.cents'}} as pledge
        |                                                                             ^^^^^^
      hint: Did you mean \`dollars\`?

    models/supporters.sql:8:15 error[unknown-source]: The source \`van\` declares no table \`contacs\`.
      7 | select supporter_id, {{var 'cylce'}} as cycle, {{env 'REGON'}} as region, {{dolars 's.cents'}} as pledge
      8 | from {{source 'van' 'contacs'}} as s
        |               ^^^^^^^^^^^^^^^
      hint: Did you mean \`contacts\`?

    models/supporters.sql:9:15 error[unknown-source]: There is no source named \`vann\`.
      8 | from {{source 'van' 'contacs'}} as s
      9 | join {{source 'vann' 'contacts'}} using (supporter_id)
        |               ^^^^^^^^^^^^^^^^^
      hint: Did you mean \`van\`?

    models/turf.sql:1:1 error[duplicate-name]: The name \`turf\` is taken: there is a model of that name.
      1 | select 1 as turf_id;
        | ^
      models/old/turf.sql:1:1: The model \`turf\` is here.
      1 | select 1 as turf_id
        | ^
      hint: Models and seeds share one namespace: rename one file; \`alias\` keeps the name of its relation.

    models/turf.sql:2:1 error[not-one-select]: A second statement begins here, and only one SELECT is allowed.
      1 | select 1 as turf_id;
      2 | delete from turf
        | ^^^^^^
      hint: Move it into a model of its own.

    models/twin_of_it.sql:1:1 error[duplicate-relation]: The model \`twin_of_it\` and the model \`twin\` are both \`marts.TURF\`.
      1 | /*---
        | ^
      models/twin.sql:1:1: The model \`twin\` is here.
      1 | /*---
        | ^
      hint: Give one of them another \`alias\` or \`schema\`.

    models/van.yml:5:43 error[duplicate-key]: The key \`owner\` stands here a second time.
      4 |     tables:
      5 |       contacts: { owner: ana@example.org, owner: bo@example.org }
        |                                           ^^^^^
      models/van.yml:5:19: The first one is here.
      4 |     tables:
      5 |       contacts: { owner: ana@example.org, owner: bo@example.org }
        |                   ^^^^^
      hint: Remove one of the two, or join them.

    models/van.yml:7:3 error[unknown-model]: No file of \`models/**/*.sql\` is named \`suporters\`.
      6 | models:
      7 |   suporters: { owner: ana@example.org }
        |   ^^^^^^^^^
      hint: Did you mean \`supporters\`?

    seeds/counties.yml:1:22 error[unknown-key]: Unknown key \`delimeter\` under \`counties\`.
      1 | seeds: { counties: { delimeter: ";" } }
        |                      ^^^^^^^^^
      hint: Did you mean \`delimiter\`?

    sqlflow.yml:2:1 error[unknown-key]: Unknown key \`versoin\`.
      1 | name: field
      2 | versoin: 2
        | ^^^^^^^
      hint: Known here are name, default_target, env, vars, targets, google, folders, selectors.

    sqlflow.yml:3:17 error[unknown-target]: There is no target \`dve\`.
      2 | versoin: 2
      3 | default_target: dve
        |                 ^^^
      hint: Did you mean \`dev\`?

    sqlflow.yml:5:3 error[missing-env]: The environment variable \`REGION\` is not set, and target \`local\` needs it.
      4 | env:
      5 |   REGION: {}
        |   ^^^^^^
      hint: Set it in the environment or in \`.env\`.

    sqlflow.yml:7:36 error[wrong-var-type]: The default of \`cycle\` is not of its type, integer.
      6 | vars:
      7 |   cycle: { type: integer, default: soon }
        |                                    ^^^^

    sqlflow.yml:10:33 error[invalid-value]: \`threads\` must be a whole number from 1 to 64, or \`\${NAME}\`, not \`many\`.
       9 | targets:
      10 |   dev: { type: pglite, threads: many }
         |                                 ^^^^
      hint: For example: \`threads: 8\`.

    sqlflow.yml:11:27 error[unknown-key]: Unknown key \`protectd\` under \`prod\`.
      10 |   dev: { type: pglite, threads: many }
      11 |   prod: { type: postgres, protectd: true, url: "\${DATABASE_URL}" }
         |                           ^^^^^^^^
      hint: Did you mean \`protected\`?

    sqlflow.yml:11:49 error[undeclared-env]: The environment variable \`DATABASE_URL\` is not declared under \`env:\` of sqlflow.yml.
      10 |   dev: { type: pglite, threads: many }
      11 |   prod: { type: postgres, protectd: true, url: "\${DATABASE_URL}" }
         |                                                 ^^^^^^^^^^^^^^^
      hint: Declare it in sqlflow.yml: \`env: { DATABASE_URL: {} }\`.

    sqlflow.yml:13:3 warning[unknown-folder]: \`models/stagin\` under \`folders\` is no folder with files of this project.
      12 | folders:
      13 |   models/stagin: { materialized: view }
         |   ^^^^^^^^^^^^^

    sqlflow.yml:15:3 error[bad-selector]: \`tga\`, in \`tga:nightly\`, is no method of selection.
      14 | selectors:
      15 |   nightly: "tga:nightly"
         |   ^^^^^^^
      hint: Did you mean \`tag\`?

    tests/generic/at_most.sql:2:1 error[unknown-key]: Unknown key \`agrs\`.
      1 | /*---
      2 | agrs: { most: integer }
        | ^^^^
      hint: Did you mean \`args\`?

    tests/generic/odd.sql:3:1 error[bad-yaml]: A list in \`[...]\`, a mapping in \`{...}\` or a quoted text is not closed, or lacks a comma.
      2 | args: [most
      3 | ---*/
        | ^
      hint: Close it on the same line, or write one item a line.

    tests/no_orphans.sql:2:1 error[unknown-key]: Unknown key \`severty\`.
      1 | /*---
      2 | severty: warn
        | ^^^^^^^
      hint: Did you mean \`severity\`?

    tests/no_orphans.sql:4:17 error[misplaced-state]: {{self}} has no meaning here: a data test builds no relation.
      3 | ---*/
      4 | select * from {{self}} where {{ref supporters}}
        |                 ^^^^
      hint: Name the relation: {{ref 'name'}}.

    tests/no_orphans.sql:4:36 error[computed-name]: \`ref\` takes a name in quotes: \`supporters\` is computed. What a file reads is found without running it.
      3 | ---*/
      4 | select * from {{self}} where {{ref supporters}}
        |                                    ^^^^^^^^^^
      hint: Write {{ref 'supporters'}} if that is its name; else put one {{ref '...'}} in each branch of an {{#if}}, or give a macro the relation itself: (ref '...').

    47 errors, 1 warning
    "
  `)
})
