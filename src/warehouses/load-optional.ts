/** Packages that few need are not installed with this one: whoever asks for what they do installs them, and is told how. */
import { SqlflowError } from '../core/errors.ts'

/** `what` needs them, as it stands in sqlflow.yml. Throws SqlflowError `missing-package`. */
export async function loadOptional<T>(name: string, what: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    if (!isMissing(error, name)) throw error
    throw new SqlflowError('missing-package', `${what} needs the package ${name}, which is not installed.`, {
      hint: `Install it beside sqlflow: npm install ${name}`,
    })
  }
}

/** The package itself, not something that it needs. */
function isMissing(error: unknown, name: string): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND' && error.message.includes(`'${name}'`)
}
