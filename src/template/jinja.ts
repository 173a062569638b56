/** Jinja in a template, recognised and answered with the spelling that means the same here. Runs for mistakes alone. */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { toSpan, type SqlSource } from '../core/span.ts'
import type { Tag } from './scan-tags.ts'

export interface JinjaTag {
  readonly tag: Tag
  readonly diagnostic: Diagnostic
}

/** Each tag that only Jinja can read. */
export function findJinja(source: SqlSource, tags: readonly Tag[]): readonly JinjaTag[] {
  return tags.flatMap((tag) => {
    const text = source.text.slice(tag.start, tag.end)
    const found = describe(tag, text)
    if (found === undefined) return []
    const [what, hint] = found
    const at = toSpan(source, tag.start, tag.end)
    return [{ tag, diagnostic: errorDiagnostic('jinja', `${what} is Jinja; templates here are Handlebars.`, { at, hint }) }]
  })
}

type Description = readonly [what: string, hint: string]

function describe({ kind }: Tag, text: string): Description | undefined {
  switch (kind) {
    case 'jinja-comment':
      return ['`{# ... #}`', 'Write {{!-- ... --}}, or an SQL comment.']
    case 'jinja-statement':
      return describeStatement(text)
    case 'handlebars':
      return describeExpression(text)
    default:
      return kind satisfies never
  }
}

function describeStatement(text: string): Description {
  const [, word = '', rest = ''] = /^\{%-?\s*(\w*)\s*([\s\S]*?)\s*-?(?:%\}|$)/.exec(text) ?? []
  return [`\`{% ${word} %}\``, statementHints[word]?.(rest) ?? 'Delete it: it has no counterpart here.']
}

const statementHints: Readonly<Record<string, (rest: string) => string>> = {
  if: (rest) => (/is_incremental\s*\(/.test(rest) ? 'Write {{#incremental}}.' : `Write {{#if ${condition(rest)}}}.`),
  elif: (rest) => `Write {{else if ${condition(rest)}}}.`,
  else: () => 'Write {{else}}.',
  endif: () => 'Write {{/if}}, or {{/incremental}} to close {{#incremental}}.',
  for: (rest) => {
    const [, item = 'item', list = 'items'] = /^(\w+)\s+in\s+([\w.]+)\s*$/.exec(rest) ?? []
    return `Write {{#each ${list} as |${item}|}}.`
  },
  endfor: () => 'Write {{/each}}.',
  set: (rest) => {
    const [, name = 'name', value = '...'] = /^(\w+)\s*=\s*([\w.'"-]+)\s*$/.exec(rest) ?? []
    return `Write {{#let ${name}=${value}}} and {{/let}} around what uses it; a list is (list 'a' 'b').`
  },
  macro: () => 'A macro is a file of its own in macros/, named by it.',
  endmacro: () => 'A macro is a file of its own in macros/, named by it.',
  raw: () => 'Write {{{{raw}}}} and {{{{/raw}}}}.',
  endraw: () => 'Write {{{{/raw}}}}.',
}

/** `x == 'y'` as `(eq x 'y')`, where it is that simple. */
function condition(text: string): string {
  const equality = /^([\w.]+)\s*(==|!=)\s*('[^']*'|"[^"]*"|[\w.]+)$/.exec(text)
  if (equality) return `(${equality[2] === '==' ? 'eq' : 'ne'} ${equality[1]} ${equality[3]})`
  return /^not\s+([\w.]+)$/.test(text) ? text.replace(/^not\s+([\w.]+)$/, '(not $1)') : /^[\w.]+$/.test(text) ? text : '...'
}

/** `{{ name(...) }}`, `{{ x | filter }}`, `{{- x -}}`, and a string in parentheses after a name. */
function describeExpression(text: string): Description | undefined {
  const inside = /^\{\{(-?)\s*([\s\S]*?)\s*(-?)\}\}$/.exec(text)
  if (!inside) return undefined
  const [, open = '', content = '', close = ''] = inside
  const call = /^([A-Za-z_][\w.]*)(?:\(|\s+\(\s*(?:['")]|$))/.exec(content)
  if (call) return [`\`${call[1]}(...)\``, callHint(call[1]!, argumentsOf(content))]
  const filter = /^([\w.]+|'[^']*'|"[^"]*")\s*\|\s*(\w+)/.exec(content)
  if (filter) return [`\`| ${filter[2]}\``, `Write {{${filter[2]} ${filter[1]}}}.`]
  if (open === '-' || (close === '-' && /^[\w.'"\s]*$/.test(content))) return ['`{{- ... -}}`', `Write {{~${content}~}}.`]
  return undefined
}

/** The arguments as Handlebars writes them, where each is a literal or a name. */
function argumentsOf(content: string): string {
  const [, list = ''] = /\(([\s\S]*)\)/.exec(content) ?? []
  const simple = /^(?:\s*(?:\w+\s*=\s*)?(?:'[^']*'|"[^"]*"|[\w.-]+)\s*(?:,|$))*$/
  if (!simple.test(list)) return ' ...'
  const written = list
    .split(',')
    .map((one) => one.trim().replace(/\s*=\s*/, '='))
    .filter((one) => one !== '')
  return written.map((one) => ` ${one.includes("'") ? one : one.replaceAll('"', "'")}`).join('')
}

function callHint(name: string, args: string): string {
  if (name === 'config') return 'Write it as front matter, in a comment at the head of the file: /*--- materialized: table ---*/.'
  if (name === 'is_incremental') return 'Write {{#incremental}}...{{/incremental}}.'
  const renamed: Readonly<Record<string, string>> = { env_var: 'env' }
  return `Write {{${renamed[name] ?? name}${args}}}.`
}
