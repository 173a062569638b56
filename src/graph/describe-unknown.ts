/** What to say about a ref, source, variable or environment variable that stands for nothing. Runs for mistakes alone. */
import { errorDiagnostic, type Diagnostic, type DiagnosticDetails } from '../core/diagnostic.ts'
import type { DisabledNode, Project } from '../core/project.ts'
import type { Span } from '../core/span.ts'
import type { ProjectNames } from './project-names.ts'
import type { Suggest } from './suggest.ts'

interface Known {
  readonly project: Project
  readonly names: ProjectNames
  readonly suggest: Suggest
}

/** `bareNames`: the place also takes `source.table` (`from:` and `to:` do, `{{ref}}` does not). */
export function describeRef(known: Known, name: string, at: Span, { bareNames }: { bareNames: boolean }): Diagnostic {
  const { names, suggest } = known
  const unknown = (message: string, details: DiagnosticDetails): Diagnostic => errorDiagnostic('unknown-ref', message, { at, ...details })
  const disabled = names.disabled.get(name)
  if (disabled) return describeDisabled('unknown-ref', disabled, at)
  if (names.macros.has(name)) {
    return unknown(`\`${name}\` is a macro, which is no relation.`, bareNames ? {} : { hint: `Call it as {{${name} ...}}.` })
  }
  if (names.exports.has(name)) return unknown(`\`${name}\` is an export, which nothing can read.`, { hint: 'Read what the export reads.' })
  if (names.isTest(name)) return unknown(`\`${name}\` is a data test, which nothing can read.`, { hint: 'Read what the test reads.' })
  const source = findSource(names, name)
  if (source !== undefined) return unknown(`\`${name}\` is a source, not a model or a seed.`, { hint: sourceHint(source, bareNames) })
  const jinja = /^\s*(?:ref|source)\s*\(/.test(name)
  if (jinja)
    return unknown(`\`${name}\` is not the name of a node.`, {
      hint: 'Write the name alone: `supporters`, or `van.contacts` for a source.',
    })
  const candidates = (): Iterable<string> => (bareNames ? [...names.refs.keys(), ...names.sources.keys()] : names.refs.keys())
  const kinds = bareNames ? 'model, seed or source' : 'model or seed'
  return unknown(`There is no ${kinds} named \`${name}\`.`, { hint: suggest(name, candidates) })
}

function describeDisabled(code: string, { kind, name, at: disabledAt }: DisabledNode, at: Span): Diagnostic {
  return errorDiagnostic(code, `The ${kind} \`${name}\` is disabled, so nothing can read it.`, {
    at,
    hint: `Take \`enabled: false\` out of it, or the ref to it out of this file.`,
    related: [{ message: `\`${name}\` is disabled here.`, at: disabledAt }],
  })
}

/** The source that a ref meant: by its full name, or by a table's name that one source alone has. */
function findSource(names: ProjectNames, name: string): string | undefined {
  if (names.sources.has(name)) return name
  const holders = [...names.tablesOf].filter(([, tables]) => tables.includes(name))
  return holders.length === 1 ? `${holders[0]![0]}.${name}` : undefined
}

function sourceHint(name: string, bareNames: boolean): string {
  if (bareNames) return `Write \`${name}\`.`
  const dot = name.indexOf('.')
  return `Write {{source '${name.slice(0, dot)}' '${name.slice(dot + 1)}'}}.`
}

/** `name` is `source.table`. */
export function describeSource({ names, suggest }: Known, name: string, at: Span): Diagnostic {
  const disabled = names.disabled.get(name)
  if (disabled) return describeDisabled('unknown-source', disabled, at)
  const dot = name.indexOf('.')
  const source = name.slice(0, dot)
  const table = name.slice(dot + 1)
  const tables = names.tablesOf.get(source)
  if (tables) {
    const listed = `It declares ${tables.slice(0, 5).map(code).join(', ')}${tables.length > 5 ? ', ...' : ''}.`
    const hint = suggest(table, () => tables) ?? listed
    return errorDiagnostic('unknown-source', `The source \`${source}\` declares no table \`${table}\`.`, { at, hint })
  }
  const nearest = suggest(source, () => names.tablesOf.keys())
  const hint = nearest ?? 'Sources are declared under `sources:` in a YAML file in models/.'
  return errorDiagnostic('unknown-source', `There is no source named \`${source}\`.`, { at, hint })
}

export function describeVar({ project, suggest }: Known, name: string, at: Span): Diagnostic {
  const hint = suggest(name, () => Object.keys(project.vars)) ?? 'Declare it under `vars:` in sqlflow.yml.'
  return errorDiagnostic('undeclared-var', `No variable \`${name}\` is declared.`, { at, hint })
}

/** Nothing when a template may read it. Values that the target needs are checked when the project loads. */
export function describeEnv({ project, suggest }: Known, name: string, at: Span): Diagnostic | undefined {
  const variable = Object.hasOwn(project.env, name) ? project.env[name] : undefined
  if (!variable) {
    const hint = suggest(name, () => Object.keys(project.env)) ?? 'Declare it under `env:` in sqlflow.yml.'
    return errorDiagnostic('undeclared-env', `No environment variable \`${name}\` is declared.`, { at, hint })
  }
  const related = [{ message: `\`${name}\` is declared here.`, at: variable.at }]
  if (variable.secret) {
    const hint = 'A secret reaches targets and destinations alone: use it as ${' + name + '} in sqlflow.yml.'
    return errorDiagnostic('secret-env', `\`${name}\` is a secret, which no template may read.`, { at, hint, related })
  }
  const neededByTarget = variable.targets?.includes(project.target.name) ?? true
  if (variable.value !== undefined || neededByTarget) return undefined
  const message = `The environment variable \`${name}\` is not set, and the target \`${project.target.name}\` is not among those that need it.`
  return errorDiagnostic('unset-env', message, { at, related, hint: `Set it, or add \`${project.target.name}\` to its \`targets\`.` })
}

function code(name: string): string {
  return `\`${name}\``
}
