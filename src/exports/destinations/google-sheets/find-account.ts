/**
 * Which account calls Google: found from settings, environment and files alone. Nothing is asked of the network: a machine that is not on
 * Google Cloud would wait for a metadata server that is not there.
 */
import { isAbsolute, resolve } from 'node:path'
import { SqlflowError } from '../../../core/errors.ts'
import type { GoogleSettings } from '../../../core/project.ts'
import { gcloudFile, loginFile, type Machine } from './account-files.ts'
import { badCredentials, parseGoogleCredentials, secretsOfCredentials, type GoogleCredentials } from './google-credentials.ts'

export interface GoogleAccount {
  readonly credentials: GoogleCredentials
  /** For people: "`GOOGLE_APPLICATION_CREDENTIALS`, the file keys/google.json". */
  readonly from: string
  /** A service account to act as, beyond what the credentials say. */
  readonly impersonate: string | undefined
  /** A person to act for, by domain-wide delegation. */
  readonly subject: string | undefined
}

export interface FindAccountOptions extends Machine {
  /** Of the target, over those of the project. */
  readonly settings: GoogleSettings
  /** Folder of the project, absolute: relative paths begin there. */
  readonly root: string
  /** Throws as `readFileSync` does. */
  readonly readFile: (path: string) => string
}

/** Undefined where there is none. Throws SqlflowError `bad-google-credentials` for what is there and cannot be used. */
export function findGoogleAccount(options: FindAccountOptions): GoogleAccount | undefined {
  const found = findCredentials(options)
  if (!found) return undefined
  const { impersonate, subject } = options.settings
  checkSubject(found, options.settings)
  return { ...found, impersonate, subject }
}

interface Found {
  readonly credentials: GoogleCredentials
  readonly from: string
}

function findCredentials(options: FindAccountOptions): Found | undefined {
  const { settings, env } = options
  if (settings.credentials !== undefined) return readGiven(settings.credentials, '`google.credentials` of sqlflow.yml', options)
  const ours = env['SQLFLOW_GOOGLE_CREDENTIALS']
  if (ours) return readGiven(ours, '`SQLFLOW_GOOGLE_CREDENTIALS`', options)
  const path = env['GOOGLE_APPLICATION_CREDENTIALS']
  if (path) return readNamedFile(path, '`GOOGLE_APPLICATION_CREDENTIALS`', options)
  return (
    readKept(loginFile(options), 'the login of `sqlflow auth google`', options) ??
    readKept(gcloudFile(options), 'the login of gcloud', options)
  )
}

/** JSON, base64 of JSON, `metadata`, or the path of a file. */
function readGiven(given: string, from: string, options: FindAccountOptions): Found {
  const text = given.trim()
  if (text === '') throw badCredentials(from, 'is empty', 'Set it to the path of a key, to its JSON, or to base64 of that.')
  if (text === 'metadata') return { credentials: { type: 'metadata' }, from }
  const json = text.startsWith('{') ? text : decodeJson(text)
  if (json !== undefined) return { credentials: parseGoogleCredentials(json, from), from }
  if (looksLikePath(text)) return readNamedFile(text, from, options)
  const what = text.includes('-----BEGIN')
    ? 'is a private key alone, without the JSON around it'
    : 'is neither JSON, nor base64 of JSON, nor the path of a file'
  throw badCredentials(from, what, 'Give the whole JSON file of the key, base64 of it, or the path of it.')
}

function decodeJson(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/_\s-]+={0,2}\s*$/.test(text)) return undefined
  const decoded = Buffer.from(text, 'base64').toString('utf8').trim()
  return decoded.startsWith('{') ? decoded : undefined
}

/** What is not sure to be a path might be a secret, and is never told. */
function looksLikePath(text: string): boolean {
  return text.length <= 260 && !/[\n{}"]/.test(text) && /[/\\]|\.json$/i.test(text)
}

function readNamedFile(path: string, from: string, options: FindAccountOptions): Found {
  const absolute = placeOf(path, options)
  const where = `${from}, the file ${absolute},`
  try {
    const text = options.readFile(absolute)
    return { credentials: parseGoogleCredentials(text, where), from: where.slice(0, -1) }
  } catch (error) {
    if (error instanceof SqlflowError) throw error
    const hint = 'Correct the path, or unset it to use another account; relative paths begin at the folder of sqlflow.yml.'
    throw badCredentials(from, `names the file ${absolute}, which ${isMissing(error) ? 'does not exist' : 'cannot be read'}`, hint)
  }
}

function placeOf(path: string, { home, root }: FindAccountOptions): string {
  if (/^~[/\\]/.test(path)) return resolve(home, path.slice(2))
  return isAbsolute(path) ? path : resolve(root, path)
}

function readKept(path: string, from: string, options: FindAccountOptions): Found | undefined {
  let text: string
  try {
    text = options.readFile(path)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw badCredentials(`The file ${path}`, 'cannot be read', 'Check that you may read it, or take it away.')
  }
  return { credentials: parseGoogleCredentials(text, `The file ${path}`), from: `${from}, ${path}` }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}

/** Only a service account can act for a person. */
function checkSubject({ credentials, from }: Found, { impersonate, subject }: GoogleSettings): void {
  if (subject === undefined || impersonate !== undefined || credentials.type !== 'authorized_user') return
  throw badCredentials(
    `\`google.subject\` of sqlflow.yml`,
    `needs a service account, and the account is ${from}, a person's login`,
    'Remove `subject`, give the key of a service account, or name one by `impersonate`.',
  )
}

/** What must be masked wherever text leaves the program. */
export function secretsOfAccount({ credentials }: GoogleAccount): readonly string[] {
  return secretsOfCredentials(credentials)
}

/** Ends what needs an account where none is found. */
export function noGoogleAccount(): SqlflowError {
  return new SqlflowError('no-google-account', 'No account for Google Sheets is set up.', {
    hint: 'Log in by `sqlflow auth google`, or set GOOGLE_APPLICATION_CREDENTIALS to the key file of a service account; docs/google-accounts.md shows each way.',
  })
}
