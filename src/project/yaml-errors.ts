/** What js-yaml found, in sentences for people who do not know YAML's grammar. */
import type { YAMLException } from 'js-yaml'
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'

interface Explanation {
  readonly reason: RegExp
  readonly message: string
  readonly hint: string
}

const explanations: readonly Explanation[] = [
  {
    reason: /nesting exceeded maxDepth/,
    message: 'Lists and mappings stand in one another more than 100 levels deep here.',
    hint: 'Write it with fewer levels.',
  },
  {
    reason: /tab characters/,
    message: 'A tab stands where YAML has spaces.',
    hint: 'Write spaces instead; two of them indent.',
  },
  {
    reason: /bad indentation of a mapping entry|multiline key|expected ':'/,
    message: 'The YAML breaks off here: this is not a `key: value` at this indentation.',
    hint: 'Align it with the keys around it; a value that holds `: `, or begins with `%`, `@`, a backtick, `{` or `*`, must stand in quotes.',
  },
  {
    reason: /bad indentation of a sequence entry/,
    message: 'The YAML breaks off here: this list item is indented otherwise than those before it.',
    hint: 'Give all items of a list the same indentation.',
  },
  {
    reason: /within a (?:single|double) quoted scalar/,
    message: 'A quoted text is not closed.',
    hint: 'Add the closing quote.',
  },
  {
    reason: /flow collection|deficient indentation|missed comma|expected the node content/,
    message: 'A list in `[...]`, a mapping in `{...}` or a quoted text is not closed, or lacks a comma.',
    hint: 'Close it on the same line, or write one item a line.',
  },
  {
    reason: /unidentified alias/,
    message: 'A value that begins with `*` is a YAML alias, and there is no such anchor.',
    hint: 'Put the value in quotes.',
  },
  {
    reason: /end of the stream or a document separator/,
    message: 'The YAML breaks off here: what follows does not belong to what stands before it.',
    hint: 'Check the indentation of this line (spaces, no tabs), and that list items and keys are not mixed at one level.',
  },
  {
    reason: /unknown .*tag|tag /,
    message: 'A value that begins with `!` is a YAML tag, and tags mean nothing here.',
    hint: 'Put the value in quotes.',
  },
  {
    reason: /escape sequence|hexadecimal/,
    message: 'A backslash in double quotes begins an escape, and this one does not exist.',
    hint: 'Use single quotes, or write the backslash twice.',
  },
  {
    reason: /null byte|non-printable/,
    message: 'The file holds a character that YAML forbids.',
    hint: 'Remove the control character; the file may be binary or UTF-16.',
  },
]

export function describeYamlError(file: string, text: string, base: number, error: YAMLException): Diagnostic {
  const start = Math.min(error.mark?.position ?? 0, text.length)
  const reason = followsTab(text, start) ? 'tab characters' : error.reason
  const explanation = explanations.find((one) => one.reason.test(reason))
  const message = explanation?.message ?? `This is not valid YAML: ${error.reason}.`
  return errorDiagnostic('bad-yaml', message, {
    at: { file, start: start + base, end: Math.min(start + 1, text.length) + base },
    hint: explanation?.hint,
  })
}

/** A tab behind a key or a dash breaks off the YAML at the value, where nobody looks for it. */
function followsTab(text: string, at: number): boolean {
  return /^[^'"#]*[:-] *\t/.test(text.slice(text.lastIndexOf('\n', at - 1) + 1, at))
}
