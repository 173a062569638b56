/**
 * Replaces secrets in text that leaves the process. A secret is found as it is, in base64, base64url, percent-encoded and as JSON
 * writes it; the password and user part of a URL count as secrets of their own.
 */

const shortest = 4

/** A function that replaces each secret, in each spelling, by `***`. Values under four characters are left: they would blank ordinary text. */
export function createMask(secrets: readonly string[]): (text: string) => string {
  const spellings = [...new Set(secrets.flatMap(partsOf).flatMap(spellingsOf))].filter((one) => one.length >= shortest)
  if (spellings.length === 0) return (text) => text
  spellings.sort((a, b) => b.length - a.length)
  const pattern = new RegExp(spellings.map(escapePattern).join('|'), 'g')
  return (text) => text.replace(pattern, '***')
}

function partsOf(secret: string): readonly string[] {
  const lines = secret.split('\n').map((line) => line.trim())
  return [secret, secret.trim(), ...lines.filter((line) => line.length >= 6), ...urlPassword(secret)]
}

function urlPassword(secret: string): readonly string[] {
  const found = /^[a-z][a-z0-9+.-]*:\/\/[^/@:]*:([^@]*)@/i.exec(secret)?.[1]
  if (found === undefined) return []
  try {
    return [found, decodeURIComponent(found)]
  } catch {
    return [found]
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

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`)
}
