/**
 * Data tests as they are used on nodes and columns, in all their spellings: `unique`, `accepted_values: [PA, GA]`,
 * `row_count: { min: 1000, severity: warn }`, with options beside the arguments or beside the test.
 */
import { errorDiagnostic } from '../core/diagnostic.ts'
import { didYouMean } from '../core/nearest-name.ts'
import type { JsonValue, MacroArg, TestOptions, TestUse } from '../core/project.ts'
import type { Span, SqlSource } from '../core/span.ts'
import type { TestDeclaration } from './builtin-tests.ts'
import { listOf } from './compact.ts'
import { documentAt, keyPlace, valuePlace, type Description } from './description.ts'
import { sqlAt, type Path } from './document.ts'
import type { FolderDefaults } from './folders.ts'
import type { LoadContext } from './load-context.ts'
import type { TestUseOptions } from './schemas/tests.ts'
import { checkTestOptions, optionNames } from './test-options.ts'

export interface TestedNode {
  /** `supporters`, `van.contacts`. */
  readonly name: string
  readonly description: Description<unknown>
  readonly folder: FolderDefaults
}

type TestEntry = string | Readonly<Record<string, JsonValue>>

export interface TestList {
  readonly entries: readonly TestEntry[] | undefined
  readonly path: Path
  readonly column?: string
}

export function resolveTestUses(context: LoadContext, node: TestedNode, list: TestList): readonly TestUse[] {
  return (list.entries ?? []).flatMap((entry, index) => {
    const use = resolveTestUse(context, node, {
      entry,
      path: [...list.path, index],
      ...(list.column !== undefined && { column: list.column }),
    })
    return use ? [use] : []
  })
}

interface WrittenTest {
  readonly entry: TestEntry
  readonly path: Path
  readonly column?: string
}

function resolveTestUse(context: LoadContext, node: TestedNode, written: WrittenTest): TestUse | undefined {
  const { entry, path, column } = written
  const test = typeof entry === 'string' ? entry : testNameOf(context, node, entry, path)
  if (test === undefined) return undefined
  const testPath = typeof entry === 'string' ? path : [...path, test]
  const at = keyPlace(node.description, testPath)
  const declaration = context.findTest(test)
  if (!declaration) return unknownTest(context, test, at)
  if (column === undefined && declaration.on === 'column')
    return misplaced(context, at, `\`${test}\` tests a column.`, `Write it under \`tests:\` of a column.`)
  if (column !== undefined && declaration.on === 'relation') {
    return misplaced(
      context,
      at,
      `\`${test}\` tests a whole relation, not a column.`,
      'Write it under `tests:` of the node, beside `columns:`.',
    )
  }
  const reader = new TestEntryReader(context, node, declaration, test, testPath)
  reader.readBody(typeof entry === 'string' ? undefined : entry[test])
  if (typeof entry !== 'string') reader.readSiblings(entry, path)
  return reader.finish(column, at)
}

/** Of the keys of an entry, the one that names the test: not an option's. */
function testNameOf(context: LoadContext, node: TestedNode, entry: Exclude<TestEntry, string>, path: Path): string | undefined {
  const keys = Object.keys(entry)
  const tests = keys.filter((key) => !optionNames.has(key))
  const named = tests.length === 1 ? tests : tests.filter((key) => context.findTest(key))
  if (named.length === 1) return named[0]
  const message =
    tests.length === 0 ? 'This entry names no data test.' : `This entry names ${tests.length} data tests: ${tests.join(', ')}.`
  context.diagnostics.push(
    errorDiagnostic('bad-test', message, {
      at: valuePlace(node.description, path),
      hint: 'Write one test an item: `- unique`, or `- accepted_values: [PA, GA]`.',
    }),
  )
  return undefined
}

function unknownTest(context: LoadContext, test: string, at: Span): undefined {
  const names = context.testNames()
  context.diagnostics.push(
    errorDiagnostic('unknown-test', `There is no data test \`${test}\`.`, {
      at,
      hint: didYouMean(test, names) ?? `Known are ${names.join(', ')}; a file of tests/generic adds one.`,
    }),
  )
}

function misplaced(context: LoadContext, at: Span, message: string, hint: string): undefined {
  context.diagnostics.push(errorDiagnostic('misplaced-test', message, { at, hint }))
}

/** Sorts what stands in one entry into arguments and options. */
class TestEntryReader {
  private readonly context: LoadContext
  private readonly node: TestedNode
  private readonly declaration: TestDeclaration
  private readonly test: string
  private readonly path: Path
  private readonly args: Record<string, JsonValue> = {}
  private readonly argPaths: Record<string, Path> = {}
  private readonly options: Record<string, JsonValue> = {}
  private readonly optionPaths: Record<string, Path> = {}

  constructor(context: LoadContext, node: TestedNode, declaration: TestDeclaration, test: string, path: Path) {
    this.context = context
    this.node = node
    this.declaration = declaration
    this.test = test
    this.path = path
  }

  /** A mapping holds arguments and options by name; anything else is the first argument. */
  readBody(body: JsonValue | undefined): void {
    if (body === undefined || body === null) return
    if (typeof body === 'object' && !isList(body)) {
      for (const [key, value] of Object.entries(body)) this.readKey(key, value, [...this.path, key])
      return
    }
    const [first] = this.declaration.args
    if (this.declaration.takesAnything) this.keepArg('', body, this.path)
    else if (first) this.setArg(first, body, this.path)
    else this.report('bad-test', `\`${this.test}\` takes no arguments.`, this.path, 'Write its name alone.')
  }

  readSiblings(entry: Readonly<Record<string, JsonValue>>, path: Path): void {
    for (const [key, value] of Object.entries(entry)) {
      if (key === this.test) continue
      if (optionNames.has(key)) this.setOption(key, value, [...path, key])
      else this.reportUnknown(key, [...path, key])
    }
  }

  private readKey(key: string, value: JsonValue, path: Path): void {
    const arg = this.declaration.args.find((one) => one.name === key)
    if (arg) this.setArg(arg, value, path)
    else if (optionNames.has(key)) this.setOption(key, value, path)
    else {
      this.keepArg(key, value, path)
      if (!this.declaration.takesAnything) this.reportUnknown(key, path)
    }
  }

  /** A value of another type is kept too: it tells the use from others of the same test. */
  private setArg(arg: MacroArg, value: JsonValue, path: Path): void {
    const given = arg.variadic ? listOf(value) : value
    if (!arg.variadic && !isOfArgType(given, arg.type)) {
      this.report('wrong-type', `\`${arg.name}\` of \`${this.test}\` must be ${argTypeNames[arg.type]}.`, path, arg.description)
    }
    this.keepArg(arg.name, given, path)
  }

  private keepArg(name: string, value: JsonValue, path: Path): void {
    this.args[name] = value
    this.argPaths[name] = path
  }

  private setOption(key: string, value: JsonValue, path: Path): void {
    if (Object.hasOwn(this.options, key)) {
      this.report('said-twice', `\`${key}\` stands beside the test and within it.`, path, 'Remove one of the two.')
      return
    }
    this.options[key] = value
    this.optionPaths[key] = path
  }

  finish(column: string | undefined, at: Span): TestUse {
    const { context, node, test } = this
    this.reportMissingArgs(at)
    const placeOf = (key: string): Span => valuePlace(node.description, this.optionPaths[key] ?? this.path)
    const options = checkTestOptions(this.options, placeOf, context.diagnostics)
    const generated = `${test}_${node.name.replaceAll('.', '_')}${column === undefined ? '' : `_${column}`}`
    const use: TestUse = {
      test,
      name: options.name ?? generated,
      ...(column !== undefined && { column }),
      args: this.args,
      argSources: this.argSources(),
      options: resolveTestOptions(options, node.folder, this.whereSource(options)),
      ...(options.description !== undefined && { description: options.description }),
      ...(options.owner !== undefined && { owner: options.owner }),
      tags: listOf(options.tags),
      meta: options.meta ?? {},
      at,
    }
    if (options.name !== undefined) context.authoredNames.add(use)
    return use
  }

  private argSources(): Readonly<Record<string, SqlSource>> {
    const sources: Record<string, SqlSource> = {}
    for (const [name, value] of Object.entries(this.args)) {
      if (typeof value === 'string') sources[name] = this.sqlSource(this.argPaths[name]!, value)
    }
    return sources
  }

  private whereSource(options: TestUseOptions): SqlSource | undefined {
    return options.where === undefined ? undefined : this.sqlSource(this.optionPaths['where']!, options.where)
  }

  private sqlSource(path: Path, text: string): SqlSource {
    return sqlAt(documentAt(this.node.description, path), path, text)
  }

  private reportMissingArgs(at: Span): void {
    const missing = this.declaration.args.filter((arg) => arg.required && !Object.hasOwn(this.argPaths, arg.name))
    for (const arg of missing) {
      this.context.diagnostics.push(
        errorDiagnostic('missing-argument', `\`${this.test}\` needs \`${arg.name}\`.`, { at, hint: arg.description }),
      )
    }
  }

  private reportUnknown(key: string, path: Path): void {
    const known = [...this.declaration.args.map((arg) => arg.name), ...optionNames]
    const hint = key === 'arguments' ? 'Arguments stand directly under the test, without `arguments:`.' : didYouMean(key, known)
    this.report(
      'unknown-key',
      `\`${this.test}\` has no argument or option \`${key}\`.`,
      path,
      hint ?? `Known are ${known.join(', ')}.`,
      true,
    )
  }

  private report(code: string, message: string, path: Path, hint: string | undefined, isKey = false): void {
    const at = isKey ? keyPlace(this.node.description, path) : valuePlace(this.node.description, path)
    this.context.diagnostics.push(errorDiagnostic(code, message, { at, hint }))
  }
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

const argTypeNames: Readonly<Record<MacroArg['type'], string>> = {
  sql: 'text',
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: '`true` or `false`',
  list: 'a list',
  any: 'a value',
}

function isOfArgType(value: JsonValue, type: MacroArg['type']): boolean {
  switch (type) {
    case 'sql':
    case 'string':
      return typeof value === 'string'
    case 'integer':
      return Number.isSafeInteger(value)
    case 'number':
    case 'boolean':
      return typeof value === type
    case 'list':
      return isList(value)
    case 'any':
      return true
    default:
      return type satisfies never
  }
}

/** The options of a test, its folder's defaults merged in. */
export function resolveTestOptions(options: TestUseOptions, folder: FolderDefaults, where: SqlSource | undefined): TestOptions {
  return {
    severity: options.severity ?? folder.severity ?? 'error',
    ...(options.warn_if !== undefined && { warnIf: options.warn_if.trim() }),
    ...(options.error_if !== undefined && { errorIf: options.error_if.trim() }),
    ...(options.max_failures !== undefined && { maxFailures: parseMaxFailures(options.max_failures) }),
    ...(where && { where }),
    ...(options.limit !== undefined && { limit: options.limit }),
    storeFailures: options.store_failures ?? folder.store_failures ?? false,
    enabled: options.enabled ?? true,
  }
}

function parseMaxFailures(written: number | string): NonNullable<TestOptions['maxFailures']> {
  return typeof written === 'number' ? written : { share: parseShare(written) }
}

/** `1%` is 0.01. */
export function parseShare(percent: string): number {
  return Number.parseFloat(percent) / 100
}
