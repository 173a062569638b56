/** A spreadsheet as people write it: the URL of the browser, or the id in it. Pure. */

export interface SpreadsheetAddress {
  readonly id: string
  /** Number of the tab that the URL shows. */
  readonly gid?: number
}

const url = /^https?:\/\/[^/\s]+\/(?:.*\/)?spreadsheets\/(?:u\/\d+\/)?d\/([\w-]+)(?:[/?#]\S*)?$/
const id = /^[\w-]{8,}$/

/** Undefined where it is neither. */
export function parseSpreadsheet(written: string): SpreadsheetAddress | undefined {
  const text = written.trim()
  if (id.test(text)) return { id: text }
  const found = url.exec(text)
  if (!found || found[1] === 'e') return undefined // `/d/e/2PACX-...` is a page published to the web
  const gid = /[#?&]gid=(\d+)/.exec(text)
  return { id: found[1]!, ...(gid && { gid: Number(gid[1]) }) }
}

/** `{region}` of `for_each`; doubled braces are not needed, for neither an id nor a URL has braces. */
const placeholder = /\{([^{}]+)\}/g

export function placeholdersIn(text: string): readonly string[] {
  return [...text.matchAll(placeholder)].map((found) => found[1]!)
}

export function fillPlaceholders(text: string, value: (name: string) => string): string {
  return text.replace(placeholder, (_, name: string) => value(name))
}
