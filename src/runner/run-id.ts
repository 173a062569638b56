/** Ids of runs: sortable by time, unique, fit for names of relations and files. */
import { randomBytes } from 'node:crypto'

/** `20261123t224500_9f2c41`. */
export function createRunId(now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').toLowerCase()
  return `${stamp}_${randomBytes(3).toString('hex')}`
}
