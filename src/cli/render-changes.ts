/** Edits of files as the lines that they change, old and new, for people. */
import type { Edit, FileChange } from '../project/replace-files.ts'
import type { Style } from './style.ts'

export function renderChanges(changes: readonly FileChange[], texts: ReadonlyMap<string, string>, style: Style): string {
  return changes
    .map(({ file, to, edits, isNew }) => {
      const head = style('bold', to === undefined ? `${file}${isNew === true ? ' (new)' : ''}` : `${file} -> ${to}`)
      return `${[head, ...changedLines(texts.get(file) ?? '', edits, style)].join('\n')}\n`
    })
    .join('\n')
}

function changedLines(text: string, edits: readonly Edit[], style: Style): readonly string[] {
  const lines: string[] = []
  for (const { start, end, edits: inside } of hunks(text, edits)) {
    const before = text.slice(start, end)
    const number = text.slice(0, start).split('\n').length
    const after = inside
      .toReversed()
      .reduce((now, edit) => now.slice(0, edit.start - start) + edit.text + now.slice(edit.end - start), before)
    const [old, fresh] = [splitLines(before), splitLines(after)]
    const kept = fresh.length > old.length && old.every((line) => fresh.includes(line)) ? new Set(old) : new Set<string>()
    lines.push(...old.filter((line) => !kept.has(line)).map((line) => style('red', `  ${number} - ${line}`)))
    lines.push(...fresh.filter((line) => !kept.has(line)).map((line) => style('green', `  ${number} + ${line}`)))
  }
  return lines
}

function splitLines(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}

interface Hunk {
  readonly start: number
  end: number
  readonly edits: Edit[]
}

/** Whole lines, each edit in one of them. */
function hunks(text: string, edits: readonly Edit[]): readonly Hunk[] {
  const found: Hunk[] = []
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    const start = text.lastIndexOf('\n', edit.start - 1) + 1
    const breakAt = text.indexOf('\n', Math.max(edit.end - (edit.end > edit.start && text[edit.end - 1] === '\n' ? 1 : 0), edit.start))
    const end = breakAt === -1 ? text.length : breakAt + 1
    const last = found.at(-1)
    if (last && start < last.end) {
      last.end = Math.max(last.end, end)
      last.edits.push(edit)
    } else found.push({ start, end, edits: [edit] })
  }
  return found
}
