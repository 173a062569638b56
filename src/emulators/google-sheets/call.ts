/** One call, as those who answer it see it: whose it is and what it is about were decided before. */
import type { Account } from './accounts.ts'
import type { JsonObject } from './json.ts'
import type { Store } from './store.ts'
import type { Workbook } from './workbook.ts'

export interface Call {
  /** What stands in the path behind the id. */
  readonly rest: string
  readonly query: URLSearchParams
  readonly json: JsonObject
  /** Throws ApiError for a spreadsheet that this account may not reach. */
  readonly workbook: () => Workbook
  readonly store: Store
  readonly account: Account
  readonly commit: (draft: Workbook) => void
}

export interface CallAnswer {
  readonly body: unknown
  readonly status?: number
}
