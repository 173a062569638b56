/** The page on which a person allows a program to act for them, as Google's does, without a password: everything here is made up. */
import { html, type Html } from './html.ts'
import { pageHead } from './page-head.ts'

export type ConsentPage = { readonly mistake: string } | { readonly asked: URLSearchParams; readonly known: readonly string[] }

/** What the scopes mean, in Google's words. */
const meanings: Readonly<Record<string, string>> = {
  openid: 'Associate you with your personal info on Google',
  email: 'See your primary Google Account email address',
  'https://www.googleapis.com/auth/userinfo.email': 'See your primary Google Account email address',
  'https://www.googleapis.com/auth/spreadsheets': 'See, edit, create, and delete all your Google Sheets spreadsheets',
  'https://www.googleapis.com/auth/drive.file': 'See, edit, create, and delete only the specific Google Drive files you use with this app',
  'https://www.googleapis.com/auth/drive': 'See, edit, create, and delete all of your Google Drive files',
}

export function renderConsent(page: ConsentPage): string {
  const body =
    'mistake' in page
      ? html`<h1>Access blocked</h1>
          <p>${page.mistake}</p>`
      : consentForm(page.asked, page.known)
  return html`<!doctype html>
    <html lang="en">
      ${pageHead('Log in to the Google Sheets emulator')}
      <body class="narrow">
        <main class="card">${body}</main>
      </body>
    </html>`.html
}

function consentForm(asked: URLSearchParams, known: readonly string[]): Html {
  const scopes = (asked.get('scope') ?? '').split(' ').filter((scope) => scope !== '')
  const kept = ['client_id', 'redirect_uri', 'response_type', 'scope', 'state', 'code_challenge', 'code_challenge_method']
  return html`<h1>A program wants to act for you</h1>
    <p>This is the Google Sheets emulator on your own machine. Any address will do; there is no password.</p>
    <form method="post" action="/o/oauth2/auth">
      ${kept.map((name) => (asked.has(name) ? html`<input type="hidden" name="${name}" value="${asked.get(name) ?? ''}" />` : undefined))}
      <label
        >Email <input name="email" type="email" required autofocus list="known" value="${asked.get('login_hint') ?? known[0] ?? ''}"
      /></label>
      <datalist id="known">${known.map((email) => html`<option value="${email}"></option>`)}</datalist>
      <fieldset>
        <legend>It asks to</legend>
        ${scopes.map((scope) => html`<label class="choice"><input type="checkbox" name="granted" value="${scope}" checked /> ${meanings[scope] ?? scope}</label>`)}
      </fieldset>
      <p class="actions">
        <button name="allow" value="yes" class="primary">Allow</button> <button name="allow" value="no" formnovalidate>Cancel</button>
      </p>
    </form>`
}
