/** How COPY is to read what `seedBytes` sends. */
import type { Dialect } from '../dialects/dialect.ts'

/** What stands in `with (...)`: no header; the empty unquoted field is NULL, the quoted one is the empty string. */
export function seedCopyOptions(dialect: Dialect, { delimiter }: { readonly delimiter: string }): string {
  return `format csv, delimiter ${dialect.quoteLiteral(delimiter)}, encoding 'UTF8'`
}
