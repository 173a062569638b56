/** The entry that a commit leaves in the tab. */
import { randomBytes } from 'node:crypto'
import type { FoundTab } from './find-tab.ts'
import { nameOf, type TabRequest } from './tab-request.ts'
import { printsOf, type TabState } from './tab-state.ts'

interface Committed extends Partial<Pick<TabState, 'runs' | 'adopted' | 'rows' | 'width' | 'prints'>> {
  readonly height: number
}

export function nextState(request: TabRequest, tab: FoundTab, committed: Committed): TabState {
  const { content } = request
  const { start } = request.export.destination
  const before = tab.found?.state
  return {
    v: 1,
    spreadsheet: request.spreadsheet,
    tab: tab.sheetId,
    project: request.project,
    export: nameOf(request),
    configured: request.tab,
    generation: (before?.generation ?? 0) + 1,
    commit: randomBytes(6).toString('hex'),
    digest: content.digest,
    rows: content.rows,
    row: start.row,
    column: start.column,
    width: content.columns.length,
    prints: printsOf(content.columns),
    at: request.now.toISOString(),
    run: request.run.slice(0, 64),
    ...(request.day !== undefined && { day: request.day }),
    ...(before?.adopted !== undefined && { adopted: before.adopted }),
    ...committed,
  }
}
