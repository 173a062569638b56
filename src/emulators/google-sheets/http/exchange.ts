/** A request as the APIs read it, and what they answer. */
import type { IncomingHttpHeaders } from 'node:http'
import { invalidArgument } from '../model/google-error.ts'
import type { JsonObject } from '../model/spreadsheet.ts'
import type { DriveFile } from '../world/world.ts'

export interface ApiRequest {
  readonly method: string
  /** As it came: percent-encoded, without the query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** Of the emulator, with a slash at its end. */
  readonly url: string
}

export interface ApiReply {
  readonly status: number
  readonly body?: unknown
  readonly html?: string
  readonly headers?: Readonly<Record<string, string>>
  /** The file that this request changed. */
  readonly committed?: DriveFile
  /** How many cells it wrote. */
  readonly cells?: number
}

/** `{}` for an empty body. */
export function readJson({ body }: ApiRequest): unknown {
  if (body.length === 0) return {}
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw invalidArgument('Invalid JSON payload received. Unexpected token.')
  }
}

export function readForm({ body, headers }: ApiRequest): URLSearchParams {
  const text = body.toString('utf8')
  if (!/json/.test(headers['content-type'] ?? '')) return new URLSearchParams(text)
  const fields: Record<string, string> = {}
  try {
    for (const [name, value] of Object.entries(JSON.parse(text) as JsonObject)) if (typeof value === 'string') fields[name] = value
  } catch {
    return new URLSearchParams()
  }
  return new URLSearchParams(fields)
}
