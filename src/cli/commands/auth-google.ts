import type { CommandSpec } from '../command.ts'
import { outputOptions, projectOptions } from '../shared-options.ts'

export const authGoogleCommand: CommandSpec = {
  name: 'auth google',
  group: 'Maintain',
  summary: 'Log in to Google for exports to Google Sheets, or see and set up the account',
  description:
    'Logs you in by your browser, through an OAuth client of yours, and keeps the login for this user of this machine. Exports that run without you need an account of their own: --setup walks through one for GitHub Actions that has no key. docs/google-accounts.md shows each kind of account.',
  options: [
    {
      flags: '--client-file <file>',
      description: 'JSON of the OAuth client (default: SQLFLOW_GOOGLE_CLIENT_ID and SQLFLOW_GOOGLE_CLIENT_SECRET)',
    },
    { flags: '--port <port>', description: 'port of this machine that the browser answers to (default: any that is free)' },
    { flags: '--no-browser', description: 'print the address to open, and open nothing' },
    { flags: '--status', description: 'show which account is found and where, and ask Google who it is and what it may do' },
    { flags: '--logout', description: 'take the login away, here and at Google' },
    {
      flags: '--setup',
      description: 'set up an account without keys for GitHub Actions: say what is there, and print the commands for what is missing',
    },
    { flags: '--project-id <id>', description: 'with --setup: the Google Cloud project' },
    { flags: '--project-number <number>', description: 'with --setup: its number (default: asked of gcloud)' },
    { flags: '--repository <owner/name>', description: 'with --setup: the repository on GitHub whose workflows may act as the account' },
    { flags: '--service-account <name>', description: 'with --setup: name of the account', default: 'sqlflow-exports' },
    { flags: '--pool <name>', description: 'with --setup: name of the pool of identities', default: 'github' },
    ...projectOptions,
    ...outputOptions,
  ],
  examples: [
    { command: 'sqlflow auth google --client-file client.json', explains: 'log in as yourself' },
    { command: 'sqlflow auth google --status', explains: 'whom to share spreadsheets with' },
    { command: 'sqlflow auth google --setup --project-id field-1234 --repository field/analytics', explains: 'for scheduled exports' },
  ],
  json: 'One object. Logging in: `{ account, file, scopes }`; `--status`: `{ account, from, kind, scopes, mayEditSpreadsheets }`; `--logout`: `{ account, file, loggedOut, revoked }`; `--setup`: `{ workloadIdentityProvider, serviceAccount, steps, spreadsheets }`, where each step has `name`, `command`, `check` and `state` (`ok`, `missing`, `other` where it is there and not as it has to be, `unknown`).',
  run: async (io, input) => (await import('../auth-google-action.ts')).authGoogle(io, input),
}
