/**
 * A template as SQL that a formatter of SQL can read: each tag gives way to a word as long as itself, each line of block tags to a comment on a
 * line of its own, and comments to short ones, so that what stands for them can be put back to the letter. Pure.
 */
import { lexSql } from '../dialects/sql-lexer.ts'
import { blockPart } from './block-tags.ts'
import { scanTags, type Tag } from './scan-tags.ts'

export interface MaskedTemplate {
  readonly sql: string
  /** Undefined where something that was put in is gone, or is there twice, or a line of block tags is no line of its own. */
  readonly restore: (formatted: string) => string | undefined
}

/** Undefined for what is no template: Jinja, a tag that is not closed, a block that is not. */
export function maskTemplate(text: string): MaskedTemplate | undefined {
  const { tags } = scanTags(text)
  if (tags.some((tag) => tag.kind !== 'handlebars' || !tag.closed)) return undefined
  const stretches = findStretches(text, tags)
  if (!stretches) return undefined
  const word = freeWord(text)
  const { sql, kept } = replaceStretches(text, stretches, word)
  return { sql, restore: (formatted) => restore(alignBlocks(formatted, kept, word), kept, word) }
}

/** What is put back as it was. `line`: alone on its line, and to stay so. `note`: prints nothing. */
interface Stretch {
  readonly start: number
  readonly end: number
  readonly as: 'word' | 'line' | 'note'
  /** What the tags of a line do. */
  readonly parts?: readonly Part[]
}

type Part = 'open' | 'else' | 'close'

function findStretches(text: string, tags: readonly Tag[]): readonly Stretch[] | undefined {
  const blocks = pairBlocks(text, tags)
  if (!blocks) return undefined
  const lines = blockLines(text, tags)
  const opaque = opaqueBlocks(blocks, lines)
  const stretches: Stretch[] = opaque.map(({ start, end }) => ({ start, end, as: 'word' }))
  const isInside = ({ start }: Tag): boolean => opaque.some((block) => block.start <= start && start < block.end)
  for (const line of new Set(lines.values())) {
    if (!line.tags.some(isInside)) {
      const parts = line.tags.flatMap((tag) => blockPart({ file: '', text, segments: [] }, tag)?.kind ?? [])
      stretches.push({ start: line.tags[0]!.start, end: line.tags.at(-1)!.end, as: 'line', parts })
    }
  }
  for (const tag of tags) {
    if (!lines.has(tag) && !isInside(tag)) stretches.push({ ...whole(text, tag), as: isNote(text, tag) && !tag.inString ? 'note' : 'word' })
  }
  return outermost(stretches)
}

/** A raw block with what it holds, in which nothing is a tag. */
function whole(text: string, { start, end }: Tag): { readonly start: number; readonly end: number } {
  if (!text.startsWith('{{{{', start)) return { start, end }
  const close = text.indexOf('{{{{/', end)
  return { start, end: close === -1 ? end : text.indexOf('}}}}', close) + 4 }
}

function isNote(text: string, { start }: Tag): boolean {
  return /^\{\{~?!/.test(text.slice(start, start + 4))
}

interface Block {
  readonly start: number
  readonly end: number
  readonly parts: readonly Tag[]
}

function pairBlocks(text: string, tags: readonly Tag[]): readonly Block[] | undefined {
  const source = { file: '', text, segments: [] }
  const open: Tag[][] = []
  const blocks: Block[] = []
  for (const tag of tags) {
    const part = text.startsWith('{{{{', tag.start) ? undefined : blockPart(source, tag)
    if (part === undefined) continue
    if (part.kind === 'open') open.push([tag])
    else if (open.length === 0) return undefined
    else if (part.kind === 'else') open.at(-1)!.push(tag)
    else {
      const parts = [...open.pop()!, tag]
      blocks.push({ start: parts[0]!.start, end: tag.end, parts })
    }
  }
  return open.length > 0 ? undefined : blocks
}

interface Line {
  readonly tags: Tag[]
}

/** The lines that hold nothing but tags of blocks and notes, by tag. */
function blockLines(text: string, tags: readonly Tag[]): ReadonlyMap<Tag, Line> {
  const source = { file: '', text, segments: [] }
  const found = new Map<Tag, Line>()
  for (let first = 0; first < tags.length;) {
    let end = first
    while (end + 1 < tags.length && /^[ \t]*$/.test(text.slice(tags[end]!.end, tags[end + 1]!.start))) end++
    const line: Line = { tags: tags.slice(first, end + 1) }
    const before = text.slice(text.lastIndexOf('\n', line.tags[0]!.start - 1) + 1, line.tags[0]!.start)
    const breakAt = text.indexOf('\n', line.tags.at(-1)!.end)
    const after = text.slice(line.tags.at(-1)!.end, breakAt === -1 ? text.length : breakAt)
    const isAlone = before.trim() === '' && after.trim() === ''
    const isBlock = (tag: Tag): boolean =>
      !tag.inString && !text.startsWith('{{{{', tag.start) && (isNote(text, tag) || blockPart(source, tag) !== undefined)
    if (isAlone && line.tags.every(isBlock)) for (const tag of line.tags) found.set(tag, line)
    first = end + 1
  }
  return found
}

/** Blocks that begin, divide or end inside a line of SQL: they are left as they are, with all that they hold, and so is what shares a line with them. */
function opaqueBlocks(blocks: readonly Block[], lines: ReadonlyMap<Tag, Line>): readonly Block[] {
  const opaque = new Set(blocks.filter(({ parts }) => parts.some((tag) => !lines.has(tag))))
  for (let before = -1; before !== opaque.size;) {
    before = opaque.size
    const touched = new Set([...opaque].flatMap(({ parts }) => parts.flatMap((tag) => lines.get(tag)?.tags ?? [])))
    for (const block of blocks) if (block.parts.some((tag) => touched.has(tag))) opaque.add(block)
  }
  return [...opaque]
}

function outermost(stretches: readonly Stretch[]): readonly Stretch[] {
  const sorted = stretches.toSorted((a, b) => a.start - b.start || b.end - a.end)
  const kept: Stretch[] = []
  for (const one of sorted) {
    const last = kept.at(-1)
    if (!last || one.start >= last.end) kept.push(one)
    else if (one.end > last.end) kept[kept.length - 1] = { start: last.start, end: one.end, as: 'word' }
  }
  return kept
}

/** Letters that the text does not hold: `zq`, `zqq`, ... */
function freeWord(text: string): string {
  let word = 'zq'
  while (text.includes(word)) word += 'q'
  return word
}

interface Kept {
  readonly text: string
  readonly as: Stretch['as'] | 'line comment' | 'block comment'
  readonly parts?: readonly Part[]
}

function replaceStretches(
  text: string,
  stretches: readonly Stretch[],
  word: string,
): { readonly sql: string; readonly kept: readonly Kept[] } {
  const kept: Kept[] = []
  const keep = (one: Kept): string => {
    kept.push(one)
    return spell(word, kept.length - 1, one)
  }
  let withTags = ''
  let copied = 0
  for (const { start, end, as, parts } of stretches) {
    withTags += text.slice(copied, start) + keep({ text: text.slice(start, end), as, ...(parts && { parts }) })
    copied = end
  }
  withTags += text.slice(copied)
  const isOurs = new RegExp(`^(?:--|/\\*)${word}\\d`)
  let sql = ''
  copied = 0
  for (const { kind, start, end } of lexSql(withTags)) {
    const comment = withTags.slice(start, end)
    if (kind !== 'comment' || isOurs.test(comment)) continue
    sql +=
      withTags.slice(copied, start) + keep({ text: comment.trimEnd(), as: comment.startsWith('--') ? 'line comment' : 'block comment' })
    copied = end
  }
  return { sql: sql + withTags.slice(copied), kept }
}

/** As long as what it stands for, as far as that is one line: where lines are broken depends on it. */
function spell(word: string, index: number, { text, as }: Kept): string {
  const name = (width: number): string => `${word}${index}`.padEnd(Math.max(width - 1, 0), '_') + 'z'
  if (as === 'word') return name(text.includes('\n') ? 0 : text.length)
  return as === 'line' || as === 'line comment' ? `--${name(0)}` : `/*${name(0)}*/`
}

/** Lines that divide or close a block stand below the line that opens it, however the SQL between them is indented. */
function alignBlocks(formatted: string, kept: readonly Kept[], word: string): string {
  const open: string[] = []
  return formatted.replace(new RegExp(`^([ \\t]*)--${word}(\\d+)z$`, 'gm'), (line: string, indent: string, digits: string) => {
    const { as, parts = [] } = kept[Number(digits)] ?? { as: 'word' }
    if (as !== 'line') return line
    const aligned = parts[0] === undefined || parts[0] === 'open' ? indent : (open.at(-1) ?? indent)
    for (const part of parts) {
      if (part === 'open') open.push(aligned)
      else if (part === 'close') open.pop()
    }
    return aligned + line.trimStart()
  })
}

function restore(formatted: string, kept: readonly Kept[], word: string): string | undefined {
  const seen = new Set<number>()
  let isWhole = true
  const pattern = new RegExp(`(--|/\\*)?${word}(\\d+)_*z(\\*/)?`, 'g')
  const text = formatted.replace(
    pattern,
    (found: string, opening: string | undefined, digits: string, closing: string | undefined, at: number) => {
      const index = Number(digits)
      const one = kept[index]
      if (!one || seen.has(index)) isWhole = false
      seen.add(index)
      if (!one) return found
      if (one.as === 'word') return (opening ?? '') + one.text + (closing ?? '')
      if (one.as === 'line' && formatted.slice(formatted.lastIndexOf('\n', at - 1) + 1, at).trim() !== '') isWhole = false
      return one.text
    },
  )
  return isWhole && seen.size === kept.length ? text : undefined
}
