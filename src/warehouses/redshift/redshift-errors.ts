/** What to tell a user whose Redshift cannot be connected with, where that differs from Postgres: who lets whom in, and what AWS calls it. */
import { SqlflowError } from '../../core/errors.ts'
import { explainConnectionError, type ConnectionPlace } from '../postgres/connection-errors.ts'

export function explainRedshiftError(error: unknown, place: ConnectionPlace): SqlflowError {
  if (error instanceof SqlflowError) return error
  const message = error instanceof Error ? error.message : String(error)
  if (place.asksPassword && message.startsWith('password authentication failed')) return temporaryRefused(place)
  const explained = explainConnectionError(asPostgresSays(error, message), place)
  const hint = hintFor(explained, message, place)
  return hint === undefined ? explained : new SqlflowError(explained.code, explained.message, { hint })
}

/** Redshift refuses a password by 28000, invalid authorization, where Postgres has 28P01. */
function asPostgresSays(error: unknown, message: string): unknown {
  return message.startsWith('password authentication failed') ? Object.assign(new Error(message), { code: '28P01' }) : error
}

/** AWS gives credentials for users that are not there, too. */
function temporaryRefused({ host, port, user, target }: ConnectionPlace): SqlflowError {
  const name = user.replace(/^IAMA?:/, '')
  return new SqlflowError(
    'warehouse-login-refused',
    `The server on ${host}:${port} refused the temporary credentials of user \`${name}\`.`,
    {
      hint: `Is there such a user? As a superuser: create user "${name}" password disable. Else check \`iam\` of target \`${target}\`.`,
    },
  )
}

function hintFor({ code, message }: SqlflowError, thrown: string, { host, port, target, tunnel }: ConnectionPlace): string | undefined {
  switch (code) {
    case 'warehouse-unreachable':
      if (message.includes('is unknown'))
        return `Check its spelling in sqlflow.yml: it is the endpoint that the console of Redshift shows, without port and database.`
      if (!/did not answer|cannot be reached|Nothing answers/.test(message)) return undefined
      return tunnel === undefined
        ? silentPort(host, port)
        : `Its security group has to let the ssh server in on port ${port}. A cluster that is paused answers nobody: resume it.`
    case 'warehouse-login-refused':
      return /hba\.conf/.test(thrown) ? `Log in over TLS (\`ssl: true\` of target \`${target}\`), as a user of the cluster.` : undefined
    case 'warehouse-tls':
      if (/does not speak TLS/.test(message))
        return `Is this a Redshift? One speaks TLS always. \`ssl: false\` is for what stands in for it, on a network that you trust.`
      if (/for another host name/.test(message))
        return `Name the host as the certificate has it: the endpoint of the cluster, not an address or another name for it. \`tunnel\` leads there through an ssh server.`
      return undefined
    default:
      return undefined
  }
}

function silentPort(host: string, port: number): string {
  const serverless = host.includes('.redshift-serverless.')
  return [
    `Its security group has to let this machine in on port ${port}; from outside of its VPC it has to be publicly accessible besides.`,
    'Else a VPN reaches it, or an ssh server that its allow list names: `tunnel: ssh://user@bastion:22`.',
    ...(serverless ? [] : ['A cluster that is paused answers nobody: resume it.']),
  ].join(' ')
}
