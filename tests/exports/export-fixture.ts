/** Exports, rows and places for tests. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Export, ExportColumn, FileDestination, FileExport } from '../../src/core/project.ts'
import { postgresDialect } from '../../src/dialects/postgres.ts'
import { runExport, type ExportOutcome, type RunExportOptions } from '../../src/exports/run-export.ts'
import type { Session } from '../../src/warehouses/warehouse.ts'

const at = { file: 'exports/turf_list.yml', start: 0, end: 4 }

function destination(over: Partial<FileDestination> & Pick<FileDestination, 'type'>): FileDestination {
  return { path: `turf.${over.type}`, at, neutralizeFormulas: false, delimiter: ',', header: true, nullText: '', bom: false, ...over }
}

export interface ExportOptions {
  readonly to: Partial<FileDestination> & Pick<FileDestination, 'type'>
  readonly name?: string
  readonly orderBy?: readonly string[]
  readonly columns?: readonly Omit<ExportColumn, 'at'>[]
  readonly guards?: Export['guards']
}

export function exportOf({ to, name = 'turf_list', orderBy = [], columns = [], guards = {} }: ExportOptions): FileExport {
  return {
    kind: 'export',
    name,
    file: at.file,
    at,
    tags: [],
    meta: {},
    read: { from: 'turf', at },
    orderBy,
    columns: columns.map((column) => ({ ...column, at })),
    destination: destination(to),
    guards,
    enabled: true,
  }
}

export interface Exporter {
  readonly root: string
  readonly session: Session
  readonly exports?: 'live' | 'preview' | 'off'
  readonly signal?: AbortSignal
}

/** Exports `query` as the export says. */
export function exportQuery(
  { root, session, exports = 'live', signal }: Exporter,
  query: string,
  options: ExportOptions,
): Promise<ExportOutcome> {
  const run: RunExportOptions = {
    export: exportOf(options),
    read: { query },
    session,
    dialect: postgresDialect,
    root,
    target: { name: 'dev', exports },
    runId: 'run1',
    now: () => new Date('2026-11-03T12:00:00Z'),
    ...(signal && { signal }),
  }
  return runExport(run)
}

export function textOf(root: string, file: string): Promise<string> {
  return readFile(path.join(root, file), 'utf8')
}
