/** `macros/**\/*.sql` and `tests/generic/*.sql`: templates with arguments, named by their files. */
import { errorDiagnostic } from '../core/diagnostic.ts'
import type { GenericTest, Macro, MacroArg } from '../core/project.ts'
import type { SqlSource } from '../core/span.ts'
import { dialectNames } from '../dialects/dialect-of.ts'
import type { TestDeclaration } from './builtin-tests.ts'
import { compact } from './compact.ts'
import { isUnreadable, keySpan, sqlAt, writtenKeys, type Document } from './document.ts'
import { stemOf } from './file-names.ts'
import type { LoadContext } from './load-context.ts'
import type { LoadedSqlFile } from './load-files.ts'
import { checkBody } from './models.ts'
import type { GenericTestConfig, MacroConfig } from './schemas/macros.ts'

/** What a template can call. */
const callable = /^[A-Za-z_][A-Za-z0-9_]*$/

export function resolveMacros(context: LoadContext, files: readonly LoadedSqlFile<MacroConfig>[]): readonly Macro[] {
  return files.map((file) => {
    const { name, dialect } = splitDialect(stemOf(file.file))
    checkName(context, file, name, hintForVariant(name))
    context.diagnostics.push(...checkBody(file))
    const { document } = file
    return compact<Macro>({
      name,
      file: file.file,
      dialect,
      sql: readableBody(file),
      description: document.value.description,
      args: resolveArgs(context, document),
      examples: (document.value.examples ?? []).map((text, index) => sqlAt(document, ['examples', index], text)),
      at: { file: file.file, start: 0, end: 0 },
    })
  })
}

/** What the macro of a file is called. */
export function macroNameOf(file: string): string {
  return splitDialect(stemOf(file)).name
}

/** `cents_to_dollars.redshift` is the variant of `cents_to_dollars` for a dialect. */
function splitDialect(stem: string): { readonly name: string; readonly dialect?: string } {
  const dot = stem.lastIndexOf('.')
  const dialect = stem.slice(dot + 1)
  return dot > 0 && dialectNames.has(dialect) ? { name: stem.slice(0, dot), dialect } : { name: stem }
}

/** `cents_to_dollars.pglite`. */
function hintForVariant(name: string): string | undefined {
  const stem = name.slice(0, name.indexOf('.'))
  if (!callable.test(stem)) return undefined
  return `A variant is named by its dialect, \`${stem}.postgres.sql\` or \`${stem}.redshift.sql\`; PGlite is a Postgres.`
}

export function resolveGenericTests(context: LoadContext, files: readonly LoadedSqlFile<GenericTestConfig>[]): readonly GenericTest[] {
  return files.map((file) => {
    const name = stemOf(file.file)
    checkName(context, file, name)
    context.diagnostics.push(...checkBody(file))
    return compact<GenericTest>({
      name,
      file: file.file,
      sql: readableBody(file),
      description: file.document.value.description,
      args: resolveArgs(context, file.document, impliedArgs),
      at: { file: file.file, start: 0, end: 0 },
    })
  })
}

/** How YAML is checked against a test of the project. */
export function declarationOf(test: GenericTest, files: readonly LoadedSqlFile<GenericTestConfig>[]): TestDeclaration {
  const declared: TestDeclaration = { description: test.description ?? '', on: 'either', args: test.args }
  const isLost = files.some((one) => one.file === test.file && isUnreadable(one.document))
  return isLost ? { ...declared, takesAnything: true } : declared
}

/** Where the front matter cannot be read, the arguments are not known, and each use of one would look like a mistake. */
function readableBody({ document, body }: LoadedSqlFile<unknown>): SqlSource {
  return isUnreadable(document) ? { ...body, text: '' } : body
}

const nameIt = 'Name the file with letters, digits and `_`, such as `cents_to_dollars.sql`.'

const impliedArgs: ReadonlySet<string> = new Set(['relation', 'column'])

function checkName(context: LoadContext, file: LoadedSqlFile<unknown>, name: string, hint = nameIt): void {
  if (callable.test(name)) return
  context.diagnostics.push(
    errorDiagnostic('bad-macro-name', `\`${name}\` cannot be called in a template.`, {
      at: { file: file.file, start: 0, end: 0 },
      hint,
    }),
  )
}

function resolveArgs(
  context: LoadContext,
  document: Document<MacroConfig | GenericTestConfig>,
  implied: ReadonlySet<string> = new Set(),
): readonly MacroArg[] {
  const { args = {} } = document.value
  const names = new Set([...writtenKeys(document, ['args']), ...Object.keys(args)])
  return [...names].flatMap((written, index) => {
    const config = args[written]
    const isVariadic = written.startsWith('...')
    const name = isVariadic ? written.slice(3) : written
    const problem = problemOfArg(name, { isVariadic, isLast: index === names.size - 1, isImplied: implied.has(name) })
    if (problem !== undefined) {
      context.diagnostics.push(errorDiagnostic('bad-argument', problem, { at: keySpan(document, ['args', written]) }))
      return []
    }
    const { type, description, default: fallback } = typeof config === 'string' ? { type: config } : (config ?? {})
    const isKnown = Object.hasOwn(args, written)
    const required = isKnown && fallback === undefined && !isVariadic
    return [compact<MacroArg>({ name, type: type ?? 'any', description, default: fallback, required, variadic: isVariadic })]
  })
}

function problemOfArg(name: string, arg: { isVariadic: boolean; isLast: boolean; isImplied: boolean }): string | undefined {
  if (!callable.test(name)) return `\`${name}\` cannot be read in a template: arguments are named with letters, digits and \`_\`.`
  if (arg.isVariadic && !arg.isLast) return `\`...${name}\` takes all that remain, and must be the last argument.`
  return arg.isImplied ? `\`${name}\` is there without being declared.` : undefined
}
