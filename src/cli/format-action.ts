/** `sqlflow format`: lays out the SQL of files, in place, on stdout, or only to say which would change. */
import { existsSync, statSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import { SqlflowError } from '../core/errors.ts'
import { countOf } from '../core/count-of.ts'
import { definitionOf } from '../graph/node-facts.ts'
import { splitFrontMatter } from '../project/front-matter.ts'
import { macroNameOf } from '../project/macros.ts'
import { changeFiles, type Edit } from '../project/replace-files.ts'
import { readSourceFile } from '../project/source-file.ts'
import { readWrittenFiles, templatesOf, type WrittenFile } from '../project/written-files.ts'
import { formatTemplate, type LayOut } from '../template/format-template.ts'
import { findMacrosInStrings } from '../template/macros-in-strings.ts'
import { flagOption, type CommandInput } from './command.ts'
import { loadSqlFormatter } from './format-sql.ts'
import type { CliIo, ExitCode } from './io.ts'
import { openProject, selectFrom } from './open-project.ts'
import { projectRoot } from './project-root.ts'

export async function formatFiles(io: CliIo, input: CommandInput): Promise<ExitCode> {
  if (input.args.includes('-')) return formatStdin(io, input)
  const root = projectRoot(io, input.options)
  const written = readWrittenFiles(root)
  const files = await chooseFiles(io, input, root, written)
  const layOut = await loadSqlFormatter()
  const inStrings = macrosInStrings(written)
  const results = files.map((file) => formatFile(root, file, layOut, inStrings))
  if (flagOption(input.options, 'stdout')) return printOne(io, results)
  const check = flagOption(input.options, 'check')
  const changed = results.filter((one) => one.edit !== undefined)
  if (!check) for (const { file, edit } of changed) changeFiles(root, [{ file, edits: edit ? [edit] : [] }])
  report(io, input, results, check)
  return check && changed.length > 0 ? 1 : 0
}

interface FileResult {
  readonly file: string
  /** The text of the file as it would be. */
  readonly text: string
  /** Absent where nothing changes. */
  readonly edit?: Edit
  /** Why it is left alone. */
  readonly reason?: string
}

function formatFile(root: string, file: string, layOut: LayOut, inStrings: ReadonlySet<string>): FileResult {
  const read = readSourceFile(root, file)
  const { text } = read
  if (!read.ok) return { file, text, reason: 'it cannot be read as text' }
  if (file.startsWith('macros/') && inStrings.has(macroNameOf(file)))
    return { file, text, reason: 'the macro is called inside a string, where white space counts' }
  const result = formatText(file, text, layOut)
  return 'reason' in result ? { file, text, reason: result.reason } : { file, ...result }
}

type FormattedText = { readonly text: string; readonly edit?: Edit } | { readonly reason: string }

/** What stands before the SQL stays as it is. */
function formatText(file: string, text: string, layOut: LayOut): FormattedText {
  const { body, diagnostic } = splitFrontMatter(file, text)
  if (diagnostic) return { reason: 'its front matter has mistakes' }
  const start = text.length - body.text.length
  const result = formatTemplate(body.text, layOut)
  if (!result.ok) return { reason: result.reason }
  if (result.text === body.text) return { text }
  return { text: text.slice(0, start) + result.text, edit: { start, end: text.length, text: result.text } }
}

async function formatStdin(io: CliIo, input: CommandInput): Promise<ExitCode> {
  if (input.args.length > 1) throw new SqlflowError('bad-usage', '`-` stands for stdin, and is the only thing to format then.')
  const text = await io.readStdin()
  const result = formatText('stdin', text.replaceAll('\r\n', '\n'), await loadSqlFormatter())
  if ('reason' in result) {
    io.stdout.write(text)
    io.stderr.write(`stdin was left as it is: ${result.reason}.\n`)
    return flagOption(input.options, 'check') ? 0 : 1
  }
  if (flagOption(input.options, 'check')) return result.edit ? 1 : 0
  io.stdout.write(text.includes('\r\n') ? result.text.replaceAll('\n', '\r\n') : result.text)
  return 0
}

/** By path, without a need for the project to be whole; by selector, with one. */
async function chooseFiles(io: CliIo, input: CommandInput, root: string, written: readonly WrittenFile[]): Promise<readonly string[]> {
  const all = written.flatMap(({ file, body }) => (body ? [file] : []))
  if (input.args.length === 0) return all
  const chosen = new Set<string>()
  const selectors: string[] = []
  for (const arg of input.args) {
    const path = resolve(io.cwd, arg)
    if (!existsSync(path)) selectors.push(arg)
    else for (const file of filesAt(root, path, all, arg)) chosen.add(file)
  }
  if (selectors.length > 0) {
    const opened = await openProject(io, input)
    const selected = selectFrom(
      io,
      { ...input, args: selectors, options: { ...input.options, indirectSelection: 'empty', failOnEmpty: true } },
      opened,
    )
    for (const id of selected) {
      const { file } = definitionOf(opened.linked.graph.nodes.get(id)!)
      if (all.includes(file)) chosen.add(file)
    }
  }
  return all.filter((file) => chosen.has(file))
}

function filesAt(root: string, path: string, all: readonly string[], arg: string): readonly string[] {
  const file = relative(root, path).split(sep).join('/')
  const found = statSync(path).isDirectory()
    ? all.filter((one) => file === '' || one.startsWith(`${file}/`))
    : all.filter((one) => one === file)
  if (found.length > 0) return found
  throw new SqlflowError('bad-usage', `\`${arg}\` holds no SQL of this project.`, {
    hint: 'What can be formatted are the .sql files of models/, macros/, tests/ and exports/.',
  })
}

function macrosInStrings(files: readonly WrittenFile[]): ReadonlySet<string> {
  return findMacrosInStrings(
    files.flatMap((file) => {
      const [body] = file.body && file.file.startsWith('macros/') ? [{ source: file.body, macro: macroNameOf(file.file) }] : []
      return [...(body ? [body] : []), ...templatesOf(file).flatMap(({ source }) => (source === body?.source ? [] : [{ source }]))]
    }),
  )
}

function printOne(io: CliIo, results: readonly FileResult[]): ExitCode {
  const [one, ...others] = results
  if (!one || others.length > 0) {
    throw new SqlflowError('bad-usage', `\`--stdout\` prints one file, and ${countOf(results.length, 'file')} were named.`, {
      hint: 'Name one: sqlflow format models/turf_list.sql --stdout',
    })
  }
  io.stdout.write(one.text)
  if (one.reason !== undefined) io.stderr.write(`${leftAlone(one)}\n`)
  return one.reason === undefined ? 0 : 1
}

function leftAlone({ file, reason }: FileResult): string {
  return `${file} was left as it is: ${reason}.`
}

function report(io: CliIo, { options }: CommandInput, results: readonly FileResult[], check: boolean): void {
  const changed = results.filter((one) => one.edit !== undefined).map(({ file }) => file)
  const left = results.flatMap(({ file, reason }) => (reason === undefined ? [] : [{ file, reason }]))
  const unchanged = results.length - changed.length - left.length
  if (flagOption(options, 'json')) {
    io.stdout.write(`${JSON.stringify({ changed, unchanged, left })}\n`)
    return
  }
  for (const file of changed) io.stdout.write(`${file}\n`)
  for (const one of left) io.stderr.write(`${leftAlone({ ...one, text: '' })}\n`)
  if (flagOption(options, 'quiet')) return
  const counts = `${countOf(changed.length, 'file')} ${check ? 'would change' : 'changed'}, ${unchanged} laid out already`
  io.stderr.write(`${counts}${left.length > 0 ? `, ${left.length} left alone` : ''}.\n`)
}
