/** The plan of one tab, by the mode of its export. */
import { findTab } from './find-tab.ts'
import type { Spreadsheet } from './google-api.ts'
import { planAppend } from './plan-append.ts'
import { planReplace } from './plan-replace.ts'
import { planSnapshot } from './plan-snapshot.ts'
import { planUpsert } from './plan-upsert.ts'
import type { PlanContext, TabPlan } from './tab-plan.ts'
import type { TabRequest } from './tab-request.ts'

export async function planTab(spreadsheet: Spreadsheet, request: TabRequest, context: PlanContext): Promise<TabPlan> {
  const tab = findTab(spreadsheet, request)
  const { mode } = request.export.destination
  switch (mode) {
    case 'replace':
      return await planReplace(request, tab, context)
    case 'append':
      return await planAppend(request, tab, context)
    case 'upsert':
      return await planUpsert(request, tab, context)
    case 'snapshot':
      return await planSnapshot(request, tab, { ...context, spreadsheet })
    default:
      return mode satisfies never
  }
}
