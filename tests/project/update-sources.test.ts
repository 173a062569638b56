import { describe, expect, it } from 'vitest'
import { postgresDialect } from '../../src/dialects/postgres.ts'
import { updateSources, type PulledTable, type SourcesPull } from '../../src/project/update-sources.ts'
import { parseYaml } from '../../src/project/yaml.ts'

const contacts: PulledTable = {
  name: 'contacts',
  mayRead: true,
  columns: [
    { name: 'contact_id', type: 'bigint', description: 'The key: of "all", ${HOME} too' },
    { name: '01', type: 'numeric(10,2)' },
    { name: 'no', type: 'text' },
  ],
}

function pull(tables: readonly PulledTable[], more: Partial<SourcesPull> = {}): SourcesPull {
  return { source: 'van', schema: 'tmc_van', tables, concerns: () => true, dialect: postgresDialect, ...more }
}

function table(name: string, columns: Readonly<Record<string, string>>): PulledTable {
  return { name, mayRead: true, columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })) }
}

describe('updateSources', () => {
  it('writes a new file that the project reads back, whatever names are', () => {
    const { text, changes } = updateSources(
      undefined,
      pull([contacts, { ...table('Tsm Contacts (SF)', {}), description: 'From\nSF.' }, table('Contacts', {})]),
    )
    expect(text).toBe(`sources:
  van:
    schema: tmc_van
    tables:
      contacts:
        columns:
          contact_id: { type: bigint, description: 'The key: of "all", $\${HOME} too' }
          "01": { type: "numeric(10,2)" }
          no: { type: text }
      Tsm_Contacts_SF:
        relation: Tsm Contacts (SF)
        description: "From\\nSF."
        columns: {}
      Contacts_2:
        relation: Contacts
        columns: {}
`)
    expect(changes.map(({ change, table: name }) => `${change} ${name}`)).toEqual([
      'table-added contacts',
      'table-added Tsm_Contacts_SF',
      'table-added Contacts_2',
    ])
    expect(parseYaml('van.yml', text).diagnostics).toEqual([])
    expect(updateSources(text, pull([contacts, table('Tsm Contacts (SF)', {}), table('Contacts', {})]))).toEqual({ text, changes: [] })
  })

  it('changes nothing but what has changed, and keeps every word of people', () => {
    const text = `# Of the vendor.
sources:
  van:   # The van.
    schema: tmc_van
    owner: data@example.org

    tables:
      # People.
      people:
        relation: 'contacts'   # odd
        tests: [ { row_count: { min: 1 } } ]
        columns:
          contact_id: { type: integer, tests: [unique, not_null] }    # the key
          # about phones
          phone: Their phone
          fax: { type: text }
          pager: { type: text, sensitive: true }
          notes:
            description: >
              A long text
              that is folded.
            tests:
            - not_null
      surveys:   # later
      old: { columns: { a: { type: text } } }
      # the end
models: {}
`
    const held = [
      table('contacts', { contact_id: 'bigint', phone: 'text', notes: 'text', joined: 'date' }),
      table('surveys', { answer: 'text' }),
      table('lists', { list_id: 'integer' }),
    ]
    const { text: updated, changes } = updateSources(text, pull(held))
    expect(updated).toBe(`# Of the vendor.
sources:
  van:   # The van.
    schema: tmc_van
    owner: data@example.org

    tables:
      # People.
      people:
        relation: 'contacts'   # odd
        tests: [ { row_count: { min: 1 } } ]
        columns:
          contact_id: { type: bigint, tests: [unique, not_null] }    # the key
          # about phones
          phone: { type: text, description: Their phone }
          pager: { type: text, sensitive: true }
          notes:
            type: text
            description: >
              A long text
              that is folded.
            tests:
            - not_null
          joined: { type: date }
      surveys:   # later
        columns:
          answer: { type: text }
      lists:
        columns:
          list_id: { type: integer }
      # the end
models: {}
`)
    expect(changes).toEqual([
      { change: 'table-added', table: 'lists', columns: 1 },
      { change: 'column-added', table: 'people', column: 'joined', type: 'date' },
      { change: 'column-retyped', table: 'people', column: 'contact_id', was: 'integer', type: 'bigint' },
      { change: 'column-retyped', table: 'people', column: 'phone', type: 'text' },
      { change: 'column-retyped', table: 'people', column: 'notes', type: 'text' },
      { change: 'column-gone', table: 'people', column: 'fax', kept: false },
      { change: 'column-gone', table: 'people', column: 'pager', kept: true },
      { change: 'column-added', table: 'surveys', column: 'answer', type: 'text' },
      { change: 'table-gone', table: 'old', kept: false },
    ])
  })

  it('works within flow mappings, one in another', () => {
    const text =
      'sources: { van: { schema: tmc_van, tables: { contacts: { columns: { a: { type: text }, b: { tests: [unique] }, c: } }, lists: } } }'
    const held = [table('contacts', { a: 'integer', b: 'text', d: 'date' }), table('lists', { x: 'text' }), table('more', {})]
    const { text: updated } = updateSources(text, pull(held))
    expect(updated).toBe(
      'sources: { van: { schema: tmc_van, tables: { contacts: { columns: { a: { type: integer }, b: { type: text, tests: [unique] }, d: { type: date } } }, lists: { columns: { x: { type: text } } }, more: { columns: {} } } } }\n',
    )
    expect(updateSources(updated, pull(held)).changes).toEqual([])
  })

  it('adds a source to a file of others, and says nothing of tables that it does not concern', () => {
    const text = 'sources:\n  crm:\n    tables:\n      people:\n'
    const first = updateSources(text, pull([contacts, table('lists', {})], { concerns: (name) => name === 'lists' }))
    expect(first.text).toBe(`${text}  van:\n    schema: tmc_van\n    tables:\n      lists:\n        columns: {}\n`)
    expect(updateSources(first.text, pull([contacts], { concerns: (name) => name === 'contacts' })).changes).toEqual([
      { change: 'table-added', table: 'contacts', columns: 3 },
    ])
    expect(updateSources(first.text, pull([])).text).toBe(`${text}  van:\n    schema: tmc_van\n    tables: {}\n`)
    expect(updateSources('# nothing yet', pull([table('lists', {})])).text).toBe(
      '# nothing yet\nsources:\n  van:\n    schema: tmc_van\n    tables:\n      lists:\n        columns: {}\n',
    )
  })

  it('does not add what may not be read, and takes types that mean the same for the same', () => {
    const text =
      'sources:\n  van:\n    tables:\n      contacts:\n        columns:\n          phone: { type: varchar }\n          at: { type: timestamptz }\n'
    const held = [
      table('contacts', { phone: 'character varying(20)', at: 'timestamp with time zone' }),
      { ...table('closed', {}), mayRead: false },
    ]
    expect(updateSources(text, pull(held))).toEqual({ text, changes: [] })
  })
})
