/**
 * One line to a webhook where a run failed: who, which node, why, and which exports were not updated. It is news, no part of the run: where it
 * cannot be sent, that is a warning, and the address of the webhook is told nowhere.
 */
import { setTimeout } from 'node:timers/promises'
import { countOf } from '../../core/count-of.ts'
import type { NodeOutcome } from '../../core/event.ts'
import { nodeNameOf, type NodeId } from '../../core/node.ts'
import { nodeLabel, runLabel, type RunStory, type Told } from './run-story.ts'

/** Undefined where there is nothing to complain of. `runUrl`: where the log of the run is. */
export function renderFailureLine(story: RunStory, runUrl: string | undefined): string | undefined {
  if (story.status === 'success') return undefined
  const sentences = [`${runLabel(story)} ${wordOf(story)}${causeOf(story)}`, notUpdated(story), runUrl ?? '']
  return harmless(sentences.filter((one) => one !== '').join(' '))
}

function wordOf({ status }: RunStory): string {
  return status === 'cancelled' ? 'was cancelled' : status
}

function causeOf({ outcomes, stoppedBy, tell }: RunStory): string {
  const [stopped, ...others] = stoppedBy
  if (stopped) return `: ${placed(stopped)}${further(others.length, 'more')}`
  const [first, ...more] = outcomes.filter(({ status }) => status === 'fail' || status === 'error')
  return first ? `: ${nodeLabel(first.node)}, ${placed(tell(first))}${further(more.length, 'more failed')}` : '.'
}

function placed({ message, place }: Told): string {
  return `${place === undefined ? '' : `${place}: `}${sentence(cut(message, 300))}`
}

function further(count: number, what: string): string {
  return count === 0 ? '' : ` ${count} ${what}.`
}

const mostExports = 20

function notUpdated({ notDelivered, outcomes }: RunStory): string {
  if (notDelivered.length === 0) return ''
  const outcomeOf = new Map(outcomes.map((one) => [one.node, one]))
  const told = notDelivered.slice(0, mostExports).map((id) => exportLabel(id, outcomeOf.get(id)))
  const more = notDelivered.length - mostExports
  return `Not updated: ${told.join(', ')}${more > 0 ? ` and ${countOf(more, 'other')}` : ''}.`
}

/** With the sheet as people know it, where that was learned, and how much of it was written all the same. */
function exportLabel(id: NodeId, outcome: NodeOutcome | undefined): string {
  const about = [outcome?.link === undefined ? '' : (outcome.where ?? ''), ...(outcome?.notes ?? [])].filter((part) => part !== '')
  return about.length === 0 ? nodeNameOf(id) : `${nodeNameOf(id)} (${about.join(', ')})`
}

function cut(text: string, longest: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`
}

/** Nothing that a chat reads as markup or as a call to everybody: names and messages are not the author's of the message. */
function harmless(text: string): string {
  return text
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replaceAll(/@(?=all|channel|everyone|here)/gi, '@\u200b')
}

export interface WebhookOptions {
  readonly url: string
  readonly text: string
  /** Milliseconds that one try may take. */
  readonly timeout: number
  /** Milliseconds before the second try. */
  readonly pause: number
}

/** Posts `{ text }`, twice where the first fault may pass. Returns why it could not, in words that go on a sentence; never throws. */
export async function postText(options: WebhookOptions): Promise<string | undefined> {
  const first = await post(options)
  if (!first.mayPass) return first.problem
  await setTimeout(options.pause)
  return (await post(options)).problem
}

interface Posted {
  readonly problem: string | undefined
  /** Another try may fare better. */
  readonly mayPass: boolean
}

async function post({ url, text, timeout }: WebhookOptions): Promise<Posted> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ text }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeout),
    })
    await response.body?.cancel()
    if (response.ok) return { problem: undefined, mayPass: false }
    return { problem: `it answered ${response.status}`, mayPass: response.status >= 500 || response.status === 429 }
  } catch (error) {
    return { problem: isTimeout(error) ? `it gave no answer within ${timeout / 1000} s` : 'it cannot be reached', mayPass: true }
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError'
}
