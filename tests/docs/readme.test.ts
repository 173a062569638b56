/** What the documents say to type exists, what they link to exists, and the tour of the README prints what it shows. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commands, findCommand } from '../../src/cli/commands/index.ts'
import { runSqlflow } from '../sample/run-sqlflow.ts'
import { createTemporaryFolder } from '../support/databases.ts'

const root = join(import.meta.dirname, '..', '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const readme = read('README.md')

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file.replaceAll('\\', '/')}`),
].map((page) => ({ page, text: read(page) }))

/** The text of each code block of a language, in order. */
function blocksOf(text: string, language: string): readonly string[] {
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].filter(([, tag]) => tag === language).map(([, , code]) => code!)
}

/** Every `sqlflow ...` in backticks, and every line of a shell block that runs it. */
function commandLines(text: string): readonly string[] {
  const inline = [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/`(?:npx )?sqlflow ([^`]+)`/g)].map(([, rest]) => rest!)
  const typed = [...blocksOf(text, 'sh'), ...blocksOf(text, 'console')]
    .flatMap((block) => block.split('\n'))
    .flatMap((line) => /^(?:\$ )?(?:.*&& )?(?:npx )?sqlflow ([^#]+)/.exec(line)?.[1] ?? [])
  return [...inline, ...typed]
}

/** What is wrong with a command line: no such command, or a flag that it does not take. */
function mistakesOf(line: string): readonly string[] {
  const [name, ...words] = line.trim().split(/\s+/)
  if (name === undefined || !/^[a-z]/.test(name)) return []
  if (name === 'help') return /^[A-Z]+$/.test(words.join(' ')) || findCommand(words) ? [] : [line]
  const command = findCommand([name, ...words])?.spec
  if (!command) return [`${line}: no command ${name}`]
  const known = new Set(['-h', '--help', ...command.options.flatMap(({ flags }) => flags.match(/(?<![\w-])--?[a-z][\w-]*/g) ?? [])])
  return words
    .filter((word) => /^--?[a-z]/.test(word))
    .map((word) => word.replace(/=.*/, ''))
    .filter((flag) => !known.has(flag))
    .map((flag) => `${line}: ${name} takes no ${flag}`)
}

/** As GitHub makes them. */
function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}

describe.each(pages)('$page', ({ page, text }) => {
  it('names commands and flags that exist', () => {
    expect(commandLines(text).flatMap(mistakesOf)).toEqual([])
  })

  it('links to what exists', () => {
    const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '')
    const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!).filter((link) => !/^https?:/.test(link))
    const dead = links.filter((link) => {
      const [path = '', anchor] = link.split('#')
      const file = path === '' ? page : join(dirname(page), path)
      if (!existsSync(join(root, file))) return true
      return anchor !== undefined && !anchorsOf(read(file)).includes(anchor)
    })
    expect(dead).toEqual([])
  })
})

it('lists every command in the README', () => {
  const listed = [...readme.matchAll(/^\| `([a-z]+(?: [a-z]+)?)` \|/gm)].map(([, name]) => name)
  expect(listed).toEqual(commands.filter((command) => command.hidden !== true).map((command) => command.name))
})

it('runs package scripts that exist', () => {
  const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> }
  const named = pages.flatMap(({ text }) => [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name]) => name!))
  expect([...new Set(named)].filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
})

interface Edit {
  readonly file: string
  readonly from: string
  readonly to: string
}

const activity = 'models/marts/supporter_activity.sql'
const signups = 'models/staging/stg_signups.sql'
const phones = 'macros/phone_digits.sql'

/** What the README asks its reader to change before a block of the tour, by the block's place. */
const edits: Readonly<Record<number, readonly Edit[]>> = {
  5: [{ file: activity, from: "{{ref 'stg_signups'}}", to: "{{ref 'stg_signup'}}" }],
  6: [
    { file: activity, from: "{{ref 'stg_signup'}}", to: "{{ref 'stg_signups'}}" },
    { file: phones, from: 'regexp_replace(', to: 'regex_replace(' },
  ],
  7: [
    { file: phones, from: 'regex_replace(', to: 'regexp_replace(' },
    { file: signups, from: 'cancelled, ', to: '' },
  ],
}

async function applyEdit(folder: string, { file, from, to }: Edit): Promise<void> {
  const text = await readFile(join(folder, file), 'utf8')
  expect(text).toContain(from)
  await writeFile(join(folder, file), text.replace(from, to))
}

/** Lines in no order, without what differs from run to run: times, and which passing tests were answered together. */
function steady(output: string): readonly string[] {
  return output
    .replaceAll(/\b\d+(?:\.\d+)? (?:ms|s)\b/g, 'N ms')
    .replaceAll(/\bsqlflow \d+\.\d+\.\d+\b/g, 'sqlflow V')
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^✓ tests? /.test(line))
    .sort()
}

async function outputOf(folder: string, command: string): Promise<string> {
  const [program, ...words] = command.split(' ')
  if (program === 'cat') return await readFile(join(folder, words[0]!), 'utf8')
  const { stdout, stderr } = await runSqlflow(folder, words.slice(1))
  return `${stderr}${stdout}`
}

it('prints on the tour what the README shows', { timeout: 180_000 }, async () => {
  await using folder = await createTemporaryFolder()
  await writeFile(join(folder.path, 'package.json'), '{}\n')
  const tour = blocksOf(readme, 'console').filter((block) => !block.includes('-t server'))
  for (const [place, block] of tour.entries()) {
    for (const edit of edits[place] ?? []) await applyEdit(folder.path, edit)
    for (const step of block.split(/^\$ /m).slice(1)) {
      const [command = '', ...shown] = step.split('\n')
      const printed = await outputOf(folder.path, command)
      const named = printed.replaceAll(/\bof [\w-]+ on\b/g, 'of field on')
      expect({ command, lines: steady(named) }).toEqual({ command, lines: steady(shown.join('\n')) })
    }
  }
  const model = await readFile(join(folder.path, activity), 'utf8')
  for (const code of blocksOf(readme, 'sql')) expect(model).toContain(code)
})
