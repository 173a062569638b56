/**
 * What sqlflow knows of a tab stands in the tab itself, as developer metadata: who wrote it, how far, and what. Each commit adds one entry whose id
 * is computed from the one before. Ids are unique in a spreadsheet and creating one in use fails the whole request, so that of two runs that
 * plan upon one state only one can commit, and no commit can be applied twice. A copy of a spreadsheet carries entries along: they name the
 * spreadsheet and the tab that they are about, and count nowhere else.
 */
import { hash } from 'node:crypto'
import { z } from 'zod'
import type { SheetRequest, Spreadsheet } from './google-api.ts'

const metadataKey = 'sqlflow'

const entry = z.object({
  v: z.literal(1),
  spreadsheet: z.string(),
  tab: z.number(),
  project: z.string(),
  /** Name, and part where the export has parts. */
  export: z.string(),
  /** `tab:` as it was configured. */
  configured: z.union([z.string(), z.number()]),
  /** Counts up from 1. */
  generation: z.number(),
  /** Of this commit alone. */
  commit: z.string(),
  digest: z.string(),
  /** Of data. */
  rows: z.number(),
  row: z.number(),
  column: z.number(),
  /** Of the table, header included. */
  height: z.number(),
  width: z.number(),
  /** Prints of the columns, six digits each; empty where there are too many to keep. */
  prints: z.string(),
  /** ISO 8601, UTC: when the data changed. */
  at: z.string(),
  /** The run, as people name it. */
  run: z.string(),
  /** append: prints of the runs that were appended, eight digits each, the latest last. */
  runs: z.string().optional(),
  /** snapshot: the day. */
  day: z.string().optional(),
  /** When it took over the data of somebody else. */
  adopted: z.string().optional(),
})
export type TabState = z.infer<typeof entry>

export interface FoundState {
  readonly state: TabState
  /** Ids of earlier commits of the same export, the latest first. */
  readonly earlier: readonly number[]
}

type Sheet = NonNullable<Spreadsheet['sheets']>[number]

/** The state of each export that wrote the tab, by `project/export`; and ids of entries that are about another spreadsheet or tab. */
export function readStates(
  spreadsheet: string,
  sheet: Sheet,
): { readonly states: ReadonlyMap<string, FoundState>; readonly foreign: readonly number[] } {
  const tab = sheet.properties?.sheetId ?? 0
  const foreign: number[] = []
  const found = new Map<string, { readonly state: TabState; readonly id: number }[]>()
  for (const { metadataKey: key, metadataId, metadataValue } of sheet.developerMetadata ?? []) {
    if (key !== metadataKey || typeof metadataId !== 'number') continue
    const state = parseEntry(metadataValue ?? '')
    if (!state || state.spreadsheet !== spreadsheet || state.tab !== tab) {
      foreign.push(metadataId)
      continue
    }
    const name = stateName(state)
    found.set(name, [...(found.get(name) ?? []), { state, id: metadataId }])
  }
  const states = new Map<string, FoundState>()
  for (const [name, entries] of found) {
    const [latest, ...others] = entries.toSorted((a, b) => b.state.generation - a.state.generation)
    states.set(name, { state: latest!.state, earlier: [latest!.id, ...others.map(({ id }) => id)] })
  }
  return { states, foreign }
}

export function stateName({ project, export: name }: Pick<TabState, 'project' | 'export'>): string {
  return `${project}/${name}`
}

function parseEntry(value: string): TabState | undefined {
  try {
    const parsed = entry.safeParse(JSON.parse(value))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

/** Entries that stay: a request that was on its way for so many commits is not on its way any more. */
const mostKept = 4

/** Adds the entry of a commit, and removes those that are old. */
export function commitRequests(next: TabState, previous: FoundState | undefined, foreign: readonly number[] = []): readonly SheetRequest[] {
  const old = [...(previous?.earlier.slice(mostKept - 1) ?? []), ...foreign]
  return [
    {
      createDeveloperMetadata: {
        developerMetadata: {
          metadataId: fenceOf(next),
          metadataKey,
          metadataValue: JSON.stringify(next),
          location: { sheetId: next.tab },
          visibility: 'DOCUMENT',
        },
      },
    },
    ...old.map((metadataId) => ({ deleteDeveloperMetadata: { dataFilter: { developerMetadataLookup: { metadataId } } } })),
  ]
}

function fenceOf({ spreadsheet, tab, project, export: name, generation }: TabState): number {
  return numberOf(['commit', spreadsheet, tab, project, name, generation])
}

/** A number from 1 to 2^31 - 1 that the parts decide. */
export function numberOf(parts: readonly (string | number)[]): number {
  return hash('sha256', JSON.stringify(parts), 'buffer').readUInt32LE(0) & 0x7f_ff_ff_ff || 1
}

const printLength = 6

export function printsOf(columns: readonly { readonly print: string }[]): string {
  return columns.length > 100 ? '' : columns.map(({ print }) => print).join('')
}

export function readPrints(prints: string): readonly string[] {
  return prints.match(new RegExp(`.{${printLength}}`, 'g')) ?? []
}

const runPrintLength = 8
const mostRuns = 60

function runPrint(run: string): string {
  return hash('sha256', run, 'hex').slice(0, runPrintLength)
}

export function hasAppended(runs: string, run: string): boolean {
  const prints: readonly string[] = runs.match(new RegExp(`.{${runPrintLength}}`, 'g')) ?? []
  return prints.includes(runPrint(run))
}

export function withRun(runs: string, run: string): string {
  return `${runs}${runPrint(run)}`.slice(-mostRuns * runPrintLength)
}
