/** What an export wrote the last time, kept under `.sqlflow/exports/`: counts and a hash, never rows. Losing it loses a comparison alone. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Target } from '../core/project.ts'
import type { Receipt } from './destination.ts'

export interface ReceiptPlace {
  readonly root: string
  readonly target: Pick<Target, 'name' | 'exports'>
  /** Of the export. */
  readonly name: string
}

const version = 1

/** Undefined where there is none, or none that can be read. */
export async function loadReceipt(place: ReceiptPlace): Promise<Receipt | undefined> {
  try {
    const kept: unknown = JSON.parse(await readFile(receiptPath(place), 'utf8'))
    return isKept(kept) ? kept.receipt : undefined
  } catch {
    return undefined
  }
}

export async function saveReceipt(place: ReceiptPlace, receipt: Receipt, runId: string): Promise<void> {
  const path = receiptPath(place)
  await mkdir(dirname(path), { recursive: true })
  const aside = `${path}.${runId}`
  await writeFile(aside, `${JSON.stringify({ v: version, receipt }, undefined, 2)}\n`)
  await rename(aside, path)
}

/** Previews are not compared with what is live. */
function receiptPath({ root, target, name }: ReceiptPlace): string {
  return join(root, '.sqlflow', 'exports', target.name, `${name}.${target.exports}.json`)
}

interface Kept {
  readonly v: typeof version
  readonly receipt: Receipt
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null || !('v' in value) || value.v !== version || !('receipt' in value)) return false
  const { receipt } = value
  return typeof receipt === 'object' && receipt !== null && 'rows' in receipt && typeof receipt.rows === 'number'
}
