/** Names that come from paths. Pure. */

/** `models/staging/stg_supporters.sql` is `stg_supporters`: everything before the last dot. */
export function stemOf(file: string): string {
  const base = baseOf(file)
  const dot = base.lastIndexOf('.')
  return dot <= 0 ? base : base.slice(0, dot)
}

function baseOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1)
}
