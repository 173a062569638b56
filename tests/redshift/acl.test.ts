import { describe, expect, it } from 'vitest'
import { redshiftDialect } from '../../src/dialects/redshift.ts'
import { readAcl } from '../../src/warehouses/redshift/acl.ts'

describe('a list of privileges', () => {
  it('is read whatever stands in its names', () => {
    const acl = String.raw`{ana=arwdRxtDPA/ana,"\"IAM:o'neil \"\"x\"\"\"=r*w/ana","group \"field, staff\"=r/ana","group plain=DPA/ana",=r/ana}`
    expect(readAcl(acl, 'ana')).toEqual({
      privileges: [
        { privilege: 'select', grantee: `IAM:o'neil "x"`, grantable: true },
        { privilege: 'update', grantee: `IAM:o'neil "x"`, grantable: false },
        { privilege: 'select', grantee: 'group field, staff', grantable: false },
        { privilege: 'alter', grantee: 'group plain', grantable: false },
        { privilege: 'drop', grantee: 'group plain', grantable: false },
        { privilege: 'truncate', grantee: 'group plain', grantable: false },
        { privilege: 'select', grantee: 'public', grantable: false },
      ],
      revokedFromOwner: [],
    })
  })

  it('says what its owner gave up, and nothing where it was never written', () => {
    expect(readAcl('{ana=rx/ana}', 'ana').revokedFromOwner).toEqual(['insert', 'update', 'delete'])
    expect(readAcl('{}', 'ana').revokedFromOwner).toEqual(['insert', 'select', 'update', 'delete', 'references'])
    expect(readAcl(null, 'ana')).toEqual({ privileges: [], revokedFromOwner: [] })
  })
})

describe('a grantee', () => {
  it.each([
    ['Ana', '"Ana"'],
    ['group Field "staff"', 'group "Field ""staff"""'],
    ['role reporting', 'role "reporting"'],
    ['group', '"group"'],
    ['grouped', '"grouped"'],
  ])('%s is spelled %s', (name, spelled) => {
    expect(redshiftDialect.grantee(name)).toBe(spelled)
  })
})
