/** What tells one database from another, however its connection is written; who logs in, and how, does not. Never printed. Pure. */
import type { IamOptions, Target } from '../core/project.ts'

const defaultPorts = { postgres: 5432, redshift: 5439 } as const

export function databaseOf({ type, connection }: Target): string {
  if (type === 'pglite') return JSON.stringify([type, connection.path])
  const { iam, tunnel } = connection
  const url = connection.url !== undefined && URL.canParse(connection.url) ? new URL(connection.url) : undefined
  const host = (url?.hostname || connection.host)?.toLowerCase()
  const database = url?.pathname.slice(1) || connection.database || url?.username || connection.user
  const cluster = host === undefined ? iam && clusterOfIam(iam) : clusterOfEndpoint(host)
  if (type === 'redshift' && cluster !== undefined) return JSON.stringify([type, cluster, database])
  const port = Number(url?.port || connection.port || defaultPorts[type])
  const name = host ?? 'localhost'
  // What an ssh server calls by the name of itself is another's here.
  return JSON.stringify([type, ...(tunnel && /^(?:localhost|127\..*|::1)$/.test(name) ? [tunnel.host] : []), name, port, database])
}

function clusterOfIam(iam: IamOptions): string {
  return JSON.stringify(['cluster' in iam ? iam.cluster : iam.workgroup, iam.region])
}

/** `field-prod.abc123.us-east-1.redshift.amazonaws.com` is the cluster `field-prod`; a workgroup's is alike. */
function clusterOfEndpoint(host: string): string | undefined {
  const [, name, region] = /^([^.]+)\.[^.]+\.([^.]+)\.redshift(?:-serverless)?\.amazonaws\.com(?:\.cn)?$/.exec(host) ?? []
  return name === undefined ? undefined : JSON.stringify([name, region])
}
