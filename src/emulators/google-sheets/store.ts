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

/** What happened to a spreadsheet. */
export type StoreChange = 'made' | 'changed' | 'shared' | 'removed'

export interface Store {
  find(id: string): Workbook | undefined
  /** Throws where there is none. */
  get(id: string): Workbook
  all(): readonly Workbook[]
  draft(id: string): Workbook
  /** In the place of what has its id. */
  put(workbook: Workbook): void
  /** Takes one that an earlier emulator kept. */
  restore(workbook: Workbook): void
  create(spreadsheet: NewSpreadsheet): Workbook
  copy(id: string, copy: Omit<NewSpreadsheet, 'tabs'>): Workbook
  share(id: string, email: string, role: Role | 'none'): void
  remove(id: string): void
  randomId(): number
  /** Returns what ends it. */
  onChange(listener: (id: string, change: StoreChange) => void): () => void
}

export function createStore(now: () => number): Store {
  const workbooks = new Map<string, Workbook>()
  const listeners = new Set<(id: string, change: StoreChange) => void>()
  const tell = (id: string, change: StoreChange): void => {
    for (const listener of listeners) listener(id, change)
  }
  const get = (id: string): Workbook => {
    const found = workbooks.get(id)
    if (!found) throw new Error(`There is no spreadsheet ${id}.`)
    return found
  }
  const add = (workbook: Workbook): Workbook => {
    workbooks.set(workbook.id, workbook)
    tell(workbook.id, 'made')
    return workbook
  }
  return {
    find: (id) => workbooks.get(id),
    get,
    all: () => [...workbooks.values()],
    draft: (id) => draftOf(get(id)),
    put: (workbook) => {
      workbooks.set(workbook.id, workbook)
      tell(workbook.id, 'changed')
    },
    restore: (workbook) => void workbooks.set(workbook.id, workbook),
    create: ({ id = randomFileId(), title, tabs = ['Sheet1'], locale = 'en_US', timeZone = 'Etc/GMT', sharedWith = [], isExcel = false }) =>
      add({
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
      }),
    copy: (id, { id: copyId = randomFileId(), title, sharedWith = [] }) => {
      const copy: Workbook = {
        ...draftOf(get(id)),
        id: copyId,
        title,
        sharing: new Map(sharedWith.map((email): [string, Role] => [email, 'writer'])),
      }
      computeFormulas(copy)
      return add(copy)
    },
    share: (id, email, role) => {
      const { sharing } = get(id)
      if (role === 'none') sharing.delete(email)
      else sharing.set(email, role)
      tell(id, 'shared')
    },
    remove: (id) => {
      workbooks.delete(id)
      tell(id, 'removed')
    },
    randomId: randomSheetId,
    onChange: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

function randomFileId(): string {
  return randomBytes(33).toString('base64url')
}

function randomSheetId(): number {
  return randomInt(1, 2 ** 31 - 1)
}
