/** What a person is asked when an app wants to log in, in the place of Google's own page. */
import { escapeHtml } from './escape-html.ts'
import { htmlPage, mark } from './html.ts'

const meanings: Readonly<Record<string, string>> = {
  openid: 'Know who you are',
  email: 'See your email address',
  'https://www.googleapis.com/auth/userinfo.email': 'See your email address',
  'https://www.googleapis.com/auth/spreadsheets': 'See, edit, create and delete your spreadsheets',
  'https://www.googleapis.com/auth/spreadsheets.readonly': 'See your spreadsheets',
  'https://www.googleapis.com/auth/drive.file': 'Edit the files of yours that it made',
}

export interface ConsentRequest {
  readonly clientId: string
  readonly redirectUri: string
  readonly scopes: readonly string[]
  readonly state: string | undefined
  readonly challenge: string | undefined
}

/** Of the query of the authorization endpoint; a string says what is wrong. */
export function readConsent(query: URLSearchParams): ConsentRequest | string {
  const [clientId, redirectUri] = [query.get('client_id') ?? '', query.get('redirect_uri') ?? '']
  const scopes = (query.get('scope') ?? '').split(' ').filter((one) => one !== '')
  const [challenge, method] = [query.get('code_challenge') ?? undefined, query.get('code_challenge_method')]
  if (clientId === '') return 'Missing required parameter: client_id'
  if (query.get('response_type') !== 'code') return 'Error 400: unsupported_response_type'
  if (!isLoopback(redirectUri)) return 'Error 400: redirect_uri_mismatch'
  if (scopes.length === 0) return 'Missing required parameter: scope'
  if (challenge !== undefined && method !== 'S256')
    return 'Error 400: invalid_request. The emulator takes code_challenge_method S256 alone.'
  return { clientId, redirectUri, scopes, state: query.get('state') ?? undefined, challenge }
}

function isLoopback(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname } = new URL(address)
  return protocol === 'http:' && isLoopbackHost(hostname)
}

/** As a URL spells it. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

/** `email`: who is likely to log in. */
export function consentPage({ clientId, scopes }: ConsentRequest, query: URLSearchParams, email: string): string {
  const boxes = scopes.map((scope) => {
    const meaning = meanings[scope] ?? scope
    return `<label><input type="checkbox" name="scope" value="${escapeHtml(scope)}" checked style="width:auto"> ${escapeHtml(meaning)}</label>`
  })
  const body = `<main><h1>Log in to the emulator</h1>
<p><strong>${escapeHtml(clientId)}</strong> asks to act for you in the Google Sheets emulator of this machine. Google hears nothing of it.</p>
<form method="post" action="/-/consent">
<input type="hidden" name="request" value="${escapeHtml(query.toString())}">
<label>Email<input type="email" name="email" required value="${escapeHtml(email)}"></label>
${boxes.join('\n')}
<div class="choices"><button type="submit" name="choice" value="deny" formnovalidate>Cancel</button><button type="submit" name="choice" value="allow" class="primary">Allow</button></div>
</form></main>`
  return htmlPage({
    title: 'Log in · Google Sheets emulator',
    name: 'consent',
    body: `<header class="bar"><span class="home">${mark}<span>Google Sheets emulator</span></span></header>${body}`,
  })
}

export function refusalPage(what: string): string {
  const body = `<main><h1>Access blocked</h1><p>${escapeHtml(what)}</p></main>`
  return htmlPage({ title: 'Access blocked · Google Sheets emulator', name: 'consent', body })
}
