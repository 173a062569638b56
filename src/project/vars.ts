/** Variables of a project: declared in sqlflow.yml, set by flags, typed by the declaration. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { didYouMean } from '../core/nearest-name.ts'
import type { JsonValue } from '../core/project.ts'
import type { Span } from '../core/span.ts'
import { keySpan, valueSpan, writtenKeys, type Document } from './document.ts'
import type { ProjectConfig, VariableConfig } from './schemas/project.ts'

export interface ResolvedVars {
  readonly vars: Readonly<Record<string, JsonValue>>
  readonly varsAt: Readonly<Record<string, Span>>
  readonly diagnostics: readonly Diagnostic[]
}

export interface GivenVars {
  /** `--var name=value`: texts, typed by the declaration. */
  readonly flags: Readonly<Record<string, string>>
  /** `--vars`: a JSON object, or a file that holds one. */
  readonly json: string | undefined
  readonly root: string
}

type VarType = VariableConfig['type']

/** Stand in for a value that is wrong or missing, so that what uses the variable is not reported as well. */
const standIns: Readonly<Record<VarType, JsonValue>> = { integer: 0, number: 0, string: '', boolean: false, list: [], any: '' }

export function resolveVars(document: Document<ProjectConfig>, given: GivenVars): ResolvedVars {
  const declared = document.value.vars ?? {}
  const diagnostics: Diagnostic[] = []
  const vars: Record<string, JsonValue> = {}
  const varsAt: Record<string, Span> = {}
  const values = { ...readJson(given, diagnostics), ...given.flags }
  // A declaration that was refused still declares its name: reading it is no second mistake.
  const refused = new Set(writtenKeys(document, ['vars']))
  for (const name of Object.keys(values))
    if (!Object.hasOwn(declared, name) && !refused.has(name)) diagnostics.push(unknownVar(name, Object.keys(declared)))
  for (const [name, written] of Object.entries(declared)) {
    const config = declarationOf(written)
    varsAt[name] = keySpan(document, ['vars', name])
    vars[name] = standIns[config.type]
    const found = valueFor(name, config, given, values)
    if (!found.ok) diagnostics.push(found.diagnostic ?? wrongDefault(document, name, config))
    else if (found.value === undefined) diagnostics.push(withoutValue(name, varsAt[name]))
    else vars[name] = found.value
  }
  for (const name of refused) if (!Object.hasOwn(declared, name)) vars[name] = null
  return { vars, varsAt, diagnostics }
}

function declarationOf(written: NonNullable<ProjectConfig['vars']>[string]): VariableConfig {
  if (typeof written !== 'object' || Array.isArray(written)) return { type: 'any', default: written }
  return { ...written, type: written.type ?? 'any' }
}

type Found = { readonly ok: true; readonly value: JsonValue | undefined } | { readonly ok: false; readonly diagnostic?: Diagnostic }

function valueFor(name: string, config: VariableConfig, given: GivenVars, values: Readonly<Record<string, JsonValue>>): Found {
  if (Object.hasOwn(given.flags, name)) {
    const value = parseText(given.flags[name]!, config)
    return value === undefined ? { ok: false, diagnostic: wrongValue(name, config, given.flags[name]!, '--var') } : { ok: true, value }
  }
  if (Object.hasOwn(values, name)) {
    const value = values[name]!
    if (isOfType(value, config.type)) return { ok: true, value }
    return { ok: false, diagnostic: wrongValue(name, config, JSON.stringify(value), '--vars') }
  }
  if (config.default === undefined || isOfType(config.default, config.type)) return { ok: true, value: config.default }
  return { ok: false }
}

/** `any` takes the kind of its default, so that `cycle: 2026` and `--var cycle=2028` agree. */
function parseText(text: string, config: VariableConfig): JsonValue | undefined {
  switch (config.type) {
    case 'string':
      return text
    case 'integer':
    case 'number':
      return parseNumber(text, config.type)
    case 'boolean':
      return parseBoolean(text)
    case 'list':
      return parseList(text)
    case 'any':
      return parseLike(text, config.default)
    default:
      return config.type satisfies never
  }
}

function parseNumber(text: string, type: VarType): number | undefined {
  const value = Number(text)
  return /^-?\d/.test(text.trim()) && isOfType(value, type) ? value : undefined
}

function parseBoolean(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined
}

function parseList(text: string): JsonValue {
  const value = parseJson(text)
  return Array.isArray(value) ? (value as readonly JsonValue[]) : text.split(',').map((item) => item.trim())
}

function parseLike(text: string, example: JsonValue | undefined): JsonValue | undefined {
  if (typeof example === 'string') return text
  if (typeof example === 'number') return parseNumber(text, 'number')
  if (typeof example === 'boolean') return parseBoolean(text)
  return Array.isArray(example) ? parseList(text) : (parseJson(text) ?? text)
}

function isOfType(value: JsonValue, type: VarType): boolean {
  switch (type) {
    case 'integer':
      return Number.isSafeInteger(value)
    case 'number':
      return Number.isFinite(value)
    case 'list':
      return Array.isArray(value)
    case 'any':
      return true
    case 'string':
    case 'boolean':
      return typeof value === type
    default:
      return type satisfies never
  }
}

function readJson(given: GivenVars, diagnostics: Diagnostic[]): Readonly<Record<string, JsonValue>> {
  if (given.json === undefined) return {}
  const inline = given.json.trimStart().startsWith('{')
  const text = inline ? given.json : readText(resolve(given.root, given.json))
  const value = text === undefined ? undefined : parseJson(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, JsonValue>>
  const what =
    text === undefined
      ? `\`${given.json}\` cannot be read`
      : inline
        ? 'the text is not a JSON object'
        : `\`${given.json}\` is not a JSON object`
  diagnostics.push(
    errorDiagnostic('bad-vars', `--vars takes a JSON object, or a file that holds one: ${what}.`, {
      hint: `For example: --vars '{"cycle": 2028}'`,
    }),
  )
  return {}
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}

function unknownVar(name: string, declared: readonly string[]): Diagnostic {
  const hint =
    didYouMean(name, declared) ??
    (declared.length > 0 ? `Declared are ${declared.join(', ')}.` : 'Declare it under `vars:` of sqlflow.yml.')
  return errorDiagnostic('unknown-var', `The command line sets the variable \`${name}\`, which sqlflow.yml does not declare.`, { hint })
}

function withoutValue(name: string, at: Span): Diagnostic {
  return errorDiagnostic('missing-var', `The variable \`${name}\` has no value.`, {
    at,
    hint: `Give it a \`default\`, or pass \`--var ${name}=...\`.`,
  })
}

function wrongValue(name: string, config: VariableConfig, text: string, flag: string): Diagnostic {
  const type = config.type === 'any' ? typeof config.default : config.type
  return errorDiagnostic('wrong-var-type', `${flag} sets \`${name}\` to \`${text}\`, which is not of its type, ${type}.`)
}

function wrongDefault(document: Document<ProjectConfig>, name: string, config: VariableConfig): Diagnostic {
  return errorDiagnostic('wrong-var-type', `The default of \`${name}\` is not of its type, ${config.type}.`, {
    at: valueSpan(document, ['vars', name, 'default']),
  })
}
