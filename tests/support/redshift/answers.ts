/**
 * What the server is expected to answer, in order: to whom each answer goes, and which statement an error is about. Mirrors the protocol: an error ends
 * everything up to the next Sync or Query.
 */
import { lengthenNames } from './long-names.ts'
import { type Piece, originOf } from './pieces.ts'
import type { RedshiftError } from './redshift-error.ts'
import { type Message, readFields, readRow, writeFields } from './wire.ts'

/** A statement as the server has it. */
export interface SentStatement {
  /** No answer of it is passed on but an error. */
  readonly hidden: boolean
  /** Its text; offsets of errors are led back through it. */
  readonly pieces: readonly Piece[]
  /** Where it begins in the text of the whole query. */
  readonly start: number
  readonly refusal?: RedshiftError
  /** The text that the client sent. */
  readonly sent: string
}

export type Expected =
  | { readonly kind: 'query'; readonly statements: readonly SentStatement[]; at: number }
  | {
      readonly kind: 'step'
      readonly ends: string
      readonly hidden: boolean
      /** Its error is nobody's either. */ readonly quiet?: true
      readonly statement?: SentStatement
      readonly rows?: (readonly (string | undefined)[])[]
      readonly done?: (rows: readonly (readonly (string | undefined)[])[] | undefined) => void
    }
  | { readonly kind: 'sync'; readonly hidden: boolean }

export class Answers {
  readonly #expected: Expected[] = []
  /** `I` idle, `T` in a transaction, `E` in one that failed. */
  status = 'I'

  expect(...expected: readonly Expected[]): void {
    this.#expected.push(...expected)
  }

  get idle(): boolean {
    return this.#expected.length === 0
  }

  /** What the client gets in place of a message of the server. */
  receive(received: Message): readonly Message[] {
    const message = lengthenNames(received)
    if (message.type === 'S') return [renameServer(message)]
    if (message.type === 'Z') this.status = message.body.toString('latin1')
    const current = this.#expected[0]
    if (current === undefined) return message.type === 'E' ? translateError(message, undefined) : [message]
    if (message.type === 'E') return this.#fail(current, message)
    if (message.type === 'A') return [message]
    if (current.kind === 'sync') return this.#endSync(current, message)
    return current.kind === 'query' ? this.#answerQuery(current, message) : this.#answerStep(current, message)
  }

  #answerQuery(current: Extract<Expected, { kind: 'query' }>, message: Message): readonly Message[] {
    if (message.type === 'Z') {
      this.#expected.shift()
      return [message]
    }
    const hidden = current.statements[current.at]?.hidden === true
    if (message.type === 'C' || message.type === 'I') current.at++
    return hidden ? [] : [message]
  }

  #answerStep(current: Extract<Expected, { kind: 'step' }>, message: Message): readonly Message[] {
    if (message.type === 'D') current.rows?.push(readRow(message.body))
    if (current.ends.includes(message.type)) {
      this.#expected.shift()
      current.done?.(current.rows ?? [])
    }
    return current.hidden ? [] : [message]
  }

  #endSync(current: Extract<Expected, { kind: 'sync' }>, message: Message): readonly Message[] {
    if (message.type !== 'Z') return current.hidden ? [] : [message]
    this.#expected.shift()
    return current.hidden ? [] : [message]
  }

  #fail(current: Expected, message: Message): readonly Message[] {
    const statement = current.kind === 'query' ? current.statements[current.at] : current.kind === 'step' ? current.statement : undefined
    const quiet = current.kind === 'step' && current.quiet === true
    while (this.#expected[0]?.kind === 'step') {
      const skipped = this.#expected.shift()
      if (skipped?.kind === 'step') skipped.done?.(undefined)
    }
    return quiet ? [] : translateError(message, statement)
  }
}

function renameServer(message: Message): Message {
  const [name] = message.body.toString('utf8').split('\0')
  return name === 'server_version' ? { type: 'S', body: Buffer.from('server_version\x008.0.2\0') } : message
}

/** Redshift's error for the one of Postgres, at its place in the text that the client sent. */
function translateError(message: Message, statement: SentStatement | undefined): readonly Message[] {
  const fields = readFields(message.body)
  if (fields.get('M')!.includes('refused_by_redshift') && statement?.refusal !== undefined)
    return tellRefusal(statement.refusal, statement.sent)
  const position = Number(fields.get('P'))
  if (statement !== undefined && fields.has('P')) placeError(fields, position, statement)
  if (fields.get('C') === '40001') conflict(fields)
  if (fields.get('C') === '28P01') fields.set('C', '28000')
  if (fields.get('M') === 'MERGE command cannot affect row a second time')
    fields.set('M', 'Found multiple matches to update the same tuple.')
  if (fields.get('C') === '42501')
    fields.set('M', fields.get('M')!.replace(/^permission denied for (?:table|view|materialized view) /, 'permission denied for relation '))
  return [writeFields('E', fields)]
}

/** https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation.html */
function conflict(fields: Map<string, string>): void {
  fields.set('C', 'XX000')
  fields.set('M', '1023')
  fields.set('D', 'Serializable isolation violation on table')
  fields.delete('H')
}

/** Positions are counted in characters, from one. */
function placeError(fields: Map<string, string>, position: number, { pieces, start, sent }: SentStatement): void {
  const whole = pieces.map(({ text }) => text).join('')
  const offset =
    Array.from(' '.repeat(start) + whole)
      .slice(0, position - 1)
      .join('').length - start
  const at = originOf(pieces, offset)
  if (at === undefined) fields.delete('P')
  else fields.set('P', String(countCharacters(sent, at) + 1))
}

function tellRefusal({ sqlstate, message, detail, info, at }: RedshiftError, sent: string): readonly Message[] {
  const error = new Map([
    ['S', 'ERROR'],
    ['V', 'ERROR'],
    ['C', sqlstate],
    ['M', message],
  ])
  if (detail !== undefined) error.set('D', detail)
  if (at !== undefined) error.set('P', String(countCharacters(sent, at) + 1))
  const notice =
    info === undefined
      ? []
      : [
          writeFields(
            'N',
            new Map([
              ['S', 'INFO'],
              ['V', 'INFO'],
              ['C', '00000'],
              ['M', info],
            ]),
          ),
        ]
  return [...notice, writeFields('E', error)]
}

function countCharacters(text: string, offset: number): number {
  return Array.from(text.slice(0, offset)).length
}
