/**
 * Hidden tabs in which large tables wait for the commit that pastes and deletes them. What a run that died left behind is told from what a run
 * that works has made: by the delivery that both are, by the process that made it, and by its age.
 */
import { z } from 'zod'
import { isAlive, ownIdentity } from '../../../warehouses/pglite/process-identity.ts'
import type { GoogleApi, SheetRequest, Spreadsheet } from './google-api.ts'
import { GoogleError } from './google-api.ts'
import { a1Range } from './a1.ts'
import { deleteSheet } from './requests.ts'
import type { Piece } from './spool.ts'
import type { Staging, TabPlan } from './tab-plan.ts'
import { nameOf } from './tab-request.ts'
import { numberOf } from './tab-state.ts'

const metadataKey = 'sqlflow.staging'
/** Milliseconds after which nobody works on it any more. */
const abandonedAfter = 30 * 60 * 1000

const mark = z.object({
  spreadsheet: z.string(),
  name: z.string(),
  run: z.string(),
  process: z.object({ pid: z.number(), host: z.string(), started: z.string().exactOptional() }),
  at: z.number(),
})

export interface Stage {
  readonly sheetId: number
  readonly title: string
  readonly plan: TabPlan
  readonly staging: Staging
}

export interface StageOwner {
  /** What the delivery is called: an earlier attempt at it has ended. */
  readonly run: string
  /** Of this process and attempt alone. */
  readonly nonce: string
  readonly now: () => Date
}

/** Numbers of the tabs that runs which have ended left behind. */
export function findAbandoned(
  id: string,
  { sheets = [] }: Spreadsheet,
  names: ReadonlySet<string>,
  { run, now }: StageOwner,
): readonly number[] {
  return sheets.flatMap(({ properties, developerMetadata = [] }) => {
    const written = developerMetadata.find((one) => one.metadataKey === metadataKey)?.metadataValue
    const found = written === undefined || written === null ? undefined : mark.safeParse(parseJson(written))
    if (!found?.success) return []
    const { spreadsheet, name, run: theirs, process: owner, at } = found.data
    const isCopy = spreadsheet !== id
    const isOver = now().getTime() - at > abandonedAfter || (names.has(name) && theirs === run) || !isAlive(owner)
    return isCopy || isOver ? [properties?.sheetId ?? 0] : []
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function planStages(id: string, plans: readonly TabPlan[], { nonce }: StageOwner): readonly Stage[] {
  return plans.flatMap((plan) => {
    if (!plan.staging) return []
    const sheetId = numberOf(['staging', id, nameOf(plan.request), nonce])
    return [{ sheetId, title: `sqlflow staging ${sheetId}`, plan, staging: plan.staging }]
  })
}

/** Makes the tabs in one call. */
export function addStages(id: string, stages: readonly Stage[], { run, now }: StageOwner): readonly SheetRequest[] {
  return stages.flatMap(({ sheetId, title, plan, staging }) => [
    {
      addSheet: {
        properties: { sheetId, title, hidden: true, gridProperties: { rowCount: staging.rows, columnCount: staging.columns } },
      },
    },
    {
      createDeveloperMetadata: {
        developerMetadata: {
          metadataKey,
          metadataValue: JSON.stringify({
            spreadsheet: id,
            name: nameOf(plan.request),
            run,
            process: ownIdentity(),
            at: now().getTime(),
          } satisfies z.infer<typeof mark>),
          location: { sheetId },
          visibility: 'DOCUMENT',
        },
      },
    },
  ])
}

export interface FillOptions {
  readonly api: GoogleApi
  readonly id: string
  readonly signal: AbortSignal
  readonly onProgress: (rows: number, total: number) => void
}

/** Rows that a call carries at least, however slow the API is. */
const leastCells = 1000

export async function fillStage({ title, staging }: Stage, { api, id, signal, onProgress }: FillOptions): Promise<void> {
  let row = 0
  const send = async (piece: Piece): Promise<void> => {
    const range = a1Range(title, { row, column: 0, endRow: row + piece.rows, endColumn: staging.columns })
    try {
      await api.writeValues(id, range, valuesBody(range, piece))
      row += piece.rows
      onProgress(row, staging.rows)
    } catch (error) {
      const isTooLarge =
        error instanceof GoogleError && error.outcome === 'unknown' && piece.rows * staging.columns > leastCells && piece.rows > 1
      if (!isTooLarge) throw error
      for (const half of halves(piece)) await send(half)
    }
  }
  for await (const piece of staging.pieces()) {
    signal.throwIfAborted()
    await send(piece)
  }
}

function valuesBody(range: string, { json }: Piece): Uint8Array {
  return Buffer.concat([Buffer.from(`{"range":${JSON.stringify(range)},"majorDimension":"ROWS","values":[`), json, Buffer.from(']}')])
}

function halves({ json }: Piece): readonly Piece[] {
  const rows: readonly unknown[] = JSON.parse(`[${Buffer.from(json).toString('utf8')}]`)
  const middle = Math.ceil(rows.length / 2)
  return [rows.slice(0, middle), rows.slice(middle)].map((part) => ({
    rows: part.length,
    json: Buffer.from(part.map((row) => JSON.stringify(row)).join(','), 'utf8'),
  }))
}

export function removeStages(stages: readonly Pick<Stage, 'sheetId'>[]): readonly SheetRequest[] {
  return stages.map(({ sheetId }) => deleteSheet(sheetId))
}
