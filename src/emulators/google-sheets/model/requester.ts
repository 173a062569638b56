/** Who asks, as far as spreadsheets care. */
import type { DeveloperMetadata } from './spreadsheet.ts'

export interface Requester {
  readonly email: string
  /** The number of the Google Cloud project that calls are counted for. */
  readonly project: string
  /** Owners may edit what is protected from others. */
  readonly isOwner: boolean
}

/** What is of one project alone is not there for another. */
export function mayKnow({ project }: Requester, metadata: DeveloperMetadata): boolean {
  return metadata.visibility === 'DOCUMENT' || metadata.project === project
}
