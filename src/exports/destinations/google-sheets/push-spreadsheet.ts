/**
 * Brings tables to the tabs of one spreadsheet, in one atomic commit: a reader sees all of them as they were or all of them as they will be. What a
 * call whose answer was lost has done is found by reading the spreadsheet again, never guessed from the text of an error.
 */
import { randomBytes } from 'node:crypto'
import { errorDiagnostic, type Diagnostic } from '../../../core/diagnostic.ts'
import { SqlflowError } from '../../../core/errors.ts'
import { callSizes, type CallSizes } from './call-sizes.ts'
import { checkCells } from './cell-limit.ts'
import { GoogleError, type GoogleApi, type SheetRequest, type SheetValues, type Spreadsheet } from './google-api.ts'
import { planTab } from './plan-tab.ts'
import { bytesOf, deleteSheet } from './requests.ts'
import { addStages, fillStage, findAbandoned, planStages, removeStages, type Stage } from './staging.ts'
import { stampRequests } from './stamp.ts'
import type { PlanContext, TabPlan } from './tab-plan.ts'
import { nameOf, type TabRequest } from './tab-request.ts'
import { readStates, stateName } from './tab-state.ts'

export interface PushOptions {
  readonly api: GoogleApi
  /** As it was read first. */
  readonly spreadsheet: Spreadsheet
  readonly id: string
  readonly requests: readonly TabRequest[]
  /** Looks at each plan before the first write; what it finds wrong keeps everything as it is. */
  readonly guard: (plan: TabPlan) => Diagnostic | undefined
  readonly signal: AbortSignal
  readonly onProgress: (request: TabRequest, rows: number, total: number) => void
  readonly onReplan: (reason: string) => void
  readonly now: () => Date
  readonly sizes?: CallSizes
}

export interface Pushed {
  readonly spreadsheet: Spreadsheet
  /** In the order of the requests. */
  readonly plans: readonly TabPlan[]
}

/** One of the tabs may not be written as it should be: told before the first write, to none of them. */
export class PlanRefusal extends Error {
  readonly request: TabRequest
  readonly problem: Diagnostic

  constructor(request: TabRequest, problem: Diagnostic) {
    super(problem.message)
    this.request = request
    this.problem = problem
  }
}

/** Plans upon a spreadsheet that others go on changing. */
const mostPlans = 4

/** Reads, decides and refuses; writes nothing. Throws PlanRefusal, and SqlflowError `sheet-limit` where the spreadsheet cannot hold all of it. */
export async function planSpreadsheet(
  { api, id, requests, guard, sizes = callSizes }: Omit<PushOptions, 'spreadsheet'>,
  spreadsheet: Spreadsheet,
): Promise<readonly TabPlan[]> {
  const plans: TabPlan[] = []
  let inlineBytes = sizes.commit
  for (const request of requests) {
    const plan = await planOrRefuse(spreadsheet, request, { read: (ranges) => api.getValues(id, ranges), inlineBytes, sizes })
    inlineBytes = Math.max(0, inlineBytes - bytesOf([...plan.before, ...plan.after]))
    plans.push(plan)
  }
  for (const plan of plans) {
    const problem = guard(plan)
    if (problem) throw new PlanRefusal(plan.request, problem)
  }
  checkCells(spreadsheet, plans)
  return plans
}

async function planOrRefuse(spreadsheet: Spreadsheet, request: TabRequest, context: PlanContext): Promise<TabPlan> {
  try {
    return await planTab(spreadsheet, request, context)
  } catch (error) {
    if (!(error instanceof SqlflowError) || error instanceof GoogleError) throw error
    throw new PlanRefusal(request, errorDiagnostic(error.code, error.message, { at: request.export.destination.at, hint: error.hint }))
  }
}

/** Throws PlanRefusal, GoogleError, and SqlflowError `sheet-limit` or `sheet-busy`: what stood there stands. */
export async function pushSpreadsheet(options: PushOptions): Promise<Pushed> {
  const { api, id, onReplan } = options
  let { spreadsheet } = options
  for (let attempt = 1; ; attempt++) {
    spreadsheet = await clearAbandoned(options, spreadsheet)
    const plans = await planSpreadsheet(options, spreadsheet)
    const changing = plans.filter(({ change }) => change !== 'none')
    if (changing.length === 0) {
      await stampChecked(options, plans)
      return { spreadsheet, plans }
    }
    const done = await commit(options, plans, spreadsheet)
    if (done.ok) return { spreadsheet, plans }
    if (attempt === mostPlans) throw done.error
    onReplan(done.reason)
    spreadsheet = await api.getSpreadsheet(id)
  }
}

/** In a call of its own, before anything is planned: mixed with another it could make that one fail. */
async function clearAbandoned({ api, id, requests, now }: PushOptions, spreadsheet: Spreadsheet): Promise<Spreadsheet> {
  const names = new Set(requests.map((request) => nameOf(request)))
  const abandoned = findAbandoned(id, spreadsheet, names, { run: requests[0]?.run ?? '', nonce: '', now })
  if (abandoned.length === 0) return spreadsheet
  await api.batchUpdate(id, removeStages(abandoned.map((sheetId) => ({ sheetId }))), 'once').catch((error: unknown) => {
    if (!(error instanceof GoogleError)) throw error // another run may have removed them meanwhile
  })
  const gone = new Set(abandoned)
  return { ...spreadsheet, sheets: (spreadsheet.sheets ?? []).filter(({ properties }) => !gone.has(properties?.sheetId ?? 0)) }
}

/** Readers who are told when the data were last looked at are told so, although nothing changed. */
async function stampChecked({ api, id }: PushOptions, plans: readonly TabPlan[]): Promise<void> {
  const requests = plans
    .filter(({ request }) => request.export.destination.stamp?.time === 'checked')
    .flatMap(({ request, tab }) => stampRequests(request, tab.sheetId))
  if (requests.length > 0) await api.batchUpdate(id, requests, 'repeatable')
}

type Committed = { readonly ok: true } | { readonly ok: false; readonly reason: string; readonly error: unknown }

async function commit(options: PushOptions, plans: readonly TabPlan[], planned: Spreadsheet): Promise<Committed> {
  const { api, id, signal, onProgress, now } = options
  const owner = { run: plans[0]!.request.run, nonce: randomBytes(8).toString('hex'), now }
  const stages = planStages(id, plans, owner)
  let isStaged = false
  try {
    if (stages.length > 0) {
      isStaged = true
      await sendUntilDone(api, { id, batch: addStages(id, stages, owner), signal, isDone: (found) => holdsAll(found, stages) })
      for (const stage of stages) {
        await fillStage(stage, { api, id, signal, onProgress: (rows, total) => onProgress(stage.plan.request, rows, total) })
      }
    }
    signal.throwIfAborted()
    const moved = await findMoved(api, id, plans)
    if (moved !== undefined) return moved
    const done = await sendCommit(options, commitBatch(plans, stages), { plans, planned })
    isStaged = isStaged && !done.ok
    return done
  } finally {
    if (isStaged) await api.cleanUp(id, removeStages(stages))
  }
}

function holdsAll({ sheets = [] }: Spreadsheet, stages: readonly Stage[]): boolean {
  const there = new Set(sheets.map(({ properties }) => properties?.sheetId))
  return stages.every(({ sheetId }) => there.has(sheetId))
}

/** All tables in one batch: each grows its grid, takes its rows, and leaves its entry; the hidden tabs go with it. */
export function commitBatch(plans: readonly TabPlan[], stages: readonly Stage[]): readonly SheetRequest[] {
  return [
    ...plans
      .filter(({ change }) => change !== 'none')
      .flatMap((plan) => {
        const stage = stages.find((one) => one.plan === plan)
        return [...plan.before, ...(stage ? stage.staging.paste(stage.sheetId) : []), ...plan.after]
      }),
    ...stages.map(({ sheetId }) => deleteSheet(sheetId)),
  ]
}

/** Rows that were sorted, inserted or retyped since they were read. */
async function findMoved(api: GoogleApi, id: string, plans: readonly TabPlan[]): Promise<Committed | undefined> {
  const rechecks = plans.flatMap(({ recheck, change }) => (recheck && change !== 'none' ? [recheck] : []))
  if (rechecks.length === 0) return undefined
  const found = await api.getValues(
    id,
    rechecks.flatMap(({ ranges }) => ranges),
  )
  const before = rechecks.flatMap(({ values }) => values)
  const same = found.every((values, k) => flatten(values) === flatten(before[k]!))
  if (same) return undefined
  const reason = 'rows of the sheet were moved meanwhile'
  return { ok: false, reason, error: busy(reason) }
}

/** Without empty cells at the end of rows, and empty rows at the end. */
function flatten(values: SheetValues): string {
  const rows = values.map((row) => row.slice(0, row.findLastIndex((cell) => cell !== '') + 1))
  return JSON.stringify(rows.slice(0, rows.findLastIndex((row) => row.length > 0) + 1))
}

interface Sent {
  readonly plans: readonly TabPlan[]
  readonly planned: Spreadsheet
}

async function sendCommit(options: PushOptions, batch: readonly SheetRequest[], { plans, planned }: Sent): Promise<Committed> {
  const { api, id, signal } = options
  const isChanged = (found: Spreadsheet): boolean => !isSameGround(found, planned, plans)
  const end = await sendUntilDone(api, { id, batch, signal, isDone: (found) => isCommitted(found, plans), isChanged })
  if (end === 'done') return { ok: true }
  const reason = 'the spreadsheet was changed meanwhile'
  return { ok: false, reason, error: busy(reason) }
}

interface Sending {
  readonly id: string
  readonly batch: readonly SheetRequest[]
  readonly signal: AbortSignal
  /** Whether the spreadsheet shows that the batch was applied. */
  readonly isDone: (found: Spreadsheet) => boolean
  /** Whether it is another one than the batch was made for. */
  readonly isChanged?: (found: Spreadsheet) => boolean
}

/** How often a batch whose answer was lost is sent again: over some minutes. */
const mostSendings = 7

/** A batch that is applied once however often it arrives. Where the answer is lost, or may be the answer to a second arrival, the spreadsheet tells. */
async function sendUntilDone(api: GoogleApi, { id, batch, signal, isDone, isChanged }: Sending): Promise<'done' | 'changed'> {
  for (let sending = 1; ; sending++) {
    try {
      await api.batchUpdate(id, batch, 'once')
      return 'done'
    } catch (error) {
      if (!(error instanceof GoogleError) || signal.aborted) throw error
      if (error.outcome === 'refused' && error.status !== 400) throw error
      const found = await api.getSpreadsheet(id)
      if (isDone(found)) return 'done'
      if (isChanged?.(found) === true) return 'changed'
      if (error.outcome === 'refused' || sending === mostSendings) throw error
      await api.rest(sending, 'Google did not say whether it wrote, and did not')
    }
  }
}

/** The entry of this very commit stands in every tab, or was followed by others. */
function isCommitted(found: Spreadsheet, plans: readonly TabPlan[]): boolean {
  const next = plans.find((plan) => plan.next)?.next
  if (!next) return false
  const sheet = (found.sheets ?? []).find(({ properties }) => (properties?.sheetId ?? 0) === next.tab)
  return sheet?.developerMetadata?.some(({ metadataValue }) => metadataValue?.includes(`"commit":"${next.commit}"`)) ?? false
}

/** Whether the tabs are still as the plans saw them. */
function isSameGround(found: Spreadsheet, planned: Spreadsheet, plans: readonly TabPlan[]): boolean {
  return plans.every(({ tab: { sheetId }, request }) => {
    const [before, after] = [planned, found].map((one) => {
      const sheet = (one.sheets ?? []).find(({ properties }) => (properties?.sheetId ?? 0) === sheetId)
      if (!sheet) return 'none'
      const own = stateName({ project: request.project, export: nameOf(request) })
      const generation = readStates(request.spreadsheet, sheet).states.get(own)?.state.generation
      return JSON.stringify([sheet.properties?.gridProperties?.rowCount, sheet.properties?.gridProperties?.columnCount, generation])
    })
    return before === after
  })
}

function busy(reason: string): SqlflowError {
  return new SqlflowError('sheet-busy', `The sheet was not written: ${reason}, again and again.`, {
    exitCode: 1,
    hint: 'What stands there is whole. Another run may be writing it; try again when nobody works on it.',
  })
}
