/** `renamed_from` written into the front matter of a model, or the YAML entry of a seed; `relation` into that of a table of a source. */
import type { JsonValue } from '../core/project.ts'
import { valueAt, valueSpan, type Path } from '../project/document.ts'
import type { Edit } from '../project/replace-files.ts'
import { isMapping, type WrittenFile } from '../project/written-files.ts'

export interface FormerNameToRecord {
  readonly from: string
  readonly to: string
  readonly until: string
}

/** The edit that adds a key to the mapping at `path`; its place is where the mapping begins. */
export function addKey({ text, document }: WrittenFile, path: Path, key: string, value: string): Edit {
  const { start, end } = valueSpan(document, path)
  const written = valueAt(document.value, path)
  const entry = `${key}: ${value}`
  const gap = text[start + 1] === ' ' ? '' : ' '
  if (text[start] === '{') return insert(start + 1, ` ${entry}${isMapping(written) && Object.keys(written).length > 0 ? ',' : ''}${gap}`)
  if (!isMapping(written)) return insert(text.indexOf(':', end) + 1, ` { ${entry} }`)
  const indent = text.slice(text.lastIndexOf('\n', start - 1) + 1, start)
  return insert(start, `${entry}\n${' '.repeat(indent.length)}`)
}

function insert(at: number, text: string): Edit {
  return { start: at, end: at, text }
}

/** In front matter, which is begun or opened up where it has to be. */
export function recordInFrontMatter(file: WrittenFile, former: FormerNameToRecord): Edit {
  const { text, document, body } = file
  const known = valueAt(document.value, ['renamed_from'])
  const value = spell(known, former)
  if (known !== undefined) return { ...placeOf(file, ['renamed_from']), text: value }
  const bodyAt = text.length - (body?.text.length ?? 0)
  const head = text.slice(0, bodyAt)
  const comment = /\/\*[ \t]*---/.exec(head)
  if (!comment) return insert(0, `/*---\nrenamed_from: ${value}\n---*/\n`)
  const oneLine = /^(\s*)\/\*---[ \t]+(.*?)[ \t]*---\*\/[ \t]*\n?$/.exec(head)
  const [, before = '', yaml = ''] = oneLine ?? []
  if (oneLine && !yaml.startsWith('{')) {
    return { start: before.length, end: bodyAt, text: `/*---\n${yaml}\nrenamed_from: ${value}\n---*/\n` }
  }
  if (isMapping(document.value)) return addKey(file, [], 'renamed_from', value)
  const lineEnd = text.indexOf('\n', comment.index)
  return insert(lineEnd + 1, `renamed_from: ${value}\n`)
}

/** In the entry of a seed or a model. */
export function recordInEntry(file: WrittenFile, path: Path, former: FormerNameToRecord): Edit {
  const known = valueAt(file.document.value, [...path, 'renamed_from'])
  const value = spell(known, former)
  if (known !== undefined) return { ...placeOf(file, [...path, 'renamed_from']), text: value }
  return addKey(file, path, 'renamed_from', value)
}

function placeOf({ document }: WrittenFile, path: Path): { readonly start: number; readonly end: number } {
  const { start, end } = valueSpan(document, path)
  return { start, end }
}

/** What is known stays, but for the name that it gets, which is a former one no more. */
function spell(known: JsonValue | undefined, { from, to, until }: FormerNameToRecord): string {
  const before = (known === undefined ? [] : [known].flat()).flatMap((one: JsonValue): readonly (readonly [string, string])[] => {
    const { name, until: day } = isMapping(one) ? one : {}
    return typeof name === 'string' && typeof day === 'string' && name !== to ? [[name, day]] : []
  })
  const spelled = [...before, [from, until] as const].map(([name, day]) => `{ name: ${name}, until: ${day} }`)
  return spelled.length === 1 ? spelled[0]! : `[${spelled.join(', ')}]`
}
