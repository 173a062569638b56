/** Google's quotas: so many reads and writes a minute, for each account and for its project, refilled with each minute of the clock. */
import { GoogleError } from '../model/google-error.ts'
import type { Account } from '../world/account.ts'

export type CallKind = 'read' | 'write'

export interface QuotaLimits {
  readonly perUser: number
  readonly perProject: number
}

export const googleLimits: QuotaLimits = { perUser: 60, perProject: 300 }

export class QuotaClock {
  readonly #limits: QuotaLimits
  readonly #now: () => number
  #minute = 0
  #used = new Map<string, number>()

  constructor(limits: QuotaLimits, now: () => number) {
    this.#limits = limits
    this.#now = now
  }

  /** Counts one call. Throws 429, and counts nothing, where that is one too many. */
  take(kind: CallKind, { email, project }: Account): void {
    const minute = Math.floor(this.#now() / 60_000)
    if (minute !== this.#minute) {
      this.#minute = minute
      this.#used = new Map()
    }
    const ofUser = `${kind} ${project} ${email}`
    const ofProject = `${kind} ${project}`
    if (this.#usedOf(ofUser) >= this.#limits.perUser) throw quotaExceeded(kind, project, this.#limits.perUser, true)
    if (this.#usedOf(ofProject) >= this.#limits.perProject) throw quotaExceeded(kind, project, this.#limits.perProject, false)
    for (const key of [ofUser, ofProject]) this.#used.set(key, this.#usedOf(key) + 1)
  }

  #usedOf(key: string): number {
    return this.#used.get(key) ?? 0
  }
}

export function quotaExceeded(kind: CallKind, project: string, value: number, perUser: boolean): GoogleError {
  const word = kind === 'read' ? 'Read' : 'Write'
  return new GoogleError(
    `Quota exceeded for quota metric '${word} requests' and limit '${word} requests per minute${perUser ? ' per user' : ''}' of service 'sheets.googleapis.com' for consumer 'project_number:${project}'.`,
    {
      code: 429,
      status: 'RESOURCE_EXHAUSTED',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'RATE_LIMIT_EXCEEDED',
          domain: 'googleapis.com',
          metadata: {
            service: 'sheets.googleapis.com',
            consumer: `projects/${project}`,
            quota_metric: `sheets.googleapis.com/${kind}_requests`,
            quota_limit: `${word}RequestsPerMinutePer${perUser ? 'User' : 'Project'}`,
            quota_limit_value: String(value),
            quota_location: 'global',
            quota_unit: perUser ? '1/min/{project}/{user}' : '1/min/{project}',
          },
        },
        {
          '@type': 'type.googleapis.com/google.rpc.Help',
          links: [{ description: 'Request a higher quota limit.', url: 'https://cloud.google.com/docs/quotas/help/request_increase' }],
        },
      ],
    },
  )
}
