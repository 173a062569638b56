/**
 * Names of 64 to 127 bytes, which Redshift has and Postgres would cut: Postgres is given a short name with a digest, and what it answers gets the long one.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_names.html
 */
import { createHash } from 'node:crypto'
import type { Message } from './wire.ts'

const longest = 127
const longestOfPostgres = 63
const shortened = /~[0-9a-f]{16}/

/** By the short name: a digest names the same everywhere, so that sessions share them. */
const longNames = new Map<string, string>()

/** Longer names are cut: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html */
export function cutName(name: string): string {
  return Buffer.byteLength(name) <= longest ? name : cut(name, longest)
}

export function shortenName(name: string): string {
  if (Buffer.byteLength(name) <= longestOfPostgres) return name
  const short = `${cut(name, longestOfPostgres - 17)}~${createHash('sha256').update(name).digest('hex').slice(0, 16)}`
  longNames.set(short, name)
  return short
}

/** A text that names what has a long name, as the literals of a query of the catalog do. */
export function shortenNamesIn(text: string): string {
  return [...longNames].reduce((text, [short, long]) => text.replaceAll(long, short), text)
}

/** The same message with long names; a number of bytes stands before each value of a row. */
export function lengthenNames(message: Message): Message {
  if (longNames.size === 0 || !'DTEN'.includes(message.type) || !shortened.test(message.body.toString('latin1'))) return message
  return message.type === 'D'
    ? { type: 'D', body: lengthenRow(message.body) }
    : { type: message.type, body: Buffer.from(lengthen(message.body.toString('latin1')), 'latin1') }
}

/** In bytes, which Latin-1 keeps as they are. */
function lengthen(bytes: string): string {
  return [...longNames].reduce((text, [short, long]) => text.replaceAll(latin(short), latin(long)), bytes)
}

function latin(text: string): string {
  return Buffer.from(text).toString('latin1')
}

function lengthenRow(body: Buffer): Buffer {
  const parts: Buffer[] = [body.subarray(0, 2)]
  for (let at = 2; at < body.length;) {
    const length = body.readInt32BE(at)
    const value = Buffer.from(lengthen(body.toString('latin1', at + 4, at + 4 + Math.max(length, 0))), 'latin1')
    const head = Buffer.alloc(4)
    head.writeInt32BE(length === -1 ? -1 : value.length)
    parts.push(head, value)
    at += 4 + Math.max(length, 0)
  }
  return Buffer.concat(parts)
}

function cut(name: string, bytes: number): string {
  let short = ''
  for (const character of name) {
    if (Buffer.byteLength(short) + Buffer.byteLength(character) > bytes) break
    short += character
  }
  return short
}
