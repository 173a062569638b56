/** What a request of a batch is. */
import type { Draft } from '../model/draft.ts'
import type { Requester } from '../model/requester.ts'
import type { JsonObject } from '../model/spreadsheet.ts'
import type { RequestInput, RequestKind } from './schema.ts'

/** Changes the draft; returns its reply where it has one. Throws Google's error, without the place of the request. */
export type RequestHandler<K extends RequestKind> = (
  draft: Draft,
  input: RequestInput<K>,
  requester: Requester,
) => JsonObject | undefined | void
