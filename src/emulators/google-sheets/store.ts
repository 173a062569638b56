/** The spreadsheets, by id. */
import { randomBytes, randomInt } from 'node:crypto'
import { computeFormulas } from './formulas.ts'
import { createSheet, draftOf, type Role, type Workbook } from './workbook.ts'

export interface NewSpreadsheet {
  readonly id?: string
  readonly title: string
  /** Titles; one `Sheet1` when absent. The first has the number 0. */
  readonly tabs?: readonly string[]
  readonly locale?: string
  readonly timeZone?: string
  /** Emails of editors. */
  readonly sharedWith?: readonly string[]
  /** A file of Excel, which the API of Sheets refuses. */
  readonly isExcel?: boolean
}

export interface Store {
  find(id: string): Workbook | undefined
  /** Throws where there is none. */
  get(id: string): Workbook
  all(): readonly Workbook[]
  draft(id: string): Workbook
  put(workbook: Workbook): void
  create(spreadsheet: NewSpreadsheet): Workbook
  copy(id: string, copy: Omit<NewSpreadsheet, 'tabs'>): Workbook
  share(id: string, email: string, role: 'writer' | 'reader' | 'none'): void
  randomId(): number
}

export function createStore(now: () => number): Store {
  const workbooks = new Map<string, Workbook>()
  const get = (id: string): Workbook => {
    const found = workbooks.get(id)
    if (!found) throw new Error(`There is no spreadsheet ${id}.`)
    return found
  }
  const put = (workbook: Workbook): void => void workbooks.set(workbook.id, workbook)
  return {
    find: (id) => workbooks.get(id),
    get,
    all: () => [...workbooks.values()],
    draft: (id) => draftOf(get(id)),
    put,
    create: ({
      id = randomBytes(33).toString('base64url'),
      title,
      tabs = ['Sheet1'],
      locale = 'en_US',
      timeZone = 'Etc/GMT',
      sharedWith = [],
      isExcel = false,
    }) => {
      const workbook: Workbook = {
        id,
        title,
        locale,
        timeZone,
        sheets: tabs.map((tab, k) => createSheet(k === 0 ? 0 : randomSheetId(), tab, { rows: 1000, columns: 26 })),
        metadata: [],
        namedRanges: [],
        sharing: new Map(sharedWith.map((email): [string, Role] => [email, 'writer'])),
        modified: new Date(now()).toISOString(),
        version: 1,
        isExcel,
      }
      put(workbook)
      return workbook
    },
    copy: (id, { id: copyId = randomBytes(33).toString('base64url'), title, sharedWith = [] }) => {
      const copy: Workbook = {
        ...draftOf(get(id)),
        id: copyId,
        title,
        sharing: new Map(sharedWith.map((email): [string, Role] => [email, 'writer'])),
      }
      computeFormulas(copy)
      put(copy)
      return copy
    },
    share: (id, email, role) => {
      if (role === 'none') get(id).sharing.delete(email)
      else get(id).sharing.set(email, role)
    },
    randomId: randomSheetId,
  }
}

function randomSheetId(): number {
  return randomInt(1, 2 ** 31 - 1)
}
