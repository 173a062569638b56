import { createHash } from 'node:crypto'

export function fingerprintQuery(id: string): string {
  return `select ${id}`
}

export function identityQuery(id: string): string {
  return `select ${id}`
}

export function digestRows(rows: readonly (readonly (string | null)[])[]): string {
  return createHash('md5').update(JSON.stringify(rows)).digest('hex')
}
