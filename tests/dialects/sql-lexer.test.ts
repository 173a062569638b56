import { describe, expect, test } from 'vitest'
import { lexSql } from '../../src/dialects/sql-lexer.ts'
import { checkSingleSelect, findCteInsertion } from '../../src/dialects/sql-statement.ts'

function tokens(sql: string): readonly string[] {
  return lexSql(sql).map(({ kind, start, end, closed }) => `${kind} ${sql.slice(start, end)}${closed ? '' : ' (open)'}`)
}

describe('tokens', () => {
  test.each([
    [
      "select 'it''s', E'a\\'b;', U&'x', b'01', 'a\nb'",
      [
        'word select',
        "string 'it''s'",
        'symbol ,',
        "string E'a\\'b;'",
        'symbol ,',
        'word U',
        'symbol &',
        "string 'x'",
        'symbol ,',
        "string b'01'",
        'symbol ,',
        "string 'a\nb'",
      ],
    ],
    ['"Last ""Name""" . x', ['identifier "Last ""Name"""', 'symbol .', 'word x']],
    ['$$a;b$$ $tag$ $$ $tag$ $1 a$b$', ['string $$a;b$$', 'string $tag$ $$ $tag$', 'symbol $1', 'word a$b$']],
    [
      '1 1.5 1e-5 0x1F .5 1..2',
      ['number 1', 'number 1.5', 'number 1e-5', 'number 0x1F', 'symbol .', 'number 5', 'number 1', 'symbol .', 'symbol .', 'number 2'],
    ],
    ['a -- b; c\n- d', ['word a', 'comment -- b; c', 'symbol -', 'word d']],
    ['/* a /* b */ c */ d / e', ['comment /* a /* b */ c */', 'word d', 'symbol /', 'word e']],
    ['straße 😀 naïve_1', ['word straße', 'word 😀', 'word naïve_1']],
    ["'open", ["string 'open (open)"]],
    ['"open', ['identifier "open (open)']],
    ['/* /* */', ['comment /* /* */ (open)']],
    ['$x$ $y$', ['string $x$ $y$ (open)']],
    ["e'\\", ["string e'\\ (open)"]],
    ['', []],
  ])('%j', (sql, expected) => {
    expect(tokens(sql)).toEqual(expected)
  })
})

describe('one query that reads', () => {
  test.each([
    ['select 1', 'select 1'],
    ['select 1;', 'select 1'],
    ['  select 1 ; ;\n-- done\n/* really */ ', '  select 1'],
    ['-- head\n/* more */ select 1 -- tail', '-- head\n/* more */ select 1'],
    ['select \';\' as ";" /* ; */ from t -- ;\n', 'select \';\' as ";" /* ; */ from t'],
    ['values (1), (2)', 'values (1), (2)'],
    ['TABLE turf', 'TABLE turf'],
    ['((select 1) union all (select 2)) order by 1', '((select 1) union all (select 2)) order by 1'],
    ['with a as (select 1) select * from a', 'with a as (select 1) select * from a'],
    ['(with a as (select 1) (select * from a))', '(with a as (select 1) (select * from a))'],
    [
      'with recursive a (x) as not materialized (select 1), b as materialized (values (2)) table a',
      'with recursive a (x) as not materialized (select 1), b as materialized (values (2)) table a',
    ],
    [
      'with recursive t(x) as (select 1) search depth first by x, y set o cycle x, y set c using p, u as (select 2) select * from t',
      'with recursive t(x) as (select 1) search depth first by x, y set o cycle x, y set c using p, u as (select 2) select * from t',
    ],
    ['with update as (select 1) select * from update', 'with update as (select 1) select * from update'],
    ['select a as into, t.into, "into" from t', 'select a as into, t.into, "into" from t'],
    ['select insert, delete from merge', 'select insert, delete from merge'],
  ])('%j', (sql, kept) => {
    expect(checkSingleSelect(sql)).toEqual({ ok: true, sql: kept, end: kept.length })
  })

  test.each([
    ['', 'There is no SQL here, and one SELECT is needed.', ''],
    ['-- nothing\n', 'There is no SQL here, and one SELECT is needed.', '-- nothing\n'],
    [';', 'There is no SQL here, and one SELECT is needed.', ';'],
    ['; select 1', 'A `;` stands before the SELECT.', ';'],
    ['select 1; select 2', 'A second statement begins here, and only one SELECT is allowed.', 'select'],
    ['select 1; -- a\n drop table turf', 'A second statement begins here, and only one SELECT is allowed.', 'drop'],
    ['delete from turf', 'One SELECT is expected here, not `delete`.', 'delete'],
    ['create table x as select 1', 'One SELECT is expected here, not `create`.', 'create'],
    ['from turf', 'One SELECT is expected here, not `from`.', 'from'],
    ['(update turf set x = 1)', 'One SELECT is expected here, not `update`.', 'update'],
    ['with a as (select 1) insert into b select 1', 'One SELECT is expected here, not `insert`.', 'insert'],
    ['with a as (select 1)', 'The SQL ends before its SELECT.', ')'],
    [
      'with a as (delete from b returning *) select * from a',
      'This common table expression changes data (DELETE), and only SELECT is allowed.',
      'delete',
    ],
    [
      'select * from (with a as materialized (insert into b values (1) returning *) select * from a) x',
      'This common table expression changes data (INSERT), and only SELECT is allowed.',
      'insert',
    ],
    ['select * into b from a', 'SELECT ... INTO makes a table, and only SELECT is allowed.', 'into'],
    ['select (1', 'The parenthesis that opens here is never closed.', '('],
    ['select 1) + (2', 'This parenthesis closes none.', ')'],
    ["select 'a", 'The string that begins here is never closed.', "'"],
    ['select "a', 'The quoted identifier that begins here is never closed.', '"'],
    ['select 1 /* a', 'The comment that begins here is never closed.', '/*'],
    ['select $x$ a $$', 'The string that begins here is never closed.', '$x$'],
  ])('is not %j', (sql, reason, at) => {
    const found = checkSingleSelect(sql)
    expect(found.ok ? found : { reason: found.reason, at: sql.slice(found.at, found.end) }).toEqual({ reason, at })
  })
})

describe('common table expressions are put', () => {
  const place = (sql: string): string => {
    const { at, before, after } = findCteInsertion(sql)
    return `${sql.slice(0, at)}${before}e as (select 0)${after}${sql.slice(at)}`
  }

  test.each([
    ['select 1', 'with e as (select 0)\nselect 1'],
    ['-- head\n/* more */\nselect 1', '-- head\n/* more */\nwith e as (select 0)\nselect 1'],
    ['with a as (select 1) select 1', 'with e as (select 0), a as (select 1) select 1'],
    ['WITH RECURSIVE a as (select 1) select 1', 'WITH RECURSIVE e as (select 0), a as (select 1) select 1'],
    ['with -- mine\n a as (select 1) select 1', 'with e as (select 0), -- mine\n a as (select 1) select 1'],
    ['(select 1) union (select 2)', 'with e as (select 0)\n(select 1) union (select 2)'],
    ['(with a as (select 1) select 1)', 'with e as (select 0)\n(with a as (select 1) select 1)'],
    ['"with" as x', 'with e as (select 0)\n"with" as x'],
  ])('into %j', (sql, expected) => {
    expect(place(sql)).toBe(expected)
  })
})

test('garbage is lexed to its end, in order, and never throws', () => {
  const scraps = [
    "'",
    '"',
    '$$',
    '$a$',
    '/*',
    '*/',
    '--',
    '\n',
    ';',
    '(',
    ')',
    'e',
    "E'",
    '\\',
    'with',
    'as',
    'select',
    ',',
    '1',
    '.',
    ' ',
    '😀',
    '\0',
    'insert',
    '$',
  ]
  let state = 11
  for (let count = 0; count < 3000; count++) {
    let sql = ''
    for (let length = 0; length < 1 + (count % 14); length++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      sql += scraps[state % scraps.length]
    }
    let at = 0
    for (const { start, end } of lexSql(sql)) {
      expect(sql.slice(at, start).trim()).toBe('')
      expect(end).toBeGreaterThan(start)
      at = end
    }
    expect(sql.slice(at).trim()).toBe('')
    expect(findCteInsertion(sql).at).toBeLessThanOrEqual(sql.length)
    const found = checkSingleSelect(sql)
    expect(found.ok ? sql.startsWith(found.sql) : found.end <= sql.length).toBe(true)
  }
})
