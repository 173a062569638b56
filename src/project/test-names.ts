/**
 * One name for every use of a test, unique in the project: the author's, or one made of test, node and column. Where the same
 * test stands there again with other arguments, 8 hex digits of them tell the two apart; names are cut to what Postgres keeps.
 */
import { createHash } from 'node:crypto'
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { TestUse } from '../core/project.ts'
import type { Span } from '../core/span.ts'
import { cutBytes } from '../dialects/fit-name.ts'

const limit = 63

type NamedTest = TestUse | { readonly name: string; readonly at: Span }

/** Names uses in the order given; a use that repeats another (same test, same arguments, same options) is a mistake. */
export class TestNames {
  readonly diagnostics: Diagnostic[] = []
  private readonly taken = new Map<string, NamedTest>()

  private readonly authored: ReadonlySet<TestUse>

  constructor(singularTests: readonly NamedTest[], authored: ReadonlySet<TestUse>) {
    this.authored = authored
    for (const one of [...singularTests, ...authored]) this.take(one.name, one)
  }

  /** The same use where its name is free. */
  nameUse(use: TestUse): TestUse {
    if (this.authored.has(use)) return use
    const name = this.findFreeName(use)
    return name === use.name ? use : { ...use, name }
  }

  private findFreeName(use: TestUse): string {
    const plain = cut(use.name, use.name)
    const first = this.taken.get(plain.toLowerCase())
    if (!first || isSame(first, use)) {
      this.take(plain, use)
      return plain
    }
    const told = cut(`${use.name}_${hexOf(distinction(use))}`, use.name + distinction(use))
    this.take(told, use)
    return told
  }

  private take(name: string, one: NamedTest): void {
    const key = name.toLowerCase()
    const first = this.taken.get(key)
    if (!first) this.taken.set(key, one)
    else this.diagnostics.push(duplicateTest(name, one.at, first.at))
  }
}

function isSame(first: NamedTest, use: TestUse): boolean {
  return 'args' in first && distinction(first) === distinction(use)
}

/** What makes two uses of one test on one column different. */
function distinction(use: TestUse): string {
  const { where, ...options } = use.options
  return JSON.stringify([use.args, where?.text, options])
}

function cut(name: string, whole: string): string {
  if (Buffer.byteLength(name) <= limit) return name
  return `${cutBytes(name, limit - 9)}_${hexOf(whole)}`
}

function hexOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

function duplicateTest(name: string, at: Span, first: Span): Diagnostic {
  return errorDiagnostic('duplicate-test', `The data test \`${name}\` is there twice.`, {
    at,
    hint: 'Remove one of the two, or give one another `name`.',
    related: [{ message: 'The first one is here.', at: first }],
  })
}
