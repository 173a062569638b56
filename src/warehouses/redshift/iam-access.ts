/**
 * Logging in by IAM: a user and a password that AWS gives for an hour. Each new connection takes those that are there while they hold for another five
 * minutes; connections that open at once share one request.
 */
import { SqlflowError } from '../../core/errors.ts'
import type { IamOptions } from '../../core/project.ts'
import type { ConnectionSettings } from '../pg/pg-pool.ts'
import type { AccessStage } from '../postgres/server-access.ts'
import type { AwsApi, AwsApiOptions, Endpoint, TemporaryLogin } from './aws-api.ts'
import { explainAwsError } from './aws-errors.ts'
import type { AwsAction } from './iam-policy.ts'

/** Milliseconds that credentials still have to hold. */
const margin = 5 * 60_000

export interface IamAccess {
  /** What the target does not say. Throws SqlflowError. */
  readonly ask: () => Promise<Partial<ConnectionSettings>>
  readonly stages: readonly AccessStage[]
}

export interface IamAccessOptions extends AwsApiOptions {
  readonly host: string | undefined
  readonly database: string
}

export function createIamAccess(options: IamAccessOptions): IamAccess {
  const { iam, host, database } = options
  const api = shared(() => openApi(options))
  const asking = async <T>(action: AwsAction, work: (aws: AwsApi) => Promise<T>): Promise<T> => {
    try {
      return await work(await api(() => true))
    } catch (error) {
      throw error instanceof SqlflowError ? error : explainAwsError(error, action, options)
    }
  }
  const endpoint = shared(() => asking('endpoint', (aws) => aws.endpoint()))
  const login = shared(() => asking('login', (aws) => aws.login(database)))
  const find = (): Promise<Endpoint> => endpoint(() => true)
  const current = (): Promise<TemporaryLogin> => login(({ expires }) => expires.getTime() - Date.now() >= margin)
  return {
    ask: async () => {
      const found = host === undefined ? await find() : {}
      const { user } = await current()
      return { ...found, user, password: async () => (await current()).password }
    },
    stages: [
      ...(host === undefined ? [{ stage: 'cluster' as const, work: async () => describeEndpoint(iam, await find()) }] : []),
      { stage: 'iam', work: async () => describeLogin(await current()) },
    ],
  }
}

async function openApi(options: AwsApiOptions): Promise<AwsApi> {
  const { iam } = options
  if ('cluster' in iam) return (await import('./cluster-api.ts')).openClusterApi({ ...options, iam })
  return (await import('./workgroup-api.ts')).openWorkgroupApi({ ...options, iam })
}

/** One answer for all who ask while it is good; one request for all who ask at once. A failure is not kept. */
function shared<T>(load: () => Promise<T>): (isGood: (value: T) => boolean) => Promise<T> {
  let known: T | undefined
  let pending: Promise<T> | undefined
  return async (isGood) => {
    if (known !== undefined && isGood(known)) return known
    pending ??= load().finally(() => (pending = undefined))
    known = await pending
    return known
  }
}

function describeEndpoint(iam: IamOptions, { host, port }: Endpoint): string {
  return `${'cluster' in iam ? iam.cluster : iam.workgroup} is ${host}:${port}`
}

function describeLogin({ user, expires }: TemporaryLogin): string {
  return `credentials of ${user} until ${expires.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
