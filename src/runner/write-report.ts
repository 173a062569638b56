/** A file that tells of a run. */
import { SqlflowError } from '../core/errors.ts'
import { whyNotWritten, writeAside } from '../project/write-aside.ts'

/** Makes its folder. Throws SqlflowError `report-not-written`. */
export function writeReport(path: string, text: string): void {
  try {
    writeAside(path, text)
  } catch (error) {
    throw new SqlflowError('report-not-written', `${path} was not written: ${whyNotWritten(error)}.`, {
      hint: 'What the run built stands; only the report of it is missing.',
      cause: error,
    })
  }
}
