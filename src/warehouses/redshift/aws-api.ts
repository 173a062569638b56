/** What is asked of AWS about a cluster or a workgroup. Its packages are loaded here alone, by the target that needs them. */
import type { IamOptions } from '../../core/project.ts'

export interface Endpoint {
  readonly host: string
  readonly port: number
}

/** Good for a while. The password is never printed, and kept in memory alone. */
export interface TemporaryLogin {
  readonly user: string
  readonly password: string
  readonly expires: Date
}

export interface AwsApi {
  /** Throws what AWS's client throws, or a SqlflowError where the cluster is not there to be connected with. */
  readonly endpoint: () => Promise<Endpoint>
  readonly login: (database: string) => Promise<TemporaryLogin>
}

export interface AwsApiOptions<Iam extends IamOptions = IamOptions> {
  readonly iam: Iam
  readonly target: string
  /** Milliseconds for an answer; 0 waits without end. */
  readonly timeout: number
}

/** As AWS's clients take it. */
export function clientSettings({ iam: { region, profile }, timeout }: AwsApiOptions) {
  return {
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(timeout > 0 && { requestHandler: { connectionTimeout: timeout, requestTimeout: timeout, throwOnRequestTimeout: true } }),
  }
}

/** Seconds: the longest that AWS gives. */
export const loginDuration = 3600

export function toLogin(user: string | undefined, password: string | undefined, expires: Date | undefined): TemporaryLogin {
  if (user === undefined || password === undefined) throw new Error('AWS answered without credentials')
  return { user, password, expires: expires ?? new Date(Date.now() + loginDuration * 1000) }
}
