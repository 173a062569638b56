/** What git knows of the folder of a project: asked by its command line, silently nothing where there is no git or no repository. */
import { execFileSync } from 'node:child_process'

export interface GitState {
  readonly commit: string
  /** Something that git tracks is changed, or something is there that it neither tracks nor ignores. */
  readonly dirty: boolean
}

/** The commit that a run is made from; undefined where there is none. */
export function readGitState(root: string): GitState | undefined {
  const commit = git(root, 'rev-parse', '--verify', '--quiet', 'HEAD')
  if (commit === undefined) return undefined
  return { commit, dirty: git(root, 'status', '--porcelain', '--', '.', ...written) !== '' }
}

/** What sqlflow itself writes into the folder, where git is not told to ignore it. */
const written = [':(exclude)target', ':(exclude).sqlflow']

export interface DefaultBranch {
  /** `main`, `origin/main`. */
  readonly name: string
  /** It holds the commit that is checked out. */
  readonly holdsHead: boolean
}

/** That of the remote, as far as this clone knows it; without a remote, the local `main` or `master`. Undefined where there is none. */
export function findDefaultBranch(root: string): DefaultBranch | undefined {
  const ofRemote = git(root, 'symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD')
  const candidates = ofRemote === undefined ? ['origin/main', 'origin/master', 'main', 'master'] : [ofRemote]
  const name = candidates.find((one) => git(root, 'rev-parse', '--verify', '--quiet', `${one}^{commit}`) !== undefined)
  if (name === undefined) return undefined
  return { name, holdsHead: git(root, 'merge-base', '--is-ancestor', 'HEAD', name) !== undefined }
}

/** Whether git keeps a file of the folder: who clones it has it. */
export function isTracked(root: string, file: string): boolean {
  return git(root, 'ls-files', '--error-unmatch', '--', file) !== undefined
}

/** Where `origin` is. */
export function findRemoteUrl(root: string): string | undefined {
  return git(root, 'remote', 'get-url', 'origin')
}

/** What it prints, without the end of the line; undefined where it fails. */
function git(root: string, ...args: readonly string[]): string | undefined {
  try {
    return execFileSync('git', ['-C', root, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return undefined
  }
}
