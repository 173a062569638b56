/** `snapshot`: a tab for each day, written as `replace` writes; of the older ones so many stay as the export says. */
import type { FoundTab } from './find-tab.ts'
import type { Spreadsheet } from './google-api.ts'
import { planReplace } from './plan-replace.ts'
import { deleteSheet } from './requests.ts'
import type { PlanContext, TabPlan } from './tab-plan.ts'
import { nameOf, type TabRequest } from './tab-request.ts'
import { readStates } from './tab-state.ts'

export async function planSnapshot(
  request: TabRequest,
  tab: FoundTab,
  context: PlanContext & { readonly spreadsheet: Spreadsheet },
): Promise<TabPlan> {
  const plan = await planReplace(request, tab, context)
  const old = expired(context.spreadsheet, request, tab)
  if (plan.change === 'none' || old.length === 0) return plan
  return { ...plan, after: [...plan.after, ...old.map(deleteSheet)], notes: [...plan.notes, `${old.length} old removed`] }
}

/** Numbers of the tabs of earlier days beyond those that are kept. One that another export writes too stays. */
function expired({ sheets = [] }: Spreadsheet, request: TabRequest, tab: FoundTab): readonly number[] {
  const { keep } = request.export.destination
  if (keep === undefined) return []
  const family = nameOf({ ...request, day: undefined })
  const days = sheets.flatMap((sheet) => {
    const sheetId = sheet.properties?.sheetId ?? 0
    const states = [...readStates(request.spreadsheet, sheet).states.values()].map(({ state }) => state)
    const own = states.find(
      ({ project, export: name, day }) => project === request.project && day !== undefined && name === `${family}@${day}`,
    )
    return own?.day === undefined || sheetId === tab.sheetId || states.length > 1 ? [] : [{ sheetId, day: own.day }]
  })
  const byDay = days.toSorted((a, b) => b.day.localeCompare(a.day))
  return byDay.filter(({ day }, k) => k >= keep - 1 && day < (request.day ?? '')).map(({ sheetId }) => sheetId)
}
