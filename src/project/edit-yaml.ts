/**
 * Edits of YAML as splices of its text: what is not meant stays as it is, byte for byte, with its comments, order and layout. `yaml` tells where
 * things stand; it writes nothing but scalars.
 */
import { isMap, isNode, isScalar, isSeq, stringify, type Pair, type Scalar, type YAMLMap } from 'yaml'

export interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
}

export type MapNode = YAMLMap
export type Entry = Pair

/** A new entry: one line, or a line and what stands below it, indented from there by two spaces a level. */
export interface NewEntry {
  readonly key: string
  /** On the line of the key: `{ type: bigint }`; nothing where lines follow. */
  readonly inline?: string
  readonly below?: readonly NewEntry[]
}

/** Of two at one place the first stands first. They must not overlap. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const parts: string[] = []
  let read = 0
  for (const { start, end, text: by } of splices.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    parts.push(text.slice(read, start), by)
    read = end
  }
  return parts.join('') + text.slice(read)
}

/** Those that hold no other: an edit of a flow mapping writes all of it, and waits for those within. */
export function innermost(splices: readonly Splice[]): readonly Splice[] {
  const sorted = splices.toSorted((a, b) => a.start - b.start || b.end - a.end)
  const holdsNext = ({ start, end }: Splice, next: Splice | undefined): boolean =>
    next !== undefined && start < next.start && next.end < end
  return sorted.filter((one, k) => !holdsNext(one, sorted[k + 1]))
}

/** A scalar as it may stand anywhere, in a flow mapping too. */
export function scalarText(value: string): string {
  if (/^[a-z_]\w*(?: \w+)*$/i.test(value) && !/^(?:null|true|false)$/i.test(value)) return value
  if (/^[\d.+-]|[\n\r]/.test(value)) return JSON.stringify(value)
  return stringify([value], { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 }).trim().slice(1, -1)
}

export function keyOf(entry: Entry): string {
  return isScalar(entry.key) ? String(entry.key.value) : ''
}

/** The splices that remove entries of a mapping and add others below what is left. */
export function editMap(
  text: string,
  map: MapNode,
  change: { readonly remove: ReadonlySet<Entry>; readonly add: readonly NewEntry[] },
): readonly Splice[] {
  const { remove, add } = change
  if (remove.size === 0 && add.length === 0) return []
  const left = map.items.filter((entry) => !remove.has(entry))
  if (map.flow === true) return [rewriteFlow(text, map, left, add)]
  if (left.length === 0 && add.length === 0) return [emptyBlock(text, map)]
  const indent = columnOf(text, startOf(map.items[0]!))
  const added = add.map((entry) => renderEntry(entry, indent)).join('')
  const removed = [...remove].map((entry) => ({ start: lineStart(text, startOf(entry)), end: lineAfter(text, endOf(entry)), text: '' }))
  if (added === '') return removed
  const last = left.at(-1) ?? map.items.at(-1)!
  const at = lineAfter(text, endOf(last))
  const line = at > 0 && text[at - 1] !== '\n' ? `\n${added}` : added
  return [...removed, { start: at, end: at, text: line }]
}

/** What stands at a key of `map` becomes a mapping of entries; it was null, or the empty one. */
export function fillEntry(text: string, map: MapNode, entry: Entry, add: readonly NewEntry[]): Splice {
  if (map.flow === true) return setInline(text, entry, `{ ${add.map(renderFlow).join(', ')} }`)
  const indent = columnOf(text, startOf(entry)) + 2
  const [, end] = rangeOf(entry.key)
  const colon = text.indexOf(':', end) + 1
  const after = isScalar(entry.value) || isMap(entry.value) ? Math.max(colon, endOf(entry)) : colon
  const rest = text.slice(after, lineEnd(text, after))
  const lines = add.map((one) => renderEntry(one, indent)).join('')
  return { start: colon, end: lineEnd(text, after), text: `${rest.trimEnd()}\n${lines.trimEnd()}` }
}

/** The value of an entry, on the line of its key. */
export function setInline(text: string, entry: Entry, value: string): Splice {
  const [, end] = rangeOf(entry.key)
  const colon = text.indexOf(':', end) + 1
  const [start, stop] = entry.value === null || isEmptyScalar(entry.value) ? [colon, colon] : rangeOf(entry.value)
  return start === colon ? { start, end: start, text: ` ${value}` } : { start, end: stop, text: value }
}

/** A new first entry of a mapping. */
export function prependInline(text: string, map: MapNode, key: string, value: string): Splice {
  const [first] = map.items
  const line = `${scalarText(key)}: ${value}`
  if (map.flow === true || first === undefined) return rewriteFlow(text, map, map.items, [], line)
  const at = startOf(first)
  return { start: at, end: at, text: `${line}\n${' '.repeat(columnOf(text, at))}` }
}

export function renderEntry({ key, inline, below }: NewEntry, indent: number): string {
  const head = `${' '.repeat(indent)}${scalarText(key)}:${inline === undefined ? '' : ` ${inline}`}\n`
  return head + (below ?? []).map((entry) => renderEntry(entry, indent + 2)).join('')
}

/** As a part of a flow mapping. */
function renderFlow({ key, inline, below }: NewEntry): string {
  const value = inline ?? `{ ${(below ?? []).map(renderFlow).join(', ')} }`
  return `${scalarText(key)}: ${value}`
}

/** A comment of somebody, before or behind it. */
export function hasComment(entry: Entry): boolean {
  const nodes = [entry.key, entry.value].filter((node) => isScalar(node) || isMap(node) || isSeq(node))
  return nodes.some((node) => (node.commentBefore ?? '') !== '' || (node.comment ?? '') !== '')
}

function rewriteFlow(text: string, map: MapNode, left: readonly Entry[], add: readonly NewEntry[], first?: string): Splice {
  const [start, end] = rangeOf(map)
  const parts = [
    ...(first === undefined ? [] : [first]),
    ...left.map((entry) => text.slice(startOf(entry), endOf(entry))),
    ...add.map(renderFlow),
  ]
  return { start, end, text: parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }` }
}

/** All of a block mapping goes: `{}` stands behind its key. */
function emptyBlock(text: string, map: MapNode): Splice {
  const first = startOf(map.items[0]!)
  const keyEnd = text.slice(0, first).trimEnd().length
  return { start: keyEnd, end: endOf(map.items.at(-1)!), text: ' {}' }
}

function startOf(entry: Entry): number {
  return rangeOf(entry.key)[0]
}

/** Where the last byte of an entry that means something ends. */
function endOf(entry: Entry): number {
  if (entry.value === null || isEmptyScalar(entry.value)) return rangeOf(entry.key)[1] + 1
  return endOfNode(entry.value)
}

function endOfNode(node: unknown): number {
  if (isMap(node) && node.flow !== true && node.items.length > 0) return endOf(node.items.at(-1)!)
  if (isSeq(node) && node.flow !== true && node.items.length > 0) return endOfNode(node.items.at(-1))
  return rangeOf(node)[1]
}

function isEmptyScalar(node: unknown): node is Scalar {
  return isScalar(node) && node.range !== undefined && node.range !== null && node.range[0] === node.range[1]
}

function rangeOf(node: unknown): readonly [number, number] {
  const range = isNode(node) ? node.range : undefined
  if (range === undefined || range === null) throw new Error('A node that was parsed has a place.')
  return [range[0], range[1]]
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  return end === -1 ? text.length : end
}

/** Where the next line begins; `offset` itself, where a block scalar has ended with its line. */
function lineAfter(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === '\n') return offset
  return Math.min(text.length, lineEnd(text, offset) + 1)
}

function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset)
}
