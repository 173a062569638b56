/**
 * Disk to `Project`: every file read, validated and resolved for one target, every mistake reported. Nothing is rendered, nothing
 * connects, and as much of the project as can be understood is returned beside the mistakes.
 */
import type { ContentCache } from '../core/content-cache.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import type { DisabledNode, Project, TestUse } from '../core/project.ts'
import { builtinTests, findBuiltinTest, type TestDeclaration } from './builtin-tests.ts'
import { writtenKeys, type Document, type EnvUse } from './document.ts'
import { findClashes } from './clashes.ts'
import {
  checkEnvUses,
  findUndeclared,
  hasValues,
  findMissingVariables,
  interpolateDocument,
  readEnvFile,
  resolveEnvironment,
  type Environment,
  type EnvironmentSources,
  type ResolvedEnvironment,
} from './environment.ts'
import { resolveExports } from './exports.ts'
import { projectFile } from './find-project.ts'
import { findTakenFormerNames } from './former-names.ts'
import { folderDefaults } from './folders.ts'
import { resolveGoogle } from './google-settings.ts'
import type { LoadContext } from './load-context.ts'
import { loadFiles, type LoadedFiles, type LoadedSqlFile } from './load-files.ts'
import { declarationOf, resolveGenericTests, resolveMacros } from './macros.ts'
import { resolveModels } from './models.ts'
import { findMeetingPeople } from './meeting-people.ts'
import { findMeetingTargets } from './meeting-targets.ts'
import { listProjectFiles, type ProjectFiles } from './project-files.ts'
import { findUnknownEntries, gatherProperties } from './property-entries.ts'
import type { ProjectConfig } from './schemas/project.ts'
import { resolveRefsFrom } from './refs-from.ts'
import { resolveSeeds } from './seeds.ts'
import { resolveSelectors } from './selectors.ts'
import { resolveSingularTests } from './singular-tests.ts'
import { resolveSources } from './sources.ts'
import { sortDiagnostics } from './sort-diagnostics.ts'
import { chooseTarget, resolveTarget, targetNames } from './target.ts'
import { TestNames } from './test-names.ts'
import { findUselessFolders } from './useless-folders.ts'
import { resolveVars } from './vars.ts'

export interface LoadProjectOptions {
  /** Absolute path of the folder of sqlflow.yml. */
  readonly root: string
  /** By flag or `SQLFLOW_TARGET`. */
  readonly target?: string
  /** `--var name=value`, typed by the declaration. */
  readonly vars?: Readonly<Record<string, string>>
  /** `--vars`: a JSON object, or a file that holds one. */
  readonly varsFrom?: string
  readonly environment: Environment
  readonly cache: ContentCache
}

export interface LoadedProject {
  /** Absent only where there is no sqlflow.yml. To be run only if no diagnostic is an error. */
  readonly project?: Project
  /** In the order of files and places. */
  readonly diagnostics: readonly Diagnostic[]
  /** The text of every file that was read, by path: what spans count in. */
  readonly files: ReadonlyMap<string, string>
}

export async function loadProject(options: LoadProjectOptions): Promise<LoadedProject> {
  const files = listProjectFiles(options.root)
  const loaded = await loadFiles(options.root, files, options.cache)
  const isMissing = loaded.diagnostics.some((one) => one.code === 'unreadable-file' && one.at?.file === projectFile)
  if (isMissing) return { diagnostics: sortDiagnostics(loaded.diagnostics), files: loaded.texts }
  const { project, diagnostics } = resolveProject(options, files, loaded)
  return { project, diagnostics: sortDiagnostics(diagnostics), files: loaded.texts }
}

function resolveProject(
  options: LoadProjectOptions,
  files: ProjectFiles,
  loaded: LoadedFiles,
): { readonly project: Project; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics = [...loaded.diagnostics, ...diagnosticsOf(loaded)]
  const asked = options.target ?? options.environment['SQLFLOW_TARGET']
  const sources = { process: options.environment, file: readEnvFile(options.root) }
  const chosen = chooseTarget(withDefaultTarget(loaded.project, sources), asked)
  const environment = resolveEnvironment(loaded.project, chosen.name, sources)
  const { interpolated, findings } = interpolateFiles(loaded, environment)
  const { target, diagnostics: ofTarget } = resolveTarget(interpolated.project, chosen.name, options)
  const vars = resolveVars(interpolated.project, { flags: options.vars ?? {}, json: options.varsFrom, root: options.root })
  const isBlank = findings.some((one) => one.code === 'missing-env' || one.code === 'undeclared-env')
  diagnostics.push(...chosen.diagnostics, ...findings, ...vars.diagnostics)
  diagnostics.push(...ofTarget.filter((one) => !(isBlank && one.code === 'bad-target')))
  diagnostics.push(...findUselessFolders(interpolated.project, Object.values(files).flat()))
  const ofNodes: Diagnostic[] = []
  const nodes = resolveNodes(interpolated, files, target, ofNodes)
  diagnostics.push(...ofNodes.filter((one) => !(isBlank && one.code === 'bad-spreadsheet')))
  const built = [...nodes.models, ...nodes.seeds]
  diagnostics.push(...findMeetingTargets(loaded.project, environment, built, options.root), ...findMeetingPeople(loaded.project, built))
  const { refsFrom, diagnostics: ofRefsFrom } = resolveRefsFrom(loaded.project, environment, target, options.root)
  diagnostics.push(...ofRefsFrom)
  const google = resolveGoogle(interpolated.project.value.google)
  const project: Project = {
    root: options.root,
    name: interpolated.project.value.name,
    target,
    targetNames: targetNames(interpolated.project),
    ...(refsFrom && { refsFrom }),
    ...(google && { google }),
    vars: vars.vars,
    varsAt: vars.varsAt,
    env: environment.variables,
    ...nodes,
    selectors: resolveSelectors(interpolated.project, diagnostics),
  }
  return { project, diagnostics }
}

/** The environment may name the default target, which is read before any target is known. One that is not set, which is reported elsewhere, names none. */
function withDefaultTarget(document: Document<ProjectConfig>, sources: EnvironmentSources): Document<ProjectConfig> {
  const uses = document.envUses.filter((use) => use.path[0] === 'default_target')
  if (uses.length === 0) return document
  const environment = resolveEnvironment(document, '', sources)
  if (hasValues(environment, uses)) return interpolateDocument(document, uses, environment)
  const { default_target: _unset, ...value } = document.value
  return { ...document, value }
}

function diagnosticsOf(loaded: LoadedFiles): readonly Diagnostic[] {
  return documentsOf(loaded).flatMap((document) => document.diagnostics)
}

function documentsOf(loaded: LoadedFiles): readonly Document<unknown>[] {
  const { project, models, macros, singularTests, genericTests, exportSql, exportYaml, properties } = loaded
  const sql = [models, macros, singularTests, genericTests, exportSql].flat()
  return [project, ...sql.map((file) => file.document), ...exportYaml, ...properties]
}

interface Interpolated {
  readonly interpolated: LoadedFiles
  readonly findings: readonly Diagnostic[]
}

/** Of sqlflow.yml, what concerns the target: `local` works without the secrets of `prod`. */
function interpolateFiles(loaded: LoadedFiles, environment: ResolvedEnvironment): Interpolated {
  const findings: Diagnostic[] = []
  const withDefault = new Set(refusedDefaults(loaded.project))
  const inProject = <T>(document: Document<T>, isDestination = false): Document<T> => {
    if (document.envUses.length === 0) return document
    const uses = document.envUses.filter((use) => concernsTarget(document, use, environment.target))
    const allowsSecrets = (use: EnvUse): boolean =>
      document.file === projectFile ? use.path[0] === 'targets' || use.path[0] === 'google' : isDestination && use.path[0] === 'to'
    const ofOtherTargets = document.envUses.filter((use) => use.path[0] === 'targets' && !uses.includes(use))
    findings.push(...checkEnvUses(environment, document, uses, allowsSecrets), ...findUndeclared(environment, document, ofOtherTargets))
    for (const use of uses) if (use.hasDefault) withDefault.add(use.name)
    return interpolateDocument(document, uses, environment)
  }
  const ofSql = <T>(file: LoadedSqlFile<T>): LoadedSqlFile<T> => {
    const document = inProject(file.document, file.file.startsWith('exports/'))
    return document === file.document ? file : { ...file, document }
  }
  const interpolated: LoadedFiles = {
    ...loaded,
    project: inProject(loaded.project),
    models: loaded.models.map(ofSql),
    macros: loaded.macros.map(ofSql),
    singularTests: loaded.singularTests.map(ofSql),
    genericTests: loaded.genericTests.map(ofSql),
    exportSql: loaded.exportSql.map(ofSql),
    exportYaml: loaded.exportYaml.map((document) => inProject(document, true)),
    properties: loaded.properties.map((document) => inProject(document)),
  }
  return { interpolated, findings: [...findings, ...findMissingVariables(environment, withDefault)] }
}

/** Variables whose default is written, and was refused: that they have none is not the author's mistake. */
function refusedDefaults(document: Document<ProjectConfig>): readonly string[] {
  const { env = {} } = document.value
  return Object.keys(env).filter((name) => env[name]?.default === undefined && writtenKeys(document, ['env', name]).includes('default'))
}

function concernsTarget(document: Document<unknown>, use: EnvUse, target: string): boolean {
  if (document.file !== projectFile) return true
  return use.path[0] !== 'env' && (use.path[0] !== 'targets' || use.path[1] === target)
}

type Nodes = Pick<Project, 'models' | 'seeds' | 'sources' | 'macros' | 'genericTests' | 'singularTests' | 'exports' | 'disabled'>

function resolveNodes(loaded: LoadedFiles, files: ProjectFiles, target: Project['target'], diagnostics: Diagnostic[]): Nodes {
  const disabled: DisabledNode[] = []
  const declarations = new Map<string, TestDeclaration>()
  const context: LoadContext = {
    target,
    folderOf: folderDefaults(loaded.project),
    properties: gatherProperties(loaded.properties, diagnostics),
    findTest: (name) => findBuiltinTest(name) ?? declarations.get(name),
    testNames: () => [...Object.keys(builtinTests), ...declarations.keys()],
    diagnostics,
    disabled,
    authoredNames: new Set(),
  }
  const csvFiles = files.seeds.filter((file) => /\.(?:csv|tsv)$/i.test(file))
  const genericTests = resolveGenericTests(context, loaded.genericTests)
  for (const test of genericTests) declarations.set(test.name, declarationOf(test, loaded.genericTests))
  const sources = resolveSources(context, csvFiles)
  const samples = new Set(sources.flatMap((source) => source.sample ?? []))
  const seeds = resolveSeeds(context, csvFiles, samples)
  const models = resolveModels(context, loaded.models)
  const macros = resolveMacros(context, loaded.macros)
  const singularTests = resolveSingularTests(context, loaded.singularTests)
  const exportFiles = [
    ...loaded.exportYaml.map((document) => ({ document })),
    ...loaded.exportSql.map((sql) => ({ document: sql.document, sql })),
  ]
  const exports = resolveExports(context, exportFiles)
  const names = new TestNames(singularTests, context.authoredNames)
  const nodes: Nodes = {
    models: models.map((node) => withNamedTests(node, names)),
    seeds: seeds.map((node) => withNamedTests(node, names)),
    sources: sources.map((node) => withNamedTests(node, names)),
    macros,
    genericTests,
    singularTests,
    exports,
    disabled,
  }
  diagnostics.push(
    ...names.diagnostics,
    ...findUnknownEntries(context.properties, nodeNames(nodes)),
    ...findClashes(nodes),
    ...findTakenFormerNames(nodes),
  )
  return nodes
}

/** The same node where no name had to change and no test is disabled. */
function withNamedTests<T extends { readonly tests: readonly TestUse[] }>(node: T, names: TestNames): T {
  if (node.tests.length === 0) return node
  const tests = node.tests.map((use) => names.nameUse(use)).filter((use) => use.options.enabled)
  const isSame = tests.length === node.tests.length && tests.every((use, index) => use === node.tests[index])
  return isSame ? node : { ...node, tests }
}

function nodeNames({ models, seeds, singularTests, disabled }: Nodes): Readonly<Record<'models' | 'seeds' | 'tests', ReadonlySet<string>>> {
  const namesOf = (nodes: readonly { readonly name: string }[], kind: DisabledNode['kind']): ReadonlySet<string> =>
    new Set([...nodes, ...disabled.filter((one) => one.kind === kind)].map((one) => one.name))
  return { models: namesOf(models, 'model'), seeds: namesOf(seeds, 'seed'), tests: namesOf(singularTests, 'test') }
}
