/**
 * A protected target is written to from CI, or from a clean commit of the default branch: what stands in production is what others can see in git.
 * Decided from the environment and git alone, before anything connects.
 */
import { SqlflowError } from '../core/errors.ts'
import type { Target } from '../core/project.ts'
import { findDefaultBranch, readGitState } from '../project/git.ts'

export interface ProtectedTargetOptions {
  readonly target: Pick<Target, 'name' | 'protected'>
  readonly root: string
  readonly env: NodeJS.ProcessEnv
  /** `--allow-protected` */
  readonly allowed: boolean
}

/** Throws SqlflowError `protected-target` (exit 2). */
export function refuseProtectedTarget({ target, root, env, allowed }: ProtectedTargetOptions): void {
  if (!target.protected || allowed) return
  const reason = isCi(env) ? reasonInCi(env) : reasonHere(root)
  if (reason === undefined) return
  throw new SqlflowError('protected-target', `The target \`${target.name}\` is protected, and ${reason}.`, {
    hint: 'It is written to from CI, or from a clean commit of the default branch. Build on another target; or, if it must be, pass `--allow-protected`.',
  })
}

function isCi({ CI }: NodeJS.ProcessEnv): boolean {
  return CI !== undefined && CI !== '' && CI !== 'false' && CI !== '0'
}

/** What a pull request proposes has been agreed on by nobody yet. */
function reasonInCi({ GITHUB_EVENT_NAME, CI_MERGE_REQUEST_IID }: NodeJS.ProcessEnv): string | undefined {
  const isProposal = GITHUB_EVENT_NAME?.startsWith('pull_request') === true || CI_MERGE_REQUEST_IID !== undefined
  return isProposal ? 'this is the build of a pull request' : undefined
}

function reasonHere(root: string): string | undefined {
  const state = readGitState(root)
  if (state === undefined) return 'this folder has no commit of git'
  if (state.dirty) return 'this folder has changes that are not committed'
  const branch = findDefaultBranch(root)
  if (branch === undefined) return 'this repository has no default branch (`main` or `master`)'
  return branch.holdsHead ? undefined : `the commit that is checked out is not part of \`${branch.name}\``
}
