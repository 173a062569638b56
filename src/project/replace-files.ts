/**
 * Changes to files of a project, all or none as far as a file system allows: everything is written aside first, then renamed; what fails midway is
 * put back. A byte order mark, line endings, permissions and every byte that no edit names stay as they are.
 */
import { chmodSync, existsSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { SqlflowError } from '../core/errors.ts'

/** `start` and `end` count as spans do: without a byte order mark, a line break as one character. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

export interface FileChange {
  /** Relative to the root. */
  readonly file: string
  /** Where it moves. */
  readonly to?: string
  readonly edits: readonly Edit[]
  /** It is new: nothing is read, and the edits are its text. */
  readonly isNew?: boolean
}

/** Puts everything back as it was. */
export type Undo = () => void

/** Throws SqlflowError `not-written`, and leaves everything as it was. */
export function changeFiles(root: string, changes: readonly FileChange[]): Undo {
  const steps = changes.map((change) => toStep(root, change))
  const done: (() => void)[] = []
  const undo: Undo = () => {
    for (const back of done.splice(0).toReversed()) back()
  }
  try {
    for (const step of steps) writeAside(step)
    for (const step of steps) publish(step, done)
  } catch (cause) {
    undo()
    for (const { aside } of steps) rmSync(aside, { force: true })
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new SqlflowError('not-written', `The files could not be written, and are as they were: ${why}`, {
      hint: 'Check that the folders and files may be written, and that the disk is not full.',
      cause,
    })
  }
  return undo
}

interface Step {
  /** Absolute, links followed. */
  readonly from: string
  readonly to: string
  readonly aside: string
  readonly before: Buffer | undefined
  readonly after: Buffer
  readonly mode: number | undefined
}

function toStep(root: string, { file, to, edits, isNew = false }: FileChange): Step {
  const path = join(root, file)
  const from = isNew || to !== undefined ? path : realpathSync(path)
  const target = to === undefined ? from : join(root, to)
  const before = isNew ? undefined : readFileSync(from)
  const after = before && edits.length === 0 ? before : Buffer.from(applyEdits(before?.toString('utf8') ?? '', edits), 'utf8')
  const aside = join(dirname(target), `.${basename(target)}.sqlflow-${process.pid}`) // no project reads names that begin with a dot
  return { from, to: target, aside, before, after, mode: isNew ? undefined : statSync(from).mode }
}

function writeAside({ aside, after, mode }: Step): void {
  writeFileSync(aside, after)
  if (mode !== undefined) chmodSync(aside, mode & 0o7777)
}

function publish({ from, to, aside, before, mode }: Step, done: (() => void)[]): void {
  const isMove = from !== to && before !== undefined
  if (isMove) {
    const isSameFile = existsSync(to) && statSync(to).ino === statSync(from).ino // another case of the name, where case does not count
    if (isSameFile) rmSync(from)
  }
  renameSync(aside, to)
  done.push(() => {
    if (before === undefined || from !== to) rmSync(to, { force: true })
    if (before !== undefined) {
      writeFileSync(from, before)
      if (mode !== undefined) chmodSync(from, mode & 0o7777)
    }
  })
  if (isMove) rmSync(from, { force: true })
}

/** `raw` as it stands in the file. Edits do not overlap; line breaks in them become those of the file. */
function applyEdits(raw: string, edits: readonly Edit[]): string {
  const lineBreak = lineBreakOf(raw)
  let at = raw.charCodeAt(0) === 0xfeff ? 1 : 0
  let counted = 0
  let copied = 0
  let text = ''
  const moveTo = (offset: number): number => {
    while (counted < offset && at < raw.length) {
      at += raw.startsWith('\r\n', at) ? 2 : 1
      counted++
    }
    return at
  }
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    text += raw.slice(copied, moveTo(edit.start)) + edit.text.replaceAll('\n', lineBreak)
    copied = moveTo(edit.end)
  }
  return text + raw.slice(copied)
}

function lineBreakOf(raw: string): '\n' | '\r\n' {
  const all = raw.split('\n').length - 1
  const windows = raw.split('\r\n').length - 1
  return windows > all / 2 ? '\r\n' : '\n'
}
