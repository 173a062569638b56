/**
 * Exports to Google Sheets, from their SELECTs to what became of each part. Those that share a spreadsheet are one commit: all rows are read and
 * all tabs planned and guarded before the first write, and one that cannot be written holds the others.
 */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { SqlflowError, WarehouseError } from '../core/errors.ts'
import { checkGuards } from './check-guards.ts'
import { describeParts } from './describe-parts.ts'
import type { Spreadsheet } from './destinations/google-sheets/google-api.ts'
import { PlanRefusal, planSpreadsheet, pushSpreadsheet } from './destinations/google-sheets/push-spreadsheet.ts'
import { wallClockOf } from './destinations/google-sheets/serial-time.ts'
import { readContent, type SheetContent } from './destinations/google-sheets/sheet-content.ts'
import { sheetColumns } from './destinations/google-sheets/sheet-columns.ts'
import type { TabPlan } from './destinations/google-sheets/tab-plan.ts'
import { nameOf, type TabRequest } from './destinations/google-sheets/tab-request.ts'
import { readStates } from './destinations/google-sheets/tab-state.ts'
import { openRows } from './read-export.ts'
import { heldReport, labelOf, refusedEntirely, reportBase, reportPlan } from './report-sheet-parts.ts'
import type { PartReport } from './sheet-report.ts'
import type { PlacedPart, Pushing, SheetMember, SheetRunOptions } from './sheet-run.ts'

export interface SheetReport {
  readonly parts: readonly PartReport[]
  /** Parts that were written before and that `for_each` does not have any more. */
  readonly vanished: readonly string[]
}

/**
 * By name of the export. Throws WarehouseError of a SELECT, and the signal's reason; nothing was written to the spreadsheets that were not told of.
 */
export async function runSheetExports(options: SheetRunOptions): Promise<ReadonlyMap<string, SheetReport>> {
  const reports = new Map<string, { readonly parts: PartReport[]; readonly vanished: string[] }>()
  const all: PlacedPart[] = []
  for (const member of options.members) {
    reports.set(member.export.name, { parts: [], vanished: [] })
    const placed = await placeMember(options, member)
    if (placed.ok) all.push(...placed.parts)
    else reports.get(member.export.name)!.parts.push(...placed.diagnostics.map(refusedEntirely))
  }
  const culprits = [...reports].filter(([, { parts }]) => parts.length > 0).map(([name]) => name)
  for (const group of Map.groupBy(all, ({ spreadsheet }) => spreadsheet).values()) {
    if (culprits.length > 0) {
      for (const part of group) reports.get(part.export.name)!.parts.push(heldReport(options, part, culprits))
      continue
    }
    const delivered = await options.serially(group[0]!.spreadsheet, () => deliverOrTell(options, group))
    for (const [k, report] of delivered.parts.entries()) reports.get(group[k]!.export.name)!.parts.push(report)
    for (const [name, vanished] of delivered.vanished) reports.get(name)!.vanished.push(...vanished)
  }
  return reports
}

type Placed =
  | { readonly ok: true; readonly parts: readonly PlacedPart[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

async function placeMember({ reading, dialect, now, signal }: SheetRunOptions, member: SheetMember): Promise<Placed> {
  const found = await reading(member, (session) => describeParts({ ...member, session, dialect, now, signal }))
  return found.ok ? { ok: true, parts: found.parts.map((part) => ({ ...part, member, columns: found.columns })) } : found
}

interface Delivered {
  readonly parts: readonly PartReport[]
  readonly vanished: ReadonlyMap<string, readonly string[]>
}

/** What one spreadsheet refuses keeps no other from being written. */
async function deliverOrTell(options: SheetRunOptions, group: readonly PlacedPart[]): Promise<Delivered> {
  try {
    return await deliver(options, group)
  } catch (error) {
    if (!isRefusal(error) || options.signal.aborted) throw error
    const parts = group.map((part): PartReport => ({
      ...heldReport(options, part, []),
      status: 'refused',
      problem: problemOf(error, part),
    }))
    return { parts, vanished: new Map() }
  }
}

function isRefusal(error: unknown): error is SqlflowError {
  return error instanceof SqlflowError && !(error instanceof WarehouseError)
}

function problemOf({ code, message, hint }: SqlflowError, part: PlacedPart): Diagnostic {
  return errorDiagnostic(code, message, { at: part.export.destination.at, hint })
}

/** All parts of one spreadsheet. */
async function deliver(options: SheetRunOptions, group: readonly PlacedPart[]): Promise<Delivered> {
  const { api } = options
  const id = group[0]!.spreadsheet
  const before = { ...api.calls }
  const spreadsheet = await api.getSpreadsheet(id)
  const vanished = findVanished(options, spreadsheet, group)
  const contents: SheetContent[] = []
  try {
    const requests = new Map<PlacedPart, TabRequest>()
    const unread = new Map<PlacedPart, Diagnostic>()
    for (const part of group) {
      try {
        const request = await readPart(options, spreadsheet, part)
        contents.push(request.content)
        requests.set(part, request)
      } catch (error) {
        if (!isRefusal(error)) throw error
        unread.set(part, problemOf(error, part))
      }
    }
    return { vanished, parts: await pushRequests(options, { spreadsheet, id, group, requests, unread, before }) }
  } finally {
    for (const content of contents) await content[Symbol.asyncDispose]()
  }
}

/** States that earlier runs left for parts of these exports which are not among those of today. */
function findVanished(
  { project }: SheetRunOptions,
  { sheets = [] }: Spreadsheet,
  group: readonly PlacedPart[],
): ReadonlyMap<string, readonly string[]> {
  const id = group[0]!.spreadsheet
  const known = new Set(group.map((part) => nameOf({ ...part, part: labelOf(part), day: undefined })))
  const written = sheets
    .flatMap((sheet) => [...readStates(id, sheet).states.values()].map(({ state }) => state))
    .filter((state) => state.project === project)
  const exports = [...new Set(group.filter(({ part }) => part).map(({ export: one }) => one.name))]
  return new Map(
    exports.map((name) => {
      const names = written
        .map((state) => state.export.replace(/@\d{4}-\d\d-\d\d$/, ''))
        .filter((one) => one.startsWith(`${name}[`) && !known.has(one))
      return [name, [...new Set(names.map((one) => one.slice(name.length + 1, -1)))]]
    }),
  )
}

async function readPart(options: SheetRunOptions, spreadsheet: Spreadsheet, { member, columns, ...part }: PlacedPart): Promise<TabRequest> {
  const { dialect, signal, reading, project, run, force, now } = options
  const { export: one, read, onStatement, adopt } = member
  const timeZone = one.destination.timeZone ?? spreadsheet.properties?.timeZone ?? 'UTC'
  const { bigNumbers, longText } = one.destination
  const content = await reading(member, async (session) => {
    await using opened = await openRows({ export: one, read, session, dialect, columns, part: part.part, signal, onStatement })
    return await readContent({
      export: one,
      columns: sheetColumns(one, opened.columns, { bigNumbers, longText, toWall: wallClockOf(timeZone) }),
      rows: opened.rows,
    })
  })
  return { ...part, part: labelOf(part), project, content, run, adopt, force, now: now(), timeZone }
}

/**
 * A part that is refused is left out, and the others of the same export go on; where several exports share the spreadsheet, it holds them all, and
 * those that are left are planned to find what else is wrong.
 */
async function pushRequests(options: SheetRunOptions, pushing: Pushing): Promise<readonly PartReport[]> {
  const { requests, group } = pushing
  const refused = new Map(pushing.unread)
  const shared = new Set(group.map(({ export: one }) => one.name)).size > 1
  for (;;) {
    const going = group.flatMap((part) => (requests.has(part) && !refused.has(part) ? [requests.get(part)!] : []))
    const isHeld = shared && refused.size > 0
    try {
      const plans = going.length === 0 ? [] : await pushOnce({ ...options, planOnly: options.planOnly || isHeld }, pushing, going)
      return await reportParts(options, pushing, { plans: isHeld ? [] : plans, refused })
    } catch (error) {
      if (error instanceof PlanRefusal)
        refused.set(
          group.find((part) => requests.get(part) === error.request)!,
          error.problem,
        )
      else if (isHeld && error instanceof SqlflowError) return await reportParts(options, pushing, { plans: [], refused })
      else throw error
    }
  }
}

interface Decided {
  readonly plans: readonly TabPlan[]
  readonly refused: ReadonlyMap<PlacedPart, Diagnostic>
}

async function reportParts(options: SheetRunOptions, pushing: Pushing, { plans, refused }: Decided): Promise<readonly PartReport[]> {
  const { group, requests, spreadsheet } = pushing
  const culprits = [...new Set(group.filter((part) => refused.has(part)).map(({ export: one }) => one.name))]
  return await Promise.all(
    group.map(async (part) => {
      const problem = refused.get(part)
      const request = requests.get(part)
      const plan = plans.find((one) => one.request === request)
      if (plan) return await reportPlan(options, pushing, plan)
      const held = heldReport(options, part, culprits, spreadsheet)
      if (!problem) return held
      return { ...held, ...(request && reportBase(options, pushing, request)), notes: [], status: 'refused' as const, problem }
    }),
  )
}

async function pushOnce(
  options: SheetRunOptions,
  { spreadsheet, id }: Pushing,
  requests: readonly TabRequest[],
): Promise<readonly TabPlan[]> {
  const { api, planOnly, signal, now, onProgress, onReplan } = options
  const push = {
    api,
    id,
    requests,
    spreadsheet,
    guard: guardPlan,
    signal,
    now,
    onProgress: (request: TabRequest, rows: number, total: number) =>
      onProgress(
        request.export,
        `${rows.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} rows${request.part === undefined ? '' : ` of ${request.part}`}`,
      ),
    onReplan: (reason: string) => onReplan(requests[0]!.export, reason),
  }
  if (planOnly) return await planSpreadsheet(push, spreadsheet)
  return (await pushSpreadsheet(push)).plans
}

function guardPlan({ request, rowsBefore }: TabPlan): Diagnostic | undefined {
  const { export: one, content, part } = request
  const isTotal = one.destination.mode !== 'append' // whose rows are those of one run, not of the sheet
  return checkGuards(one, { rows: content.rows, before: isTotal ? rowsBefore : undefined, part })
}
