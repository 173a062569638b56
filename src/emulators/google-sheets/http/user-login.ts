/**
 * People who log in: the consent page, the code that it gives to the program that waits on this machine, and refresh tokens. A refresh token carries what it stands for
 * and a signature, so that logins outlive the process.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { isObject } from '../model/field-mask.ts'
import { notFound } from '../model/google-error.ts'
import { newAccount, type Account } from '../world/account.ts'
import { projectNumber, type Consent, type World } from '../world/world.ts'
import { renderConsent } from '../page/consent.ts'
import { readForm, type ApiReply, type ApiRequest } from './exchange.ts'
import { issueToken, text, tokenError, tokenSeconds } from './token-endpoint.ts'

interface Login {
  readonly email: string
  readonly clientId: string
  readonly scopes: readonly string[]
}

/** `GET` shows it; `POST` is a person's answer, and leads back to the program. */
export function answerConsent(world: World, request: ApiRequest): ApiReply {
  const asked = request.method === 'POST' ? readForm(request) : request.query
  const mistake = findMistake(asked)
  if (mistake !== undefined) return { status: 400, html: renderConsent({ mistake }) }
  if (request.method === 'GET') return { status: 200, html: renderConsent({ asked, known: people(world) }) }
  if (request.method !== 'POST') throw notFound()
  const back = new URL(asked.get('redirect_uri')!)
  const state = asked.get('state')
  if (state !== null) back.searchParams.set('state', state)
  const email = (asked.get('email') ?? '').trim().toLowerCase()
  if (asked.get('allow') === 'yes' && /^[^\s@]+@[^\s@]+$/.test(email)) {
    const scopes = asked.getAll('granted')
    back.searchParams.set('code', rememberConsent(world, asked, email, scopes))
    back.searchParams.set('scope', scopes.join(' '))
  } else back.searchParams.set('error', 'access_denied')
  return { status: 302, html: '', headers: { location: back.href } }
}

function people({ accounts }: World): readonly string[] {
  return [...accounts.values()].flatMap(({ kind, email }) => (kind === 'user' ? [email] : []))
}

/** Only to programs of this machine: what Google calls a loopback client. */
function findMistake(asked: URLSearchParams): string | undefined {
  const redirect = asked.get('redirect_uri') ?? ''
  if (!URL.canParse(redirect) || !/^(?:127\.0\.0\.1|localhost|\[::1\])$/.test(new URL(redirect).hostname))
    return 'Error 400: redirect_uri_mismatch'
  if ((asked.get('client_id') ?? '') === '') return 'Error 400: invalid_request. Missing required parameter: client_id'
  if (asked.get('response_type') !== 'code') return 'Error 400: invalid_request. Missing required parameter: response_type'
  return (asked.get('scope') ?? '') === '' ? 'Error 400: invalid_request. Missing required parameter: scope' : undefined
}

function rememberConsent(world: World, asked: URLSearchParams, email: string, scopes: readonly string[]): string {
  const code = `4/${randomBytes(24).toString('base64url')}`
  const consent: Consent = {
    email,
    scopes,
    clientId: asked.get('client_id')!,
    redirectUri: asked.get('redirect_uri')!,
    challenge: asked.get('code_challenge') ?? undefined,
  }
  world.consents.set(code, consent)
  return code
}

/** A person is known from the first consent on. */
function accountOf({ accounts }: World, email: string): Account {
  const known = accounts.get(email)
  if (known) return known
  const account = newAccount('user', email, projectNumber)
  accounts.set(email, account)
  return account
}

export function grantForCode(world: World, request: ApiRequest): ApiReply {
  const form = readForm(request)
  const code = form.get('code') ?? ''
  const consent = world.consents.get(code)
  world.consents.delete(code)
  if (!consent) throw tokenError(400, 'invalid_grant', 'Malformed auth code.')
  if (consent.clientId !== form.get('client_id')) throw tokenError(401, 'invalid_client', 'Unauthorized')
  if (consent.redirectUri !== form.get('redirect_uri')) throw tokenError(400, 'redirect_uri_mismatch', 'Bad Request')
  const verifier = form.get('code_verifier') ?? ''
  if (consent.challenge !== undefined && createHash('sha256').update(verifier).digest('base64url') !== consent.challenge)
    throw tokenError(400, 'invalid_grant', verifier === '' ? 'Missing code verifier.' : 'Invalid code verifier.')
  const { email, clientId, scopes } = consent
  return {
    status: 200,
    body: {
      access_token: issueToken(world, accountOf(world, email), scopes),
      expires_in: tokenSeconds - 1,
      refresh_token: signLogin(world, { email, clientId, scopes }),
      scope: scopes.join(' '),
      token_type: 'Bearer',
      id_token: idToken(request, consent),
    },
  }
}

/** Unsigned: programs take it from the token endpoint alone, and so need no signature. */
function idToken({ url }: ApiRequest, { email, clientId }: Consent): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${encode({ alg: 'none', typ: 'JWT' })}.${encode({ iss: url, aud: clientId, email, email_verified: true })}.`
}

export function grantForRefresh(world: World, request: ApiRequest): ApiReply {
  const form = readForm(request)
  const token = form.get('refresh_token') ?? ''
  const login = readLogin(world, token)
  if (!login || world.revoked.has(token)) throw tokenError(400, 'invalid_grant', 'Token has been expired or revoked.')
  if (login.clientId !== form.get('client_id')) throw tokenError(401, 'unauthorized_client', 'Unauthorized')
  const access = issueToken(world, accountOf(world, login.email), login.scopes)
  return { status: 200, body: { access_token: access, expires_in: tokenSeconds - 1, scope: login.scopes.join(' '), token_type: 'Bearer' } }
}

export function signLogin(world: World, login: Login): string {
  const said = Buffer.from(JSON.stringify(login)).toString('base64url')
  return `1//${said}.${seal(world, said)}`
}

function seal({ keys }: World, said: string): string {
  return createHmac('sha256', keys.privatePem).update(said).digest('base64url')
}

function readLogin(world: World, token: string): Login | undefined {
  const [, said = '', signature = ''] = /^1\/\/([\w-]+)\.([\w-]+)$/.exec(token) ?? []
  const expected = seal(world, said)
  if (signature.length !== expected.length || !timingSafeEqual(Buffer.from(signature), Buffer.from(expected))) return undefined
  const login: unknown = JSON.parse(Buffer.from(said, 'base64url').toString('utf8'))
  if (!isObject(login) || !Array.isArray(login['scopes'])) return undefined
  return { email: text(login['email']), clientId: text(login['clientId']), scopes: login['scopes'].map(String) }
}

/** Access tokens and logins alike. */
export function revokeToken(world: World, request: ApiRequest): ApiReply {
  const token = readForm(request).get('token') ?? request.query.get('token') ?? ''
  if (world.tokens.delete(token)) return { status: 200, body: {} }
  if (!readLogin(world, token) || world.revoked.has(token)) throw tokenError(400, 'invalid_token', 'Token expired or revoked')
  world.revoked.add(token)
  return { status: 200, body: {} }
}

/** Whose an access token is, and what it may do. */
export function tellToken(world: World, request: ApiRequest): ApiReply {
  const token = (request.method === 'POST' ? readForm(request).get('access_token') : null) ?? request.query.get('access_token') ?? ''
  const found = world.tokens.get(token)
  const seconds = found ? Math.floor((found.expires - world.now()) / 1000) : 0
  if (!found || seconds <= 0) throw tokenError(400, 'invalid_token', 'Invalid Value')
  const { account, scopes } = found
  const tellsEmail = account.kind === 'service' || scopes.some((scope) => scope === 'email' || scope.endsWith('/userinfo.email'))
  return {
    status: 200,
    body: {
      scope: scopes.join(' '),
      expires_in: String(seconds),
      access_type: 'offline',
      ...(tellsEmail && { email: account.email, email_verified: 'true' }),
    },
  }
}
