/**
 * Replaces secrets in text that leaves the process. A secret is found as it is, in base64, base64url, percent-encoded and as JSON
 * writes it; the password and user part of a URL count as secrets of their own.
 */

/** Shorter secrets are masked as whole words alone: their letters stand in ordinary text. */
const shortest = 6

/**
 * What every run prints, whatever the secrets are: to meet it there tells nothing, and a mask over it (the kind in `test:unique_x`, `"status": "success"`)
 * would spoil what programs read.
 */
const ownWords = new Set(
  (
    'source seed model test export view table ephemeral success warn fail error skipped cancelled failed warning diagnostic ' +
    'build run show list debug public postgres postgresql pglite sqlflow csv json jsonl xlsx live preview off true false null user password secret'
  ).split(' '),
)

/**
 * A function that replaces each secret, in each spelling, by `***`. A password that is no secret (the name of the user, as in
 * `postgres:postgres@localhost`, or a word that sqlflow prints itself) is masked only where it stands in its URL.
 */
export function createMask(secrets: readonly string[]): (text: string) => string {
  const parts = new Set(secrets.flatMap(partsOf))
  for (const open of [...secrets.flatMap(openPasswords), ...ownWords]) parts.delete(open)
  const spellings = new Set([...parts].flatMap(spellingsOf))
  spellings.delete('')
  if (spellings.size === 0) return (text) => text
  const longestFirst = [...spellings].sort((a, b) => b.length - a.length)
  const pattern = new RegExp(longestFirst.map(patternOf).join('|'), 'g')
  return (text) => text.replace(pattern, '***')
}

/** A count in JSON (`"rows": 4821`) stays one, also where it equals a short secret. */
function patternOf(spelling: string): string {
  const escaped = spelling.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`)
  if (spelling.length >= shortest) return escaped
  return /^\d+$/.test(spelling) ? String.raw`(?<![\w.]|"\s*:\s*-?)${escaped}(?![\w]|\.\d)` : String.raw`(?<![\w])${escaped}(?![\w])`
}

function partsOf(secret: string): readonly string[] {
  const lines = secret.split('\n').map((line) => line.trim())
  const password = credentialsOf(secret)?.password
  return [
    secret,
    secret.trim(),
    ...lines.filter((line) => line.length >= shortest),
    ...(password === undefined ? [] : [password, decoded(password)]),
  ]
}

/** Passwords that say no more than what stands beside them in the open. */
function openPasswords(secret: string): readonly string[] {
  const found = credentialsOf(secret)
  return found && found.password === found.user ? [found.password] : []
}

function credentialsOf(secret: string): { readonly user: string; readonly password: string } | undefined {
  const found = /^[a-z][a-z0-9+.-]*:\/\/([^/@:]*):([^@]*)@/i.exec(secret)
  return found ? { user: found[1]!, password: found[2]! } : undefined
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function spellingsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, 'utf8')
  return [
    secret,
    bytes.toString('base64'),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ]
}
