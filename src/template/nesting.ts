/**
 * How deep blocks and calls stand in one another. The parser and the evaluator follow them by recursion: past what any author writes, they
 * would end in a stack overflow, or take minutes.
 */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { toSpan, type SqlSource } from '../core/span.ts'
import { blockPart } from './block-tags.ts'
import type { Tag } from './scan-tags.ts'

const deepest = 100

/** The first tag that goes too deep. */
export function findDeepNesting(source: SqlSource, tags: readonly Tag[]): Diagnostic | undefined {
  const tag = (tags.length > deepest ? tags.find(goesTooDeep(source)) : undefined) ?? tags.find((one) => hasDeepCalls(source, one))
  if (tag === undefined) return undefined
  return errorDiagnostic('bad-template', `Blocks or calls stand in one another more than ${deepest} deep here.`, {
    at: toSpan(source, tag.start, Math.min(tag.end, tag.start + 40)),
    hint: 'Write an {{#each}} over a list instead, or move a part into a macro.',
  })
}

/** Each `{{else if}}` is a block in the one before it. */
function goesTooDeep(source: SqlSource): (tag: Tag) => boolean {
  const open: number[] = []
  let depth = 0
  return (tag) => {
    const kind = blockPart(source, tag)?.kind
    if (kind === 'open') open.push(1)
    else if (kind === 'else' && open.length > 0) open[open.length - 1]! += 1
    depth += kind === 'close' ? -(open.pop() ?? 0) : kind === undefined ? 0 : 1
    return depth > deepest
  }
}

function hasDeepCalls({ text }: SqlSource, tag: Tag): boolean {
  if (tag.end - tag.start < deepest || tag.kind !== 'handlebars') return false
  let depth = 0
  for (const [character] of text.slice(tag.start, tag.end).matchAll(/'[^']*'|"[^"]*"|[()]/g)) {
    if (character === '(' && ++depth > deepest) return true
    if (character === ')') depth--
  }
  return false
}
