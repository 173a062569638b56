/** How much one call carries, in bytes of JSON. */
export interface CallSizes {
  /** All that a commit writes itself: the API asks to keep a batch under two megabytes. What is more is staged. */
  readonly commit: number
  /** Rows that are appended: well under what the API takes at all, because only within one call they stand exactly after the last. */
  readonly append: number
  /** Rows that are staged: sent and answered well within the time that the API allows. */
  readonly piece: number
}

export const callSizes: CallSizes = { commit: 2_000_000, append: 7 * 1024 * 1024, piece: 4 * 1024 * 1024 }
