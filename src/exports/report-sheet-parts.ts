/** What became of each part of an export to Google Sheets, told with where people open it. */
import type { Diagnostic } from '../core/diagnostic.ts'
import { diffTab } from './destinations/google-sheets/diff-tab.ts'
import { commitBatch } from './destinations/google-sheets/push-spreadsheet.ts'
import { bytesOf } from './destinations/google-sheets/requests.ts'
import { planStages } from './destinations/google-sheets/staging.ts'
import type { TabPlan } from './destinations/google-sheets/tab-plan.ts'
import type { TabRequest } from './destinations/google-sheets/tab-request.ts'
import type { Spreadsheet } from './destinations/google-sheets/google-api.ts'
import type { SheetPart } from './sheet-parts.ts'
import type { PartReport, TabPlanReport } from './sheet-report.ts'
import type { PlacedPart, Pushing, SheetRunOptions } from './sheet-run.ts'

export function labelOf({ part }: SheetPart): string | undefined {
  return part && (part.value ?? 'NULL')
}

export function reportBase(
  { linkBase }: SheetRunOptions,
  { spreadsheet, id }: Pushing,
  { tab, part, content }: TabRequest,
): Omit<PartReport, 'status'> {
  const sheet = (spreadsheet.sheets ?? []).find(({ properties }) => properties?.title === tab || properties?.sheetId === tab)
  return {
    part,
    where: `${spreadsheet.properties?.title ?? id} › ${sheet?.properties?.title ?? tab}`,
    link: linkTo(linkBase, id, sheet?.properties?.sheetId ?? undefined),
    rows: content.rows,
    notes: [],
  }
}

function linkTo(base: string, id: string, gid: number | undefined): string {
  return `${base}spreadsheets/d/${id}/edit${gid === undefined ? '' : `#gid=${gid}`}`
}

export async function reportPlan(options: SheetRunOptions, pushing: Pushing, plan: TabPlan): Promise<PartReport> {
  const { linkBase, planOnly } = options
  const { id, spreadsheet } = pushing
  const { request, tab, change, notes } = plan
  const where = `${spreadsheet.properties?.title ?? id} › ${tab.title}`
  const base = { part: request.part, where, link: linkTo(linkBase, id, tab.sheetId), rows: request.content.rows, notes }
  if (!planOnly) return { ...base, status: change === 'none' ? 'unchanged' : 'written' }
  return { ...base, status: 'planned', plan: await tellPlan(options, pushing, plan) }
}

async function tellPlan({ api, members }: SheetRunOptions, { id, before, spreadsheet }: Pushing, plan: TabPlan): Promise<TabPlanReport> {
  const { request, tab, change, rowsBefore, growth, notes, staging } = plan
  const reads = api.calls.reads - before.reads
  const masked = members.find((member) => member.export.name === request.export.name)?.masked ?? new Set()
  const stages = planStages(id, [plan], { run: request.run, nonce: '', now: () => request.now })
  return {
    part: request.part,
    where: `${spreadsheet.properties?.title ?? id} › ${tab.title}`,
    mode: request.export.destination.mode,
    change,
    rowsBefore,
    rows: request.content.rows,
    columns: request.content.columns.map(({ title }) => title),
    diff: await diffTab(plan, (ranges) => api.getValues(id, ranges), masked),
    growth,
    calls: { reads: reads + (plan.recheck ? 1 : 0), writes: change === 'none' ? 0 : staging ? staging.calls + 2 : 1 },
    bytes: change === 'none' ? 0 : (staging?.bytes ?? 0) + bytesOf(commitBatch([plan], stages)),
    notes,
  }
}

/** `culprits`: exports that hold it. */
export function heldReport(options: SheetRunOptions, part: PlacedPart, culprits: readonly string[], spreadsheet?: Spreadsheet): PartReport {
  return {
    part: labelOf(part),
    status: 'held',
    where: `${spreadsheet?.properties?.title ?? part.spreadsheet} › ${part.tab}`,
    link: linkTo(options.linkBase, part.spreadsheet, undefined),
    rows: 0,
    notes: culprits,
  }
}

export function refusedEntirely(problem: Diagnostic): PartReport {
  return { part: undefined, status: 'refused', where: '', link: '', rows: 0, notes: [], problem }
}
