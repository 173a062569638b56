/** Preloaded by `node --import`: prints the URL of every module that the process loaded, a line each, on stderr as it ends. */
import { writeSync } from 'node:fs'
import { registerHooks } from 'node:module'

const loaded: string[] = []
registerHooks({
  load: (url, context, nextLoad) => {
    loaded.push(url)
    return nextLoad(url, context)
  },
})
process.on('exit', () => void writeSync(2, loaded.map((url) => `${url}\n`).join('')))
