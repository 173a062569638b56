/** Calls a minute: 60 of a user and 300 of the project, for reads and for writes; filled up anew each minute, as Google's are. */
import { ApiError } from './api-error.ts'

export type CallKind = 'read' | 'write'

const perUser = 60
const perProject = 300

export interface Quota {
  /** Throws ApiError 429. */
  take(kind: CallKind, email: string): void
}

/** `now` in milliseconds; without it nothing is counted. */
export function createQuota(now: (() => number) | undefined): Quota {
  let minute = Number.NaN
  let counts = new Map<string, number>()
  return {
    take: (kind, email) => {
      if (!now) return
      const current = Math.floor(now() / 60_000)
      if (current !== minute) {
        minute = current
        counts = new Map()
      }
      for (const [key, most, limit] of [
        [`${kind} ${email}`, perUser, 'PerMinutePerUser'],
        [kind, perProject, 'PerMinutePerProject'],
      ] as const) {
        const used = counts.get(key) ?? 0
        if (used >= most) throw exceeded(kind, limit)
        counts.set(key, used + 1)
      }
    },
  }
}

export function exceeded(kind: CallKind, limit: string): ApiError {
  const name = kind === 'read' ? 'Read' : 'Write'
  const words = limit === 'PerMinutePerUser' ? 'per minute per user' : 'per minute'
  return new ApiError(
    429,
    'RESOURCE_EXHAUSTED',
    `Quota exceeded for quota metric '${name} requests' and limit '${name} requests ${words}' of service 'sheets.googleapis.com' for consumer 'project_number:0'.`,
    [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'RATE_LIMIT_EXCEEDED',
        domain: 'googleapis.com',
        metadata: {
          service: 'sheets.googleapis.com',
          quota_limit: `${name}Requests${limit}`,
          consumer: 'projects/0',
          quota_limit_value: '60',
        },
      },
    ],
  )
}
