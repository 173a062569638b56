/** Names that come from paths. Pure. */

/**
 * `models/staging/stg_supporters.sql` is `stg_supporters`: everything before the last dot. An accent counts as one character with its letter,
 * as it is typed in a `ref`, whatever the file system makes of it.
 */
export function stemOf(file: string): string {
  const base = baseOf(file).normalize('NFC')
  const dot = base.lastIndexOf('.')
  return dot <= 0 ? base : base.slice(0, dot)
}

function baseOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1)
}
