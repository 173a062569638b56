/**
 * One session: a socket of a client and one to the Postgres behind. Texts of Query and Parse are rewritten, everything else passes. Messages are handled one
 * after another, since a text may need a question to the database first.
 */
import { connect, type Socket } from 'node:net'
import { Answers, type Expected, type SentStatement } from './answers.ts'
import type { LateBindingView } from './late-binding.ts'
import { textOf } from './pieces.ts'
import { rewriteQuery, rewriteStatement, type Rewritten } from './rewrite.ts'
import { redshiftSettings } from './translations/sessions.ts'
import { encode, int16, int32, type Message, message, MessageCutter, readText, writeFields } from './wire.ts'
import { isWord, quoteText, readWords, splitStatements, type Word } from './words.ts'

const own = '_redshift'
const sslRequest = 80877103
const cancelRequest = 80877102

type Rows = readonly (readonly (string | undefined)[])[]

/** What belongs to a prepared statement or a portal. */
interface Prepared {
  readonly after: readonly string[]
  readonly statement: SentStatement
}

export class RedshiftSession {
  readonly #client: Socket
  readonly #server: Socket
  readonly #answers = new Answers()
  readonly #statements = new Map<string, Prepared>()
  readonly #portals = new Map<string, Prepared>()
  #queue: Promise<void> = Promise.resolve()
  #started = false
  #open = false
  #caseSensitive = false
  #preparedViews = false

  constructor(client: Socket, port: number) {
    this.#client = client
    this.#server = connect(port, '127.0.0.1')
    const fromClient = new MessageCutter({ startsUntyped: true })
    const fromServer = new MessageCutter({ startsUntyped: false })
    client.on('data', (bytes) => {
      for (const one of fromClient.take(bytes)) {
        if (!this.#started && one.body.readUInt32BE(0) !== sslRequest) {
          this.#started = true
          fromClient.expectTyped()
        }
        this.#queue = this.#queue.then(() => this.#handle(one)).catch((error: unknown) => this.#giveUp(error))
      }
    })
    this.#server.on('data', (bytes) => {
      const made = [...fromServer.take(bytes)].flatMap((one) => this.#answers.receive(one))
      if (made.length > 0) client.write(Buffer.concat(made.map(encode)))
    })
    client.on('close', () => this.#server.end())
    this.#server.on('close', () => client.destroy())
    client.on('error', () => this.#server.destroy())
    this.#server.on('error', () => client.destroy())
    client.setNoDelay(true)
    this.#server.setNoDelay(true)
  }

  end(): void {
    this.#client.destroy()
    this.#server.destroy()
  }

  /** A mistake of the stand-in is said to the client, which else would wait for ever. */
  #giveUp(error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    this.#client.end(
      encode(
        writeFields(
          'E',
          new Map([
            ['S', 'FATAL'],
            ['V', 'FATAL'],
            ['C', 'XX000'],
            ['M', `The stand-in for Redshift failed. ${text}`],
          ]),
        ),
      ),
    )
    this.#server.destroy()
  }

  async #handle(one: Message): Promise<void> {
    if (one.type === '') return this.#startUp(one.body)
    const body = one.body
    switch (one.type) {
      case 'Q':
        return this.#query(readText(body, 0).text)
      case 'P':
        return this.#parse(body)
      case 'B':
        return this.#bind(one)
      case 'E':
        return this.#execute(one)
      case 'D':
        return this.#send(one, { kind: 'step', ends: 'Tn', hidden: false, ...this.#about(body) })
      case 'C':
        return this.#send(one, { kind: 'step', ends: '3', hidden: false })
      case 'S':
        this.#open = false
        return this.#send(one, { kind: 'sync', hidden: false })
      default:
        return this.#send(one)
    }
  }

  /** The statement that a Describe is about. */
  #about(body: Buffer): { readonly statement?: SentStatement } {
    const known = (body[0] === 0x53 ? this.#statements : this.#portals).get(readText(body, 1).text)
    return known === undefined ? {} : { statement: known.statement }
  }

  #send(one: Message, ...expected: readonly Expected[]): void {
    this.#answers.expect(...expected)
    this.#server.write(encode(one))
  }

  /**
   * No TLS here; settings that Postgres does not know get a name that it takes. `IAM:ana` of temporary credentials logs in as `ana`:
   * https://docs.aws.amazon.com/redshift/latest/APIReference/API_GetClusterCredentials.html
   */
  #startUp(body: Buffer): void {
    const code = body.readUInt32BE(0)
    if (code === sslRequest) this.#client.write('N')
    else if (code === cancelRequest) this.#server.end(encode({ type: '', body }))
    else {
      const words = body.toString('utf8', 4).split('\0').slice(0, -2)
      const settings = words.map((word, at) => {
        if (at % 2 === 0) return redshiftSettings.has(word) ? `redshift.${word}` : renameOptions(word)
        return words[at - 1] === 'user' ? word.replace(/^IAMA?:/, '') : renameOptions(word)
      })
      this.#send({ type: '', body: Buffer.concat([int32(code), ...settings.map((word) => Buffer.from(`${word}\0`)), Buffer.from([0])]) })
    }
  }

  async #query(sent: string): Promise<void> {
    const statements = splitStatements(readWords(sent, this.#caseSensitive))
    const built: SentStatement[] = []
    const texts: string[] = []
    let length = 0
    let inTransaction = this.#answers.status !== 'I'
    const add = (statement: Omit<SentStatement, 'start' | 'sent'>): void => {
      const text = textOf(statement.pieces)
      built.push({ ...statement, start: length, sent })
      texts.push(text)
      length += text.length + 1
    }
    const views = await this.#loadViews(statements.flat())
    for (const words of statements) {
      const rewritten = rewriteStatement({ sent, words, inTransaction, caseSensitive: this.#caseSensitive }, views)
      this.#noteSettings(words)
      if (rewritten.refused) {
        add({ hidden: false, pieces: [{ text: 'select pg_catalog.refuse()' }], refusal: rewritten.error })
        break
      }
      for (const text of locksFirst(rewritten)) add({ hidden: true, pieces: [{ text, about: words[0]!.start }] })
      add({ hidden: false, pieces: rewritten.main })
      for (const text of rewritten.after) add({ hidden: true, pieces: [{ text, about: words[0]!.start }] })
      if (isWord(words[0], 'begin', 'start')) inTransaction = true
      if (isWord(words[0], 'commit', 'end', 'rollback', 'abort')) inTransaction = false
    }
    this.#send(message('Q', texts.length === 0 ? sent : texts.join(';')), { kind: 'query', statements: built, at: 0 })
  }

  async #parse(body: Buffer): Promise<void> {
    const { text: name, next } = readText(body, 0)
    const { text: sent, next: rest } = readText(body, next)
    const [words = []] = splitStatements(readWords(sent, this.#caseSensitive))
    const views = await this.#loadViews(words)
    this.#open = true
    const rewritten: Rewritten =
      words.length === 0
        ? { refused: false, before: [], main: [{ text: sent, at: 0 }], after: [] }
        : rewriteStatement({ sent, words, inTransaction: this.#answers.status !== 'I', caseSensitive: this.#caseSensitive }, views)
    this.#noteSettings(words)
    if (rewritten.refused) {
      const statement = { hidden: false, pieces: [], start: 0, sent, refusal: rewritten.error }
      this.#send(message('P', name, 'refused_by_redshift', int16(0)), { kind: 'step', ends: '1', hidden: false, statement })
      return
    }
    if (this.#answers.status === 'T') for (const sql of locksFirst(rewritten)) this.#runHidden(sql)
    const statement = { hidden: false, pieces: rewritten.main, start: 0, sent }
    this.#statements.set(name, { after: rewritten.after, statement })
    this.#send(message('P', name, textOf(rewritten.main), body.subarray(rest)), { kind: 'step', ends: '1', hidden: false, statement })
  }

  #bind(one: Message): void {
    this.#open = true
    const { text: portal, next } = readText(one.body, 0)
    const prepared = this.#statements.get(readText(one.body, next).text)
    if (prepared === undefined) this.#portals.delete(portal)
    else this.#portals.set(portal, prepared)
    this.#send(one, { kind: 'step', ends: '2', hidden: false, ...(prepared && { statement: prepared.statement }) })
  }

  #execute(one: Message): void {
    this.#open = true
    const prepared = this.#portals.get(readText(one.body, 0).text)
    this.#send(one, { kind: 'step', ends: 'CIs', hidden: false, ...(prepared && { statement: prepared.statement }) })
    for (const sql of prepared?.after ?? []) this.#runHidden(sql)
  }

  /** `enable_case_sensitive_identifier` changes how names are read; DISCARD and DEALLOCATE take what is prepared here too. */
  #noteSettings(words: readonly Word[]): void {
    if (isWord(words[0], 'discard', 'deallocate')) this.#preparedViews = false
    const at = words.findIndex((word) => isWord(word, 'enable_case_sensitive_identifier'))
    if (at !== -1 && isWord(words[0], 'set', 'reset')) this.#caseSensitive = isWord(words[0], 'set') && isWord(words[at + 2], 'true', 'on')
  }

  /** A statement of the stand-in's own, in the middle of what the client does; one that is prepared has a name. */
  #runHidden(sql: string, done?: (rows: Rows | undefined) => void, name = own, prepared = false): void {
    const step = (ends: string, more: Partial<Extract<Expected, { kind: 'step' }>> = {}): Expected => ({
      kind: 'step',
      ends,
      hidden: true,
      ...(done && { quiet: true }),
      ...more,
    })
    if (!prepared) this.#send(message('P', name, sql, int16(0)), step('1'))
    this.#send(message('B', own, name, int16(0), int16(0), int16(0)), step('2'))
    this.#send(message('E', own, int32(0)), step('CIs', done === undefined ? {} : { rows: [], done }))
    this.#send(message('C', Buffer.from('P'), own), step('3'))
    if (name === own) this.#send(message('C', Buffer.from('S'), own), step('3'))
  }

  /** Asks the database; undefined where the transaction has failed. */
  #ask(sql: string, name?: string, prepared?: boolean): Promise<Rows | undefined> {
    if (this.#answers.status === 'E') return Promise.resolve(undefined)
    return new Promise((resolve) => {
      this.#runHidden(sql, resolve, name, prepared)
      if (this.#open) this.#send({ type: 'H', body: Buffer.alloc(0) })
      else this.#send({ type: 'S', body: Buffer.alloc(0) }, { kind: 'sync', hidden: true })
    })
  }

  /** The late-binding views, where the text could read one; and their queries for what describes them. */
  async #loadViews(words: readonly Word[]): Promise<readonly LateBindingView[]> {
    if (!words.some((word) => isWord(word, 'from', 'join', 'using'))) return []
    const rows = await this.#ask(
      'select oid, nspname, relname, query, visible, readable, owned from pg_catalog.late_binding_views',
      `${own}_views`,
      this.#preparedViews,
    )
    this.#preparedViews = rows !== undefined
    if (rows === undefined || rows.length === 0) return []
    const views = translateViews(rows)
    if (words.some(({ text }) => /^(svv_(redshift_|all_)?columns|pg_table_def|pg_get_late_binding_view_cols)$/.test(text))) {
      const queries = JSON.stringify(Object.fromEntries(rows.map(([oid], at) => [oid!, views[at]!.query])))
      await this.#ask(`select set_config('redshift.late_binding', ${quoteText(queries)}, false)`)
    }
    const read: LateBindingView[] = []
    for (const [at, view] of views.entries()) {
      const foreign = rows[at]![6] !== 't' && view.readable && words.some(({ text }) => text === view.name)
      const columns = foreign ? (await this.#ask(`select pg_catalog.column_list(${quoteText(view.query)})`))?.[0]?.[0] : undefined
      read.push({ ...view, columns })
    }
    return read
  }
}

/** Each query as Postgres reads it, with the views that it reads in their place. */
function translateViews(rows: Rows): readonly LateBindingView[] {
  const made = new Map<string, LateBindingView>()
  const pending = new Set<string>()
  const byName = new Map(rows.map((row) => [`${row[1]}.${row[2]}`, row]))
  const translate = (key: string): LateBindingView | undefined => {
    const row = byName.get(key)
    if (row === undefined || pending.has(key)) return undefined
    const done = made.get(key)
    if (done !== undefined) return done
    pending.add(key)
    const [, schema = '', name = '', sent = '', visible, readable] = row
    const words = readWords(sent)
    const used = [...byName.keys()].filter(
      (other) => other !== key && words.some(({ text }) => text === other.slice(other.indexOf('.') + 1)),
    )
    const inner = used.flatMap((other) => translate(other) ?? []).map((view) => ({ ...view, readable: true }))
    const query = textOf(rewriteQuery({ sent, words, inTransaction: false, caseSensitive: false }, inner) ?? [{ text: sent }])
    pending.delete(key)
    const view = { schema, name, query, visible: visible === 't', readable: readable === 't', columns: undefined }
    made.set(key, view)
    return view
  }
  return [...byName.keys()].map((key) => translate(key)!)
}

function locksFirst(rewritten: Rewritten): readonly string[] {
  return rewritten.refused ? [] : rewritten.before
}

/** `-c query_group=nightly` of the start-up packet's `options`. */
function renameOptions(text: string): string {
  return text.replaceAll(/(-c\s+|--)([a-z_]+)=/g, (all, flag: string, name: string) =>
    redshiftSettings.has(name) ? `${flag}redshift.${name}=` : all,
  )
}
