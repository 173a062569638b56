/** Colours for a terminal: on when the stream is one and neither NO_COLOR nor --no-color says otherwise; FORCE_COLOR turns them on. */
import { styleText } from 'node:util'

type Format = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'cyan' | 'magenta' | 'underline'

export type Style = (format: Format, text: string) => string

const plainStyle: Style = (_format, text) => text

const colourStyle: Style = (format, text) => styleText(format, text, { validateStream: false })

export function chooseStyle(options: { readonly isTerminal: boolean; readonly noColor: boolean; readonly env: NodeJS.ProcessEnv }): Style {
  const { isTerminal, noColor, env } = options
  if (noColor || (env['NO_COLOR'] ?? '') !== '') return plainStyle
  const forced = env['FORCE_COLOR']
  if (forced !== undefined) return forced === '0' || forced === 'false' ? plainStyle : colourStyle
  return isTerminal && env['TERM'] !== 'dumb' ? colourStyle : plainStyle
}
