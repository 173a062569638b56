/** The way to a server, step by step, before anybody logs in: does its name resolve, does its port answer. */
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { connect, isIP } from 'node:net'
import { Client } from 'pg'
import type { Target } from '../../core/project.ts'
import { connectionPlace, explainConnectionError } from './connection-errors.ts'
import { connectionSettings } from './connection-settings.ts'

/** Does the work of a stage, and tells what it found; what it throws is passed on. */
export type Attempt = (stage: 'name' | 'port', work: () => Promise<string>) => Promise<void>

/** What fails throws SqlflowError, as opening the warehouse would. A socket in the file system has no stages. */
export async function reachServer(target: Target, attempt: Attempt): Promise<void> {
  const settings = connectionSettings(target, '')
  const place = connectionPlace(target.name, settings, new Client(settings))
  const { host, port, timeout } = place
  if (host.startsWith('/')) return
  const explained = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      throw explainConnectionError(error, place)
    }
  }
  if (isIP(host) === 0) {
    await attempt('name', async () => {
      const addresses = await explained(lookup(host, { all: true }))
      return `${host} is ${addresses.map(({ address }) => address).join(', ')}`
    })
  }
  await attempt('port', async () => {
    await explained(knock(host, port, timeout))
    return `${host}:${port} answers`
  })
}

async function knock(host: string, port: number, timeout: number): Promise<void> {
  const socket = connect({ host, port, ...(timeout > 0 && { signal: AbortSignal.timeout(timeout) }) })
  try {
    await once(socket, 'connect')
  } catch (error) {
    throw error instanceof Error && error.name === 'AbortError' ? new Error('timeout', { cause: error }) : error
  } finally {
    socket.destroy()
  }
}
