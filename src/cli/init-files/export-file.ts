/** One export: a model's rows to a file. */
import type { InitFile } from './init-file.ts'
import { schemaLine, schemaPaths } from './schema-paths.ts'

export const exportFile: InitFile = {
  path: 'exports/call_list_csv.yml',
  text: `${schemaLine(schemaPaths.export, 1)}
# Written after call_list is built and has passed its tests, aside first and renamed at the end: nobody opens half a file.
description: The call list, for the organizers.
from: call_list
order_by: [precinct, last_name, first_name]
columns:                                        # these only, in this order, under these titles
  precinct: { title: Precinct, format: text }
  last_name: Last name
  first_name: First name
  phone: { title: Phone, format: text }
to:
  csv: { path: call_list.csv, neutralize_formulas: true }
guards: { min_rows: 1 }
`,
}
