/** The account that a project's exports to Google Sheets run as, on this machine. */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import type { Project } from '../../../core/project.ts'
import { readEnvFile, type Environment } from '../../../project/environment.ts'
import { findGoogleAccount, type GoogleAccount } from './find-account.ts'

/** `.env` of the project stands in for what the process does not set. Undefined where there is no account; throws SqlflowError `bad-google-credentials`. */
export function accountOfProject(project: Pick<Project, 'root' | 'google' | 'target'>, process: Environment): GoogleAccount | undefined {
  const env = { ...readEnvFile(project.root), ...process }
  const settings = { ...project.google, ...project.target.google }
  const readFile = (path: string): string => readFileSync(path, 'utf8')
  return findGoogleAccount({ settings, env, home: env['HOME'] ?? homedir(), root: project.root, readFile })
}
