/**
 * One call to Google, tried until it ends for sure: with a token, within the budget of the account, again after faults that pass, and never again
 * where it may have been applied and must not be twice. Google's client tries no POST again and gives up after two seconds, while a quota lasts a
 * minute; so its own attempts are switched off.
 */
import type { CallBudget, CallKind } from './call-budget.ts'
import type { Clock } from './clock.ts'
import type { CallOutcome } from './google-api.ts'
import { explainFault, type CallFacts } from './google-errors.ts'
import { faultOf, garbledAnswer, type Fault } from './google-fault.ts'
import { isCertificate, isQuota, wasNeverSent } from './service-errors.ts'
import type { SigningAccount } from './token-errors.ts'

/** What one caller may do, and whom it tells. */
export interface CallContext {
  readonly account: string
  /** Where people open spreadsheets. */
  readonly documents: string
  /** The key of the account, where it has one. */
  readonly signer: SigningAccount | undefined
  readonly budget: CallBudget
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onWait: (reason: string) => void
  readonly onRetry: (reason: string, attempt: number) => void
  /** Makes sure that there is a token that is valid now. */
  readonly prepareToken: () => Promise<unknown>
  /** The token was refused: the next is another. */
  readonly forgetToken: () => void
  /** Whether Google has answered before: what never did is given up sooner. */
  readonly reached: { yes: boolean }
}

export interface GoogleCall<T> {
  /** `token`: a question to the login service, which takes nothing of the budget. */
  readonly kind: CallKind | 'token'
  /** `piece`: may be repeated, but after a fault that speaks of too large a piece it is the caller's turn. */
  readonly meaning: 'repeatable' | 'once' | 'piece'
  readonly facts: Omit<CallFacts, 'kind' | 'account' | 'documents' | 'signer'>
  /** Rejects with the client's error; undefined for an answer that is not Google's. */
  readonly send: () => Promise<T | undefined>
}

const mostTries = 8
const triesOfUnreached = 3
/** Longer is no wait, but a refusal. */
const longestRetryAfter = 10 * 60_000

/** Throws GoogleError, and the signal's reason: between attempts, never in the middle of one. */
export async function callGoogle<T>(context: CallContext, call: GoogleCall<T>): Promise<T> {
  let outcome: CallOutcome = 'refused'
  let hasNewToken = false
  for (let tries = 1; ; tries++) {
    const answer = await attempt(context, call)
    if (answer.ok) return answer.value
    const { fault } = answer
    const verdict = judge(fault, call, hasNewToken)
    if (verdict === 'unknown' || verdict === 'maybe') outcome = call.kind === 'write' ? 'unknown' : 'refused'
    const wait = verdict === 'again' || verdict === 'maybe' ? waitBefore(tries, fault, context) : undefined
    if (verdict === 'renew') {
      hasNewToken = true
      context.forgetToken()
    } else if (wait === undefined) throw explainFault(fault, factsOf(context, call), outcome)
    else await pause(context, call, { fault, wait, tries })
  }
}

function factsOf({ account, documents, signer }: CallContext, call: GoogleCall<unknown>): CallFacts {
  return { ...call.facts, kind: kindOf(call), account, documents, signer }
}

function kindOf({ kind }: GoogleCall<unknown>): CallKind {
  return kind === 'token' ? 'read' : kind
}

type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault }

async function attempt<T>(context: CallContext, call: GoogleCall<T>): Promise<Answer<T>> {
  const { budget, signal, clock, reached } = context
  const { kind } = call
  let stage: Fault['stage'] = 'token'
  let release: (() => void) | undefined
  try {
    signal.throwIfAborted()
    if (kind !== 'token') {
      await context.prepareToken()
      release = await budget[kind].take(signal, (wait) => context.onWait(waitReason(wait, kind, context.account)))
      stage = 'call'
    }
    const value = await call.send()
    if (kind !== 'token') reached.yes = true
    return value === undefined ? { ok: false, fault: garbledAnswer } : { ok: true, value }
  } catch (error) {
    const fault = faultOf(error, stage, clock.now())
    if (!fault || error === signal.reason) throw error
    if (fault.status !== undefined) reached.yes = true
    return { ok: false, fault }
  } finally {
    release?.()
  }
}

function waitReason(milliseconds: number, kind: CallKind, account: string): string {
  return `waiting ${Math.ceil(milliseconds / 1000)} s: 60 ${kind}s a minute are shared by all exports of ${account}`
}

/**
 * `again`: certainly not applied, and worth another try; `maybe`: worth another try, and may have been applied; `unknown`: may have been
 * applied, and is not tried again.
 */
type Verdict = 'again' | 'maybe' | 'unknown' | 'renew' | 'refused'

function judge(fault: Fault, call: GoogleCall<unknown>, hasNewToken: boolean): Verdict {
  if (isCertificate(fault)) return 'refused'
  if (isQuota(fault) || wasNeverSent(fault)) return 'again'
  if (fault.stage === 'token') return fault.status === undefined || fault.status >= 500 ? 'again' : 'refused'
  if (fault.status === 401) return hasNewToken ? 'refused' : 'renew'
  if (fault.status !== undefined && fault.status !== 408 && fault.status < 500) return 'refused'
  if (call.kind !== 'write') return 'again'
  if (call.meaning === 'once') return 'unknown'
  const speaksOfSize = fault.timedOut || fault.status === 500 || fault.status === 504
  return call.meaning === 'piece' && speaksOfSize ? 'unknown' : 'maybe'
}

/** Milliseconds; undefined where it is enough. Seven waits of 2, 4, 8, 16, 32, 64 and 64 s outlast a minute of quota more than once. */
function waitBefore(tries: number, { retryAfter = 0 }: Fault, { reached }: CallContext): number | undefined {
  if (tries >= (reached.yes ? mostTries : triesOfUnreached) || retryAfter > longestRetryAfter) return undefined
  return Math.max(retryAfter, backoff(tries))
}

/** Milliseconds, spread so that two that met do not meet again. */
function backoff(tries: number): number {
  return Math.min(2 ** tries, 64) * 1000 + Math.random() * 1000
}

/** Between two calls of which the second decides whether the first is made again. */
export async function rest({ clock, signal, onRetry }: CallContext, tries: number, reason: string): Promise<void> {
  const wait = backoff(tries)
  onRetry(`${reason}; trying again in ${Math.round(wait / 1000)} s`, tries + 1)
  await clock.sleep(wait, signal)
}

interface Pause {
  readonly fault: Fault
  readonly wait: number
  readonly tries: number
}

/** A refusal for the quota concerns all who share it. */
async function pause(context: CallContext, call: GoogleCall<unknown>, { fault, wait, tries }: Pause): Promise<void> {
  if (isQuota(fault) && fault.stage === 'call') context.budget[kindOf(call)].pause(wait)
  context.onRetry(`${describe(fault, kindOf(call))}; trying again in ${Math.round(wait / 1000)} s`, tries + 1)
  await context.clock.sleep(wait, context.signal)
}

function describe(fault: Fault, kind: CallKind): string {
  if (isQuota(fault)) return `Google allows no more ${kind}s at the moment`
  if (fault.status !== undefined) return `Google answered HTTP ${fault.status}`
  return fault.timedOut ? 'Google did not answer in time' : `Google was not reached (${fault.network})`
}
