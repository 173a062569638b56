/** From flags to a project that is loaded, linked and selected: the beginning of nearly every command. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Diagnostic } from '../core/diagnostic.ts'
import { hasErrors } from '../core/diagnostic.ts'
import { DiagnosticsError, SqlflowError, type ReadText } from '../core/errors.ts'
import { createMask } from '../core/mask.ts'
import type { NodeId } from '../core/node.ts'
import type { Project } from '../core/project.ts'
import type { RelationName } from '../core/relation.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { dialectOf } from '../dialects/dialect-of.ts'
import { checkDestinations } from '../exports/check-destinations.ts'
import { linkProject, type LinkedProject } from '../graph/link-project.ts'
import type { IndirectSelection } from '../graph/indirect-selection.ts'
import { selectNodes } from '../graph/select.ts'
import { openContentCache } from '../project/content-cache.ts'
import { loadProject, type LoadedProject } from '../project/load-project.ts'
import { readEnvFile, secretValues } from '../project/environment.ts'
import { redirectRelations } from '../project/redirect-relations.ts'
import { readSourceFile } from '../project/source-file.ts'
import { flagOption, listOption, textOption, type CommandInput, type Options } from './command.ts'
import { columnsOf, type CliIo } from './io.ts'
import { ownSecrets } from './own-secrets.ts'
import { projectRoot } from './project-root.ts'
import { diagnosticAsJson, renderDiagnostics } from './render-diagnostic.ts'
import { chooseStyle, type Style } from './style.ts'
import { version } from './version.ts'

export interface OpenedProject {
  readonly root: string
  readonly project: Project
  readonly linked: LinkedProject
  /** Of the target. */
  readonly dialect: Dialect
  readonly cache: ReturnType<typeof openContentCache>
  readonly readText: ReadText
}

/** Styles of one command, for each stream. */
export interface CommandStyle {
  readonly out: Style
  readonly err: Style
}

export function commandStyle(io: CliIo, options: Options): CommandStyle {
  const noColor = options['color'] === false
  return {
    out: chooseStyle({ isTerminal: io.stdout.isTerminal, noColor, env: io.env }),
    err: chooseStyle({ isTerminal: io.stderr.isTerminal, noColor, env: io.env }),
  }
}

/**
 * Loads and links the project, saves what was learned of its files, and makes `io` mask its secrets. Warnings go to stderr. Throws
 * DiagnosticsError with every mistake of the project, SqlflowError `no-project` where there is none.
 */
export async function openProject(io: CliIo, input: CommandInput): Promise<OpenedProject> {
  const { root, cache, readText, loaded } = await loadOnly(io, input)
  const linked = loaded.project && linkProject(loaded.project, cache)
  cache.save()
  const ofExports = checkDestinations(loaded.project?.exports ?? [])
  const found = [...loaded.diagnostics, ...(linked?.diagnostics ?? []), ...ofExports]
  if (loaded.project && linked && hasErrors(found)) {
    const { findRenderingMistakes } = await import('../compile/rendering-mistakes.ts')
    found.push(...findRenderingMistakes(loaded.project, linked, found))
  }
  reportDiagnostics(io, input.options, found, readText)
  if (!loaded.project || !linked) throw new SqlflowError('no-project', 'The project could not be loaded.')
  return { root, project: loaded.project, linked, dialect: dialectOf(loaded.project.target), cache, readText }
}

/** The same project, with other relations for some nodes: what `refs_from` found. */
export function redirectProject(opened: OpenedProject, relations: ReadonlyMap<NodeId, RelationName>): OpenedProject {
  const project = redirectRelations(opened.project, relations)
  return { ...opened, project, linked: linkProject(project, opened.cache) }
}

/** Loads the files of the project, reports nothing, and makes `io` mask its secrets. */
export async function loadOnly(
  io: CliIo,
  input: CommandInput,
): Promise<Omit<OpenedProject, 'project' | 'linked' | 'dialect'> & { readonly loaded: LoadedProject }> {
  const root = projectRoot(io, input.options)
  const own = ownSecrets({ ...readEnvFile(root), ...io.env })
  io.mask = createMask(own)
  const cache = openContentCache(root, version)
  const loaded = await loadProject({
    root,
    cache,
    environment: io.env,
    vars: parseVars(listOption(input.options, 'var')),
    ...withDefined('target', textOption(input.options, 'target') ?? io.env['SQLFLOW_TARGET']),
    ...withDefined('varsFrom', varsFrom(io, root, textOption(input.options, 'vars'))),
  })
  if (loaded.project) io.mask = createMask([...own, ...secretValues(loaded.project)])
  return { root, cache, readText: textReader(root), loaded }
}

/** A file is named from where the command runs. */
function varsFrom(io: CliIo, root: string, given: string | undefined): string | undefined {
  const isFile = given !== undefined && !given.trimStart().startsWith('{')
  return isFile && root !== io.cwd ? resolve(io.cwd, given) : given
}

function parseVars(given: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((one) => {
      const at = one.indexOf('=')
      if (at > 0) return [one.slice(0, at), one.slice(at + 1)]
      throw new SqlflowError('bad-usage', `\`--var\` takes name=value, not \`${one}\`.`, { hint: 'For example: --var cycle=2028' })
    }),
  )
}

/** Warnings are printed; errors end the command. What several nodes say of one place is told once. */
export function reportDiagnostics(io: CliIo, options: Options, found: readonly Diagnostic[], readText: ReadText): void {
  const diagnostics = [...new Map(found.map((one) => [JSON.stringify(one), one])).values()]
  if (hasErrors(diagnostics)) throw new DiagnosticsError(diagnostics, readText)
  if (diagnostics.length === 0) return
  if (flagOption(options, 'json')) {
    for (const one of diagnostics) io.stderr.write(`${JSON.stringify({ type: 'diagnostic', ...diagnosticAsJson(one, readText) })}\n`)
  } else {
    io.stderr.write(renderDiagnostics(diagnostics, readText, { style: commandStyle(io, options).err, columns: columnsOf(io.stderr) }))
  }
}

function textReader(root: string): ReadText {
  const texts = new Map<string, string | undefined>()
  return (file) => {
    if (!texts.has(file)) texts.set(file, readTextOf(root, file))
    return texts.get(file)
  }
}

function readTextOf(root: string, file: string): string | undefined {
  const read = readSourceFile(root, file)
  if (read.ok) return read.text
  try {
    return readFileSync(resolve(root, file), 'latin1')
  } catch {
    return undefined
  }
}

/** An empty answer of a command that only reads would look like a failure to somebody who begins. */
export function noteEmptyProject(io: CliIo, { linked }: OpenedProject): void {
  if (linked.graph.nodes.size === 0) io.stderr.write('The project is empty: models go to models/, CSV files to seeds/ (docs/project.md).\n')
}

/** The nodes that a command's selectors name; all of them without any. Each term that matches nothing is a warning. */
export function selectFrom(io: CliIo, input: CommandInput, opened: OpenedProject): ReadonlySet<NodeId> {
  const { options } = input
  const named = textOption(options, 'selector')
  const { selected, diagnostics } = selectNodes(opened.linked.graph, opened.project, {
    select: [...input.args, ...listOption(options, 'select'), ...(named === undefined ? [] : [`selector:${named}`])],
    exclude: listOption(options, 'exclude'),
    indirect: indirectSelection(options),
  })
  const strict = flagOption(options, 'failOnEmpty')
  const judged = strict
    ? diagnostics.map((one) => (one.code === 'selector-matched-nothing' ? { ...one, severity: 'error' as const } : one))
    : diagnostics
  reportDiagnostics(io, options, judged, opened.readText)
  return selected
}

function indirectSelection(options: Options): IndirectSelection {
  const given = textOption(options, 'indirectSelection')
  return given === 'cautious' || given === 'buildable' || given === 'empty' ? given : 'eager'
}

function withDefined<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, V>>)
}
