/**
 * What rows are, as one number: the sum of the hashes of each, so that their order does not count, since a warehouse without `order by` may answer
 * in another order every time. Where the order is asked for, it counts.
 */
import { createHash, hash } from 'node:crypto'

export interface RowDigest {
  add(row: string): void
  /** 32 hexadecimal digits, over all rows and `about`: whatever else decides what is written. */
  finish(about: string): string
}

const lanes = 8

export function createRowDigest(ordered: boolean): RowDigest {
  const sum = new Uint32Array(lanes)
  const sequence = createHash('sha256')
  let rows = 0
  return {
    add: (row) => {
      rows++
      if (ordered) {
        sequence.update(row).update('\n')
        return
      }
      const one = hash('sha256', row, 'buffer')
      for (let lane = 0; lane < lanes; lane++) sum[lane] = sum[lane]! + one.readUInt32LE(lane * 4)
    },
    finish: (about) => {
      const all = ordered ? sequence.digest('hex') : Buffer.from(sum.buffer).toString('hex')
      return hash('sha256', JSON.stringify([about, rows, ordered, all]), 'hex').slice(0, 32)
    },
  }
}
