/** The registry of file formats: to add one, write its file and one line here. Each is loaded when an export asks for it. */
import type { FileDestination } from '../../core/project.ts'
import type { Encode } from '../file-destination.ts'

export interface EncodeContext {
  readonly destination: FileDestination
  /** Name of the export: what a sheet is called that has no name. */
  readonly name: string
}

const formats: Readonly<Record<FileDestination['type'], (context: EncodeContext) => Promise<Encode>>> = {
  csv: async ({ destination }) => (await import('./csv.ts')).encodeCsv(destination),
  json: async () => (await import('./json.ts')).encodeJsonArray,
  jsonl: async () => (await import('./json.ts')).encodeJsonLines,
  xlsx: async ({ destination, name }) =>
    (await import('./xlsx.ts')).encodeXlsx({ sheet: destination.sheet ?? name, header: destination.header }),
}

export function loadFormat(context: EncodeContext): Promise<Encode> {
  return formats[context.destination.type](context)
}
