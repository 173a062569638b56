import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const repository = join(import.meta.dirname, '..', '..')
const src = join(repository, 'src')
const reference = readFileSync(join(repository, 'docs', 'errors.md'), 'utf8')

/** Words with a hyphen that src writes for something else than a code. */
const otherWords = new Set(
  [
    'run-started run-finished node-started node-finished refs-redirected sample-loaded sheet-loaded export-planned', // events
    'big-number long-text', // what a cell cannot hold: told as `sheet-limit`
    'table-added table-gone column-added column-gone column-retyped', // what a pull of sources tells
    'compiled-file template-facts template-program generic-test singular-test built-in add-lines', // kinds of cached facts and of files
    'jinja-comment jinja-statement after-quote stray-quote unclosed-quote', // what a lexer meets
    'js-yaml log-update pg-copy-streams pg-cursor sql-formatter string-width', // libraries
    'google-auth-library content-type user-agent retry-after get-url get-value xdg-open sqlflow-exports', // a library, words of HTTP, git, gcloud and the desktop
    'yyyy-mm-dd draft-7 sqlflow-facts-3 rev-parse merge-base symbolic-ref ls-files no-verify verify-ca verify-full', // formats, and words of git and libpq
    'ssh-ed25519 ssh-rsa ecdsa-sha2-nistp256 ecdsa-sha2-nistp384 ecdsa-sha2-nistp521 rsa-sha2-256 rsa-sha2-512 ssh-add client-timeout client-authentication', // words of ssh
    'aws-cn aws-us-gov redshift-serverless us-east-1 field-prod', // words of AWS, and a cluster of examples
  ].flatMap((line) => line.split(' ')),
)

/** Codes that src puts together: `unknown-` and the kind of a node. */
const composed = new Set(['unknown-model', 'unknown-seed', 'unknown-data-test'])

const source = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.includes('init-files') && !file.startsWith('emulators'))
  .map((file) => readFileSync(join(src, file), 'utf8'))
  .join('\n')

const documented = [...reference.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map((match) => match[1]!)

function literals(pattern: RegExp): readonly string[] {
  return [...new Set([...source.matchAll(pattern)].map((match) => match[1]!))].filter((word) => !otherWords.has(word)).sort()
}

describe('The reference of errors', () => {
  it('documents every code of src', () => {
    const hyphenated = literals(/['`]([a-z]+(?:-[a-z0-9]+)+)['`]/g)
    const single = literals(/(?:errorDiagnostic|warningDiagnostic|new SqlflowError)\(\s*'([a-z]+)'/g)
    expect([...hyphenated, ...single].filter((code) => !documented.includes(code))).toEqual([])
  })

  it('documents no code that is gone', () => {
    expect(documented.filter((code) => !composed.has(code) && !source.includes(`'${code}'`) && !source.includes(`\`${code}\``))).toEqual([])
  })

  it('documents each code once, with what happened and what to do', () => {
    expect(documented.filter((code, at) => documented.indexOf(code) !== at)).toEqual([])
    const rows = reference.split('\n').filter((line) => line.startsWith('| `'))
    expect(rows.filter((row) => !/^\| `[a-z0-9-]+` \| \S.*\. \| \S.*\. \|$/.test(row))).toEqual([])
  })
})
