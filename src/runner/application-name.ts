/** How the sessions of a run present themselves in the server: for people, and for the next run to find what a dead one left. */
import { cutBytes } from '../dialects/fit-name.ts'
import { runTag } from '../materializations/aside-names.ts'

/** `sqlflow:field:1f0c2a9b`, at most 63 bytes. */
export function applicationName(project: string, runId: string): string {
  return `${applicationPrefix(project)}${runTag(runId)}`
}

export function applicationPrefix(project: string): string {
  const ascii = project.replaceAll(/[^\x20-\x7e]/g, '?') // as the server does
  return `sqlflow:${cutBytes(ascii, 46)}:`
}
