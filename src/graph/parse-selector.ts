/**
 * The text of a selector to its terms. The grammar is dbt's: `[@][N+|+][method[.argument]:]value[+[N]]`, where a space
 * (or a repeated flag) means union and a comma means intersection.
 */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { didYouMean } from '../core/nearest-name.ts'
import type { Span } from '../core/span.ts'

const methods = ['fqn', 'path', 'file', 'tag', 'config', 'source', 'resource_type', 'test_name', 'test_type', 'export', 'selector'] as const
type Method = (typeof methods)[number]

export interface Term {
  /** As typed, for messages. */
  readonly text: string
  readonly method: Method
  /** `materialized`, of `config.materialized:view`. */
  readonly argument?: string
  readonly value: string
  /** How many steps up, `Infinity` for `+x`. */
  readonly up: number
  readonly down: number
  /** `@x`: everything that reads it, and everything that those read. */
  readonly around: boolean
}

/** Unions hold intersections, which hold terms. */
export type ParsedSelector = readonly (readonly Term[])[]

export interface SelectorParser {
  readonly diagnostics: Diagnostic[]
  /** Where the selector stands, when it stands in a file. */
  readonly at?: Span | undefined
}

/** Terms that cannot be read are reported and left out. */
export function parseSelector(text: string, { diagnostics, at }: SelectorParser): ParsedSelector {
  const fail = (message: string, hint?: string): undefined => {
    diagnostics.push(errorDiagnostic('bad-selector', message, { at, hint }))
  }
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => parseIntersection(word, fail))
}

/** A term that matches the node of that name: what the grammar or a shell could read as its own (a space, a comma, a quote) is a `?`, any one character. */
export function termFor(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}_.-]/gu, '?')
}

type Fail = (message: string, hint?: string) => undefined

function parseIntersection(word: string, fail: Fail): readonly Term[] {
  const parts = word.split(',')
  if (parts.includes('')) {
    fail(`\`${word}\` has a comma with nothing beside it.`, 'Write `a,b` without spaces for what is in both, `a b` for what is in either.')
    return []
  }
  return parts.flatMap((part) => parseTerm(part, fail) ?? [])
}

const shape = /^(?<around>@?)(?:(?<up>\d*)\+)?(?:(?<method>[\w.]+):)?(?<value>.*?)(?:\+(?<down>\d*))?$/s

function parseTerm(text: string, fail: Fail): Term | undefined {
  const { around, up, method: written, value, down } = shape.exec(text)!.groups as Partial<Record<string, string>>
  if (around && down !== undefined) {
    return fail(
      `\`${text}\` has both \`@\` and \`+\` after the name.`,
      `\`@\` takes in all that reads it already: write \`${text.replace(/\+\d*$/, '')}\`.`,
    )
  }
  if (!value) return fail(`\`${text}\` names nothing to select.`, 'Write a name, or a method and a value, such as `tag:nightly`.')
  if (/^(?:\d*\+|@)|\+\d*$/.test(value))
    return fail(`\`${text}\` has an operator too many.`, 'A term is `@name`, `+name`, `2+name`, `name+` or `name+2`.')
  const [name, ...argument] = (written ?? methodOf(value)).split('.')
  const method = readMethod(name!, argument.join('.'), text, fail)
  if (!method) return undefined
  return { text, value, around: around === '@', up: readDepth(up), down: readDepth(down), ...method }
}

function readDepth(written: string | undefined): number {
  if (written === undefined) return 0
  return written === '' ? Infinity : Number(written)
}

/** A value without a method: a path, a file, or a name. */
function methodOf(value: string): Method {
  if (/[/\\]/.test(value)) return 'path'
  return /\.(sql|csv|ya?ml)$/.test(value) ? 'file' : 'fqn'
}

/** Methods that others have, and the one that answers them here. */
const elsewhere: Readonly<Record<string, Method>> = { exposure: 'export', exports: 'export', name: 'fqn', model: 'fqn', tags: 'tag' }

function readMethod(name: string, argument: string, text: string, fail: Fail): { method: Method; argument?: string } | undefined {
  const method = methods.find((known) => known === name)
  if (!method) {
    const hint = elsewhere[name] ? `Write \`${elsewhere[name]}:\`.` : didYouMean(name, methods)
    return fail(
      `\`${name}\`, in \`${text}\`, is no method of selection.`,
      hint ?? `There are ${methods.map((one) => `\`${one}:\``).join(', ')}.`,
    )
  }
  if (method === 'config') {
    return argument ? { method, argument } : fail(`\`${text}\` does not say which key.`, 'Write `config.materialized:view`.')
  }
  return argument ? fail(`\`${name}\`, in \`${text}\`, takes no \`.${argument}\`.`) : { method }
}
