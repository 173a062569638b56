/** A column of a parent vanishes or changes its type: what becomes of the views that use it, by the whole of a run. */
import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../../src/core/event.ts'
import { type CliProject, type CommandResult, warehouses } from '../support/cli.ts'

const table = (sql: string): string => `/*---\nmaterialized: table\n---*/\n${sql}\n`
const people = table(`select 1 as id, 'Ana' as name`)
const renamed = table(`select 2 as id, 'Bo' as full_name`)

function eventsOf({ stdout }: CommandResult): readonly RunEvent[] {
  return stdout
    .trim()
    .split('\n')
    .map((line): RunEvent => JSON.parse(line))
}

function outcomesOf(result: CommandResult): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    eventsOf(result).flatMap((event) => (event.type === 'node-finished' ? [[event.node, event.failure?.message ?? event.status]] : [])),
  )
}

const warningsOf = (result: CommandResult) => eventsOf(result).flatMap((event) => (event.type === 'warning' ? [event.diagnostic] : []))
const asides = (project: CliProject) => project.query(`select relname from pg_class where relname ~ '__(new|old)_'`)

const { create } = warehouses.find((one) => one.type === 'postgres')!

describe('a changed column', () => {
  it('moves with the views that the same run rebuilds later, whatever stands above them', async () => {
    await using project = await create({
      files: {
        'models/supporters.sql': people,
        'models/names.sql': `select name from {{ref 'supporters'}}`,
        'models/initials.sql': `select left(name, 1) as initial from {{ref 'names'}}`,
      },
    })
    expect((await project.run(['build', '--json'])).exitCode).toBe(0)
    project.write({
      'models/supporters.sql': renamed,
      'models/names.sql': `select full_name from {{ref 'supporters'}}`,
      'models/initials.sql': `select left(full_name, 1) as initial from {{ref 'names'}}`,
    })
    const result = await project.run(['build', '--json'])
    expect([result.exitCode, outcomesOf(result), warningsOf(result)]).toEqual([
      0,
      { 'model:supporters': 'success', 'model:names': 'success', 'model:initials': 'success' },
      [],
    ])
    expect(await project.query('select initial from analytics.initials')).toEqual([['B']])
    expect(await asides(project)).toEqual([])
  })

  it('is refused when a view of the project that uses it is not in the run, and says how to have it there', async () => {
    await using project = await create({
      files: { 'models/supporters.sql': people, 'models/names.sql': `select name from {{ref 'supporters'}}` },
    })
    await project.run(['build'])
    project.write({ 'models/supporters.sql': renamed, 'models/names.sql': `select full_name from {{ref 'supporters'}}` })
    const alone = await project.run(['build', 'supporters', '--json'])
    const failure = eventsOf(alone).flatMap((event) => (event.type === 'node-finished' && event.failure ? [event.failure] : []))
    expect([alone.exitCode, failure]).toMatchObject([
      1,
      [
        {
          code: 'swap-refused',
          message: `analytics.supporters was not replaced, and is as it was:
  view analytics.names uses the column name, which the new version does not have`,
          hint: 'Build `model:names` in the same run: `--select supporters+`. Or drop what the project has no more.',
        },
      ],
    ])
    expect(await project.query('select name from analytics.names')).toEqual([['Ana']])
    expect((await project.run(['build', '--select', 'supporters+'])).exitCode).toBe(0)
    expect(await project.query('select full_name from analytics.names')).toEqual([['Bo']])
    expect(await asides(project)).toEqual([])
  })

  it('is refused when a view of somebody else uses it, and a retyped one too', async () => {
    await using project = await create({ files: { 'models/supporters.sql': people } })
    await project.run(['build'])
    await project.query('create view analytics.theirs as select id, name from analytics.supporters')
    project.write({ 'models/supporters.sql': table(`select 2::bigint as id, 'Bo' as full_name`) })
    const result = await project.run(['build', '--json'])
    expect([result.exitCode, outcomesOf(result)]).toEqual([
      1,
      {
        'model:supporters': `analytics.supporters was not replaced, and is as it was:
  view analytics.theirs uses the column id, which changes from integer to bigint and uses the column name, which the new version does not have`,
      },
    ])
    expect(await project.query('select id, name from analytics.theirs')).toEqual([['1', 'Ana']])
  })

  it('leaves a view on the old version when that view fails, says so, and the next run puts it away', async () => {
    await using project = await create({
      files: { 'models/supporters.sql': people, 'models/names.sql': `select name from {{ref 'supporters'}}` },
    })
    await project.run(['build'])
    project.write({ 'models/supporters.sql': renamed })
    const failed = await project.run(['build', '--json'])
    expect([failed.exitCode, outcomesOf(failed)]).toEqual([
      1,
      { 'model:supporters': 'success', 'model:names': 'column "name" does not exist' },
    ])
    const [[old]] = (await asides(project)) as [[string]]
    expect(warningsOf(failed)).toEqual([
      {
        severity: 'warning',
        code: 'left-behind',
        message: `An old version of analytics.supporters was kept as analytics.${old}, because this reads it: view analytics.names.`,
        hint: 'Build what reads it, or drop that. The next run then drops the old version.',
      },
    ])
    expect(await project.query('select name from analytics.names')).toEqual([['Ana']])
    project.write({ 'models/names.sql': `select full_name from {{ref 'supporters'}}` })
    const mended = await project.run(['build', '--json'])
    expect([mended.exitCode, warningsOf(mended)]).toEqual([0, []])
    expect(await asides(project)).toEqual([])
  })

  it('vanishes when the only view that used it has been rebuilt without it by the same run', async () => {
    await using project = await create({
      files: { 'models/supporters.sql': people, 'models/a_name.sql': `select name from {{ref 'supporters'}}` },
    })
    await project.run(['build'])
    project.write({ 'models/supporters.sql': renamed, 'models/a_name.sql': `select 'nobody'::text as name` })
    const result = await project.run(['build', '--json', '--threads', '1'])
    expect([result.exitCode, outcomesOf(result), warningsOf(result)]).toEqual([
      0,
      { 'model:supporters': 'success', 'model:a_name': 'success' },
      [],
    ])
    expect(await asides(project)).toEqual([])
  })

  it('is told as a note', async () => {
    await using project = await create({ files: { 'models/supporters.sql': people } })
    await project.run(['build'])
    await project.query(`alter table analytics.supporters add phone text`)
    project.write({ 'models/supporters.sql': table(`select 2::bigint as id, 'Bo' as name`) })
    const notes = eventsOf(await project.run(['build', '--json'])).flatMap((event) => (event.type === 'node-finished' ? [event.notes] : []))
    expect(notes).toEqual([['The column id was integer and is bigint.', 'The column phone is gone.']])
  })
})
