/** Every rule, in the order in which they are asked. */
import { functionRefusals } from './functions.ts'
import { leaderRefusals } from './leader.ts'
import { objectRefusals } from './objects.ts'
import { queryRefusals } from './queries.ts'
import type { Refusal } from './refusal.ts'
import { tableRefusals } from './tables.ts'
import { transactionRefusals } from './transactions.ts'
import { viewRefusals } from './views.ts'
import { writeRefusals } from './writes.ts'

export const refusals: readonly Refusal[] = [
  ...objectRefusals,
  ...tableRefusals,
  ...viewRefusals,
  ...transactionRefusals,
  ...writeRefusals,
  ...queryRefusals,
  ...functionRefusals,
  ...leaderRefusals,
]
