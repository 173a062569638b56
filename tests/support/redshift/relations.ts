/** The relations that a statement reads, found by the words that stand before them. */
import { isSymbol, isWord, type NameAt, readName, type Word } from './words.ts'

export interface ReadRelation extends NameAt {
  readonly alias: string | undefined
}

const endsFrom = [
  'where',
  'group',
  'order',
  'having',
  'qualify',
  'limit',
  'offset',
  'union',
  'intersect',
  'except',
  'minus',
  'when',
  'set',
  'values',
  'select',
  'returning',
  'with',
]
const noAlias = new Set([
  ...endsFrom,
  'on',
  'using',
  'join',
  'left',
  'right',
  'full',
  'inner',
  'cross',
  'natural',
  'fetch',
  'pivot',
  'unpivot',
  'window',
  'for',
  'connect',
  'start',
  'tablesample',
  'remove',
])
const functionsWithFrom = new Set(['extract', 'trim', 'substring', 'overlay', 'position'])

export function readRelations(words: readonly Word[]): readonly ReadRelation[] {
  const found: ReadRelation[] = []
  const open: { inFrom: boolean; readonly call: boolean }[] = [{ inFrom: false, call: false }]
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    const level = open.at(-1)!
    if (isSymbol(word, '('))
      open.push({ inFrom: level.inFrom && beginsRelation(words, at), call: functionsWithFrom.has(words[at - 1]?.text ?? '') })
    else if (isSymbol(word, ')')) {
      if (open.length > 1) open.pop()
    } else if (isWord(word, 'from') && !level.call && !(isWord(words[at - 1], 'distinct') && isWord(words[at - 2], 'is', 'not')))
      level.inFrom = true
    else if (isWord(word, 'using') && isWord(words[0], 'merge', 'delete')) level.inFrom = true
    else if (isWord(word, ...endsFrom)) level.inFrom = false
    if (!open.at(-1)!.inFrom && !isWord(word, 'join')) continue
    if (!isWord(word, 'from', 'join', 'using') && !isSymbol(word, ',') && !isSymbol(word, '(')) continue
    const name = isWord(words[at + 1], 'lateral', 'only', 'select', 'with') ? undefined : readName(words, at + 1)
    if (name === undefined || isSymbol(words[name.to], '(')) continue
    found.push({ ...name, alias: readAlias(words, name.to) })
    at = name.to - 1
  }
  return found
}

function beginsRelation(words: readonly Word[], open: number): boolean {
  const before = words[open - 1]
  if (isWord(before, 'using')) return isWord(words[0], 'merge', 'delete') // elsewhere the columns of a join follow
  return isWord(before, 'from', 'join') || isSymbol(words[open - 1], ',') || isSymbol(words[open - 1], '(')
}

function readAlias(words: readonly Word[], at: number): string | undefined {
  const word = isWord(words[at], 'as') ? words[at + 1] : words[at]
  if (word === undefined || (word.kind !== 'identifier' && word.kind !== 'word')) return undefined
  return word.kind === 'word' && noAlias.has(word.text) ? undefined : word.text
}

/** The names that its common table expressions have. */
export function cteNames(words: readonly Word[]): ReadonlySet<string> {
  const names = new Set<string>()
  if (!words.some((word) => isWord(word, 'with'))) return names
  words.forEach((word, at) => {
    if (!isWord(word, 'as') || !isSymbol(words[at + 1], '(')) return
    let name = at - 1
    if (isSymbol(words[name], ')')) while (name > 0 && !isSymbol(words[name], '(')) name--
    const before = words[isSymbol(words[name], '(') ? --name : name]
    if (before !== undefined && (isWord(words[name - 1], 'with', 'recursive') || isSymbol(words[name - 1], ','))) names.add(before.text)
  })
  return names
}
