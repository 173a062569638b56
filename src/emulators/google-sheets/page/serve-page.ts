/** The emulator's own page. */
import type { IncomingMessage, ServerResponse } from 'node:http'

export function createPage(_options: object): {
  readonly answer: (request: IncomingMessage, response: ServerResponse) => Promise<void> | undefined
} {
  return { answer: () => undefined }
}
