import { expect, it } from 'vitest'
import { lines, loadFolder, tellMistakes } from './load-folder.ts'

it('joins the tables of one source from several files, with what is said once for all of them', async () => {
  const { project, told } = await loadFolder({
    'sqlflow.yml': 'name: field\nfolders: { models/van: { tags: [crm] } }\n',
    'models/van/contacts.yml': lines(`
      sources:
        van:
          schema: tmc_van
          owner: data@example.org
          tags: [nightly]
          tables: { contacts: { relation: tsm_contacts } }
    `),
    'models/van/surveys.yml': lines(`
      sources:
        van:
          tags: [slow]
          meta: { ticket: ORG-12 }
          tables:
            surveys:
            calls: { owner: bo@example.org }
    `),
  })
  expect(told).toBe('')
  const table = project.sources.map(({ name, file, relation, owner, tags, meta }) => ({ name, file, relation, owner, tags, meta }))
  const shared = { tags: ['crm', 'nightly', 'slow'], meta: { ticket: 'ORG-12' } }
  expect(table).toEqual([
    {
      name: 'van.contacts',
      file: 'models/van/contacts.yml',
      relation: { schema: 'tmc_van', name: 'tsm_contacts' },
      owner: 'data@example.org',
      ...shared,
    },
    {
      name: 'van.surveys',
      file: 'models/van/surveys.yml',
      relation: { schema: 'tmc_van', name: 'surveys' },
      owner: 'data@example.org',
      ...shared,
    },
    {
      name: 'van.calls',
      file: 'models/van/surveys.yml',
      relation: { schema: 'tmc_van', name: 'calls' },
      owner: 'bo@example.org',
      ...shared,
    },
  ])
})

it('names both places of a table, or of a key of the source, that two files have', async () => {
  const told = await tellMistakes({
    'models/a.yml': 'sources:\n  van:\n    schema: tmc_van\n    tables: { contacts: }\n',
    'models/b.yml': 'sources:\n  van:\n    schema: van_raw\n    tables: { contacts: , calls: }\n',
    'models/c.yml': 'sources:\n  van:\n    schema: van\n    tables: { surveys: }\n',
  })
  expect(told).toBe(
    lines(`
      error said-twice at models/b.yml:3:5 [schema]
        \`schema\` is said in \`models/a.yml\` and in \`models/b.yml\`.
        hint: Remove one of the two.
        models/a.yml:3:5 [schema]: It is said here too.
      error said-twice at models/b.yml:4:15 [contacts]
        The table \`van.contacts\` is declared a second time.
        hint: Join the two.
        models/a.yml:4:15 [contacts]: The first one is here.
      error said-twice at models/c.yml:3:5 [schema]
        \`schema\` is said in \`models/a.yml\` and in \`models/c.yml\`.
        hint: Remove one of the two.
        models/a.yml:3:5 [schema]: It is said here too.
    `),
  )
})

it('takes out a disabled table, all tables of a disabled source, and those of a disabled folder', async () => {
  const { project, told } = await loadFolder({
    'sqlflow.yml': 'name: field\nfolders: { models/old: { enabled: false } }\n',
    'models/van.yml': 'sources: { van: { tables: { contacts: , surveys: { enabled: false } } } }\n',
    'models/ngp.yml': 'sources: { ngp: { enabled: false, tables: { pledges: , donors: { enabled: true } } } }\n',
    'models/old/crm.yml': 'sources: { crm: { tables: { people: , gifts: { enabled: true } } } }\n',
  })
  expect(told).toBe('')
  expect(project.sources.map(({ name }) => name).sort()).toEqual(['crm.gifts', 'ngp.donors', 'van.contacts'])
  expect(project.disabled.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual([
    'source crm.people',
    'source ngp.pledges',
    'source van.surveys',
  ])
})

it('may not differ from another by case alone', async () => {
  const told = await tellMistakes({
    'models/a.yml': 'sources: { van: { schema: tmc_van, tables: { contacts: } } }\n',
    'models/b.yml': 'sources: { VAN: { schema: tmc_van, tables: { Contacts: } } }\n',
  })
  expect(told).toBe(
    lines(`
      error duplicate-name at models/b.yml:1:46 [Contacts]
        The names \`VAN.Contacts\` and \`van.contacts\` differ only by case.
        hint: Spell both alike.
        models/a.yml:1:46 [contacts]: The source \`van.contacts\` is here.
    `),
  )
})
