/**
 * Sends a plan to the warehouse, one round trip a phase. Invariants: a phase is one transaction; a publish waits for locks only briefly,
 * gives them back and tries again; what was planned on is checked under the locks and planned again when it differs; a connection lost
 * during a commit is settled by looking, never by repeating.
 */
import type { CatalogRelation } from '../core/catalog.ts'
import { SqlflowError, WarehouseError } from '../core/errors.ts'
import { relationLabel } from '../core/relation.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { type Phase, type PlacedRelation, type Plan, staleCatalog, type Statement } from '../materializations/plan.ts'
import { refusalError } from '../materializations/refusals.ts'
import type { BuiltAside, Known, PlanResult } from '../materializations/relation-input.ts'
import type { Session } from '../warehouses/warehouse.ts'
import { waitBriefly } from './drop-relations.ts'
import { joinStatements, locateError } from './joined-statements.ts'
import { loadRows } from './load-rows.ts'
import { backOff, type Retry } from './retry-transient.ts'
import { sendStatements } from './send-statements.ts'
import { settle } from './settle.ts'

export interface ApplyPlanOptions {
  /** Plans again with what was learned; pure. */
  readonly replan: (known: Known) => PlanResult
  /** The relation as the first plan saw it. */
  readonly existing: CatalogRelation | undefined
  readonly dialect: Dialect
  /** One at a time in this process, for publishes that touch more than one relation. */
  readonly publishQueue: <T>(work: () => Promise<T>) => Promise<T>
  /** Why it waits, and how often it has tried. */
  readonly onRetry?: (retry: Retry) => void
  readonly signal?: AbortSignal | undefined
  /** Milliseconds for which a publish is tried again. */
  readonly swapTimeout?: number
  /** What every string that is sent begins with: `run 4f1c, model:supporters`. */
  readonly label?: string
  /** What a statement with `rows` takes, as COPY reads it; asked again when it is sent again. */
  readonly copyRows?: () => AsyncIterable<Uint8Array>
  /** Another session, for looking after this one was lost. */
  readonly reconnect?: () => Promise<Session>
}

export interface Applied {
  readonly rows?: number
  readonly action: string
  readonly notes: readonly string[]
  /** What `--drop-dependents` named and is gone. */
  readonly dropped?: readonly string[]
  /** Dropped by `dropLeftBehind` at the end of the run. */
  readonly leftBehind?: PlacedRelation
  /** Nothing of this run reads it any more: to be dropped. */
  readonly dropAfterwards?: PlacedRelation
}

/** Throws PlanError for what the warehouse refused, SqlflowError `not-ours`, `swap-refused`, `swap-timeout`. */
export async function applyPlan(session: Session, first: Plan, options: ApplyPlanOptions): Promise<Applied> {
  const state: ApplyState = {
    session,
    options,
    existing: options.existing,
    rows: undefined,
    told: [],
    aside: undefined,
    started: Date.now(),
    attempt: 0,
    replans: 0,
  }
  let plan = first
  try {
    for (let next: Plan | undefined = first; next !== undefined; next = await applyPhases(state, plan)) plan = next
  } finally {
    await dropAside(state)
  }
  return {
    action: plan.action,
    notes: [...plan.notes, ...state.told],
    ...(state.rows !== undefined && { rows: state.rows }),
    ...(plan.dropped !== undefined && plan.dropped.length > 0 && { dropped: plan.dropped }),
    ...(plan.leftBehind !== undefined && { leftBehind: plan.leftBehind }),
    ...(plan.dropAfterwards !== undefined && { dropAfterwards: plan.dropAfterwards }),
  }
}

interface ApplyState {
  session: Session
  readonly options: ApplyPlanOptions
  existing: CatalogRelation | undefined
  rows: number | undefined
  /** What the statements that were sent last had to tell. */
  told: readonly string[]
  /** What was built aside and is not yet published. */
  aside: PlacedRelation | undefined
  readonly started: number
  attempt: number
  replans: number
}

/** Runs the phases; returns the plan that takes over, if any. */
async function applyPhases(state: ApplyState, plan: Plan): Promise<Plan | undefined> {
  for (const phase of plan.phases) {
    state.options.signal?.throwIfAborted()
    const next = await applyPhase(state, plan, phase)
    if (next !== undefined) return next
  }
  if (!plan.awaitsColumns) return undefined
  return await planPublish(state, plan)
}

/**
 * The catalog was read when the run began. What it says is enough for a swap, which checks it again; a refusal is looked up first, since a view
 * in the way may have been rebuilt by this run meanwhile.
 */
async function planPublish(state: ApplyState, plan: Plan): Promise<Plan> {
  const built = await readAside(state)
  const result = state.options.replan({ existing: state.existing, built })
  if (result.ok) return result.plan
  const existing = await state.session.catalog.relation(plan.relation)
  if (existing === undefined || existing.fingerprint === state.existing?.fingerprint) throw refusalError(result.reasons)
  state.existing = existing
  return planAgain(state, { existing, built })
}

async function readAside({ session, aside }: ApplyState): Promise<BuiltAside | undefined> {
  const columns = aside && (await session.catalog.columns(aside))
  return columns && { columns }
}

async function applyPhase(state: ApplyState, plan: Plan, phase: Phase): Promise<Plan | undefined> {
  const { options } = state
  const send = (): Promise<void> => sendPhase(state, plan, phase)
  for (;;) {
    try {
      await (phase.name === 'publish' && plan.takesTurns ? options.publishQueue(send) : send())
      return undefined
    } catch (error) {
      if (!(error instanceof WarehouseError)) throw error
      const next = await recover(state, plan, phase, error)
      if (next !== 'again') return next === 'done' ? undefined : next
    }
  }
}

/** What to do about an error: plan anew, send the phase again, or give up by throwing it. */
async function recover(state: ApplyState, plan: Plan, phase: Phase, error: WarehouseError): Promise<Plan | 'again' | 'done'> {
  if (state.options.signal?.aborted === true) throw error
  if (state.session.broken) {
    if (makesItVisible(plan, phase) && (await tookEffect(state, plan))) return 'done'
    throw error
  }
  if (isStale(error, plan)) return await lookAgain(state, plan, error)
  if (error.sqlState === '42P16' && plan.action === 'replace view') {
    return planAgain(state, { existing: state.existing, columnsChanged: true })
  }
  if (error.passing !== undefined) {
    await waitForTurn(state, plan, error)
    return (await withoutSwap(state, plan, phase)) ?? 'again'
  }
  throw error
}

/** A phase that builds aside changes nothing for anybody: a connection lost in it needs no settling. */
function makesItVisible(plan: Plan, phase: Phase): boolean {
  return phase.name === 'publish' || plan.aside === undefined
}

async function tookEffect({ session, existing, options: { reconnect } }: ApplyState, { relation }: Plan): Promise<boolean> {
  return reconnect !== undefined && (await settle({ lost: session, relation, existing, reconnect }))
}

function isStale(error: WarehouseError, plan: Plan): boolean {
  if (error.sqlState === staleCatalog) return true
  if (plan.action.startsWith('create ')) return error.sqlState === '42P07' || error.sqlState === '42710'
  return error.sqlState === '42P01' && error.position === undefined && plan.phases.some((phase) => phase.name === 'publish')
}

const mostReplans = 20

async function lookAgain(state: ApplyState, plan: Plan, error: WarehouseError): Promise<Plan> {
  state.attempt++
  state.replans++
  if (state.replans > mostReplans) throw error
  state.options.onRetry?.({
    reason: `${relationLabel(plan.relation)}, or what depends on it, was changed meanwhile; planning again.`,
    attempt: state.attempt,
  })
  const existing = await state.session.catalog.relation(plan.relation)
  if (existing === undefined && state.existing === undefined) throw error
  state.existing = existing
  return planAgain(state, { existing, built: await readAside(state) })
}

function planAgain(state: ApplyState, known: Known): Plan {
  const result = state.options.replan(known)
  if (!result.ok) throw refusalError(result.reasons)
  return result.plan
}

async function waitForTurn(state: ApplyState, plan: Plan, error: WarehouseError): Promise<void> {
  const { options, session } = state
  state.attempt++
  const blockers = await session.catalog.blockers(plan.locks)
  const held = blockers.length > 0 ? blockers.join(', ') : 'sessions that have ended since'
  if (Date.now() - state.started > (options.swapTimeout ?? 60_000)) {
    throw new SqlflowError('swap-timeout', `${relationLabel(plan.relation)} was not replaced, because others hold locks on it: ${held}.`, {
      hint: 'End their transactions, then build again. The relation is as it was.',
      cause: error,
      exitCode: 1,
    })
  }
  const reason = error.passing === 'lock' ? `waits for ${held}` : `met ${error.message} (${error.sqlState})`
  options.onRetry?.({ reason: `${relationLabel(plan.relation)} ${reason}.`, attempt: state.attempt })
  await backOff(state.attempt, options.signal)
}

/** Milliseconds of waiting for the locks of a swap after which a table is written in place, where that is safe. */
const swapPatience = 10_000

/** Views that are joined in every order, without pause, may leave no moment at which all of them can be locked. */
async function withoutSwap(state: ApplyState, plan: Plan, phase: Phase): Promise<Plan | undefined> {
  const { options, existing, started } = state
  const patience = Math.min(swapPatience, (options.swapTimeout ?? Infinity) / 2)
  if (phase.name !== 'publish' || !plan.action.startsWith('swap ') || Date.now() - started < patience) return undefined
  const result = options.replan({ existing, built: await readAside(state), contended: true })
  return result.ok && result.plan.action === 'write table in place' ? result.plan : undefined
}

/** One round trip; three where rows are copied in between. */
async function sendPhase(state: ApplyState, plan: Plan, phase: Phase): Promise<void> {
  const copyAt = phase.statements.findIndex((statement) => statement.rows !== undefined)
  if (copyAt === -1) await send(state, phase.statements, phase.transaction ? 'whole' : 'each')
  else {
    await send(state, phase.statements.slice(0, copyAt), 'open')
    await load(state, phase.statements[copyAt]!)
    await send(state, phase.statements.slice(copyAt + 1), 'close')
  }
  state.aside = phase.name === 'publish' ? undefined : (plan.aside ?? state.aside)
}

/** `open` and `close`: the beginning and the end of a transaction that other work stands in. */
type Extent = 'whole' | 'each' | 'open' | 'close'

async function send(state: ApplyState, statements: readonly Statement[], extent: Extent): Promise<void> {
  const { session, options } = state
  const all = [
    ...(extent === 'whole' || extent === 'open' ? [{ sql: 'begin' }] : []),
    ...statements,
    ...(extent === 'whole' || extent === 'close' ? [{ sql: 'commit' }] : []),
  ]
  for (const batch of extent === 'each' ? all.map((one) => [one]) : [all]) {
    const results = await sendStatements(session, batch, { head: headOf(options), signal: options.signal })
    const counted = batch.findIndex((statement) => statement.countsRows === true)
    if (counted !== -1) state.rows = results[counted]?.rowCount ?? undefined
    state.told = results.flatMap(({ rows }, index) => (batch[index]?.tells === true ? rows.map(([sentence]) => sentence ?? '') : []))
  }
}

function headOf({ label }: ApplyPlanOptions): string {
  return label === undefined ? '' : `/* sqlflow ${label.replaceAll('*/', '* /')} */ `
}

async function load(state: ApplyState, statement: Statement): Promise<void> {
  const { session, options } = state
  if (options.copyRows === undefined) throw new Error('A plan that copies rows is given them.')
  try {
    state.rows = await loadRows(session, statement, { rows: options.copyRows, head: headOf(options), ...options })
  } catch (error) {
    await rollBack(session)
    throw error instanceof WarehouseError ? locateError(error, joinStatements('', [statement])) : error
  }
}

async function rollBack(session: Session): Promise<void> {
  if (!session.broken) await session.run('rollback')
}

/** A relation aside that is not published is of no use; what cannot be dropped is cleared by the next run. */
async function dropAside(state: ApplyState): Promise<void> {
  const { session, aside, options } = state
  if (aside === undefined || session.broken) return
  try {
    await waitBriefly(session, [{ sql: `drop ${aside.kind} if exists ${options.dialect.relation(aside)}`, waits: true }], options.dialect)
  } catch (error) {
    if (!(error instanceof WarehouseError)) throw error
  }
}
