/** The way to a server, step by step: what AWS is asked, does the name resolve, does the tunnel open, does the port answer. */
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { placeOfTunnel } from '../tunnel/tunnel-errors.ts'
import type { AccessStage, ServerAccess } from './server-access.ts'

export type ReachStage = AccessStage['stage'] | 'name' | 'tunnel' | 'port'

/** Does the work of a stage, and tells what it found; what it throws is passed on. */
export type Attempt = (stage: ReachStage, work: () => Promise<string>) => Promise<void>

/** What fails throws SqlflowError, as opening the warehouse would. A socket in the file system has no stages. */
export async function reachServer(access: ServerAccess, attempt: Attempt): Promise<void> {
  for (const { stage, work } of access.stages) await attempt(stage, work)
  await access.locate()
  const { tunnel } = access
  const { host, port } = access.place()
  if (host.startsWith('/')) return
  const explained = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      throw access.explain(error)
    }
  }
  if (tunnel) {
    await attempt('tunnel', async () => {
      await tunnel.open()
      return `${placeOfTunnel(tunnel.options)}, whose key is known`
    })
  } else if (isIP(host) === 0) {
    await attempt('name', async () => {
      const addresses = await explained(lookup(host, { all: true }))
      return `${host} is ${addresses.map(({ address }) => address).join(', ')}`
    })
  }
  await attempt('port', async () => {
    await explained(access.knock())
    return `${host}:${port} answers${tunnel ? ', seen from there' : ''}`
  })
}
