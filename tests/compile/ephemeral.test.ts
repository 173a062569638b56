import { describe, expect, it } from 'vitest'
import { lines } from '../project/load-folder.ts'
import { compileFolder } from './compile-folder.ts'

const ephemeral = (sql: string): string => `/*--- materialized: ephemeral ---*/\n${sql}\n`

/** The SQL of a model that reads the ephemeral `young`. */
async function compileReader(reader: string, young = 'select 1 as supporter_id'): Promise<string | undefined> {
  const { sql, mistakes } = await compileFolder({ 'models/young.sql': ephemeral(young), 'models/reader.sql': `${reader}\n` })
  expect(mistakes).toEqual([])
  return sql['model:reader']
}

const cte = '"sqlflow__young" as (\nselect 1 as supporter_id\n)'

describe('An ephemeral model', () => {
  it('is a common table expression in front of the query that reads it', async () => {
    expect(await compileReader("select * from {{ref 'young'}}")).toBe(`with ${cte}\nselect * from "sqlflow__young"`)
  })

  it('stands before the expressions that the query has itself, also recursive ones', async () => {
    expect(await compileReader("with a as (select 1) select * from {{ref 'young'}}, a")).toBe(
      `with ${cte}, a as (select 1) select * from "sqlflow__young", a`,
    )
    expect(await compileReader("with recursive a as (select 1) select * from {{ref 'young'}}, a")).toBe(
      `with recursive ${cte}, a as (select 1) select * from "sqlflow__young", a`,
    )
    expect(await compileReader("WITH /* none */ a as (select 1) select * from {{ref 'young'}}, a")).toBe(
      `WITH ${cte}, /* none */ a as (select 1) select * from "sqlflow__young", a`,
    )
  })

  it('stands below the comments at the head of the query, and outside of its parentheses', async () => {
    expect(await compileReader("-- Who is young\n/* with */ (select * from {{ref 'young'}})")).toBe(
      `-- Who is young\n/* with */ with ${cte}\n(select * from "sqlflow__young")`,
    )
    expect(await compileReader("(with a as (select 1) select * from {{ref 'young'}}, a)")).toBe(
      `with ${cte}\n(with a as (select 1) select * from "sqlflow__young", a)`,
    )
  })

  it('may end in semicolons and comments', async () => {
    const tail = 'select 1 as supporter_id; -- the end\n;\n/* really */'
    expect(await compileReader("select * from {{ref 'young'}};", tail)).toBe(`with ${cte}\nselect * from "sqlflow__young"`)
    expect(await compileReader("select * from {{ref 'young'}}", 'select 1 as supporter_id -- the end')).toBe(
      `with ${cte}\nselect * from "sqlflow__young"`,
    )
  })

  it('brings those that it reads, each once, parents first', async () => {
    const { sql } = await compileFolder({
      'models/base.sql': ephemeral('select 1 as id'),
      'models/left_side.sql': ephemeral("select id from {{ref 'base'}}"),
      'models/right_side.sql': ephemeral("with recursive r as (select id from {{ref 'base'}}) select id from r"),
      'models/both.sql': "select * from {{ref 'right_side'}} join {{ref 'left_side'}} using (id)\n",
    })
    expect(sql['model:both']).toBe(
      lines(`
        with "sqlflow__base" as (
        select 1 as id
        ),
        "sqlflow__right_side" as (
        with recursive r as (select id from "sqlflow__base") select id from r
        ),
        "sqlflow__left_side" as (
        select id from "sqlflow__base"
        )
        select * from "sqlflow__right_side" join "sqlflow__left_side" using (id)
      `),
    )
  })

  it('is part of tests and exports that read it, and of a model that a macro leads to it', async () => {
    const { sql, mistakes } = await compileFolder({
      'models/young.sql': ephemeral('select 1 as supporter_id'),
      'macros/youth.sql': "(select count(*) from {{ref 'young'}})\n",
      'models/counted.sql': 'select {{youth}} as n\n',
      'tests/no_young.sql': "select * from {{ref 'young'}}\n",
      'exports/young_list.yml': "query: select * from {{ref 'young'}}\nto: { csv: {} }\n",
    })
    expect(mistakes).toEqual([])
    expect(sql['model:counted']).toBe(`with ${cte}\nselect (select count(*) from "sqlflow__young") as n`)
    expect(sql['test:no_young']).toBe(`with ${cte}\nselect * from "sqlflow__young"`)
    expect(sql['export:young_list']).toBe(`with ${cte}\nselect * from "sqlflow__young"`)
  })

  it('has a name of its own in the query, whatever its length', async () => {
    const [first, second] = ['a', 'b'].map((end) => `${'supporters_by_county_and_precinct_and_week_of_'.padEnd(58, 'x')}${end}`)
    const { sql } = await compileFolder({
      [`models/${first}.sql`]: ephemeral('select 1 as id'),
      [`models/${second}.sql`]: ephemeral('select 2 as id'),
      'models/both.sql': `select * from {{ref '${first}'}} join {{ref '${second}'}} using (id)\n`,
    })
    const names = [...new Set(sql['model:both']?.match(/sqlflow__\w+/g))]
    expect(names).toEqual([
      'sqlflow__supporters_by_county_and_precinct_and_week_of_8751638b',
      'sqlflow__supporters_by_county_and_precinct_and_week_of_403bb6dc',
    ])
    for (const name of names) expect(name.length).toBeLessThanOrEqual(63)
  })
})
