/** `google:` of sqlflow.yml: which account exports to Google Sheets run as. It may hold a key, which is masked like the password of a connection. */
import type { GoogleSettings } from '../core/project.ts'
import { compact } from './compact.ts'
import type { GoogleConfig } from './schemas/project.ts'

/** A key that is blank, as a variable with an empty default makes it, says nothing. */
export function resolveGoogle(config: GoogleConfig | undefined): GoogleSettings | undefined {
  if (!config) return undefined
  return compact<GoogleSettings>({
    credentials: filled(config.credentials),
    impersonate: filled(config.impersonate),
    subject: filled(config.subject),
  })
}

function filled(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim()
}

/** What must be masked: a key, as it stands and in its parts; not the path of one. */
export function secretsOfGoogle(settings: GoogleSettings | undefined): readonly string[] {
  const text = settings?.credentials?.trim() ?? ''
  const json = text.startsWith('{') ? text : Buffer.from(text, 'base64').toString('utf8')
  if (!json.startsWith('{')) return text.includes('-----BEGIN') ? [text] : []
  return [text, ...[...json.matchAll(secretField)].map((found) => unescaped(found[1]!))]
}

/** Also in JSON that was cut off. */
const secretField = /"(?:private_key|client_secret|refresh_token)"\s*:\s*"((?:[^"\\]|\\.)*)/g

function unescaped(text: string): string {
  return text.replaceAll(String.raw`\n`, '\n')
}
