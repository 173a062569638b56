/** Why a relation is not replaced: each names the objects in the way and says what to do. */
import type { CatalogRelation } from '../core/catalog.ts'
import { SqlflowError } from '../core/errors.ts'
import { relationLabel } from '../core/relation.ts'
import { readStamp } from './aside-names.ts'
import type { Blocker } from './judge-dependents.ts'
import type { Build, Refusal, RelationInput } from './relation-input.ts'

/** Replacing needs our stamp on a table or view, unless it is adopted, and a role that may alter it. */
export function refuseOwner(input: RelationInput, existing: CatalogRelation): Refusal | undefined {
  const { stamp, catalog, dialect, adopt } = input
  const label = relationLabel(existing)
  const found = readStamp(existing.comment)
  if (existing.kind !== 'table' && existing.kind !== 'view') {
    return {
      code: 'not-ours',
      message: `${label} is a ${existing.kind} of the role ${existing.owner}, which this project did not build, so it is not replaced.`,
      hint: `Rename or drop it, or give the node another name with \`alias\`.`,
    }
  }
  if (found?.project !== stamp.project && adopt !== true) {
    const by = found === undefined ? 'This project did not build it' : `The project ${found.project} built it`
    return {
      code: 'not-ours',
      message: `${label} is a ${existing.kind} of the role ${existing.owner}. ${by}, so it is not replaced.`,
      hint: stamp.node.startsWith('test:')
        ? 'Rename or drop it, or give the test another name.'
        : `Rename it, or give the node another name with \`alias\`. To replace it by this node, once: \`--adopt ${stamp.node.replace(/^\w+:/, '')}\`.`,
    }
  }
  if (existing.alterable) return undefined
  return {
    code: 'not-owner',
    message: `${label} belongs to the role ${existing.owner}, and ${catalog.user} is no member of it, so it cannot be replaced.`,
    hint: `grant ${dialect.quoteIdentifier(existing.owner)} to ${dialect.quoteIdentifier(catalog.user)};`,
  }
}

export interface SwapObstacles {
  readonly existing: CatalogRelation
  readonly build: Build
  readonly attached: readonly { readonly kind: string; readonly name: string }[]
  readonly blocked: readonly Blocker[]
  /** `model:supporters` */
  readonly node: string
}

export function refuseSwap({ existing, build, attached, blocked, node }: SwapObstacles): Refusal {
  const lines = [
    ...blocked.map((one) => `  ${one.label} ${one.why}`),
    ...attached.map((one) => `  the ${one.kind} ${one.name} stands on it and would be lost`),
  ]
  return {
    code: 'swap-refused',
    message: `${relationLabel(existing)} was not replaced, and is as it was:\n${lines.join('\n')}`,
    hint: hintFor({ existing, build, attached, blocked, node }),
  }
}

function hintFor({ existing, build, attached, blocked, node }: SwapObstacles): string {
  const own = blocked.flatMap((one) => one.node ?? [])
  const rebuild = `Build ${own.map((one) => `\`${one}\``).join(', ')} in the same run: \`--select ${node.replace(/^\w+:/, '')}+\`.`
  if (own.length > 0 && own.length === blocked.length + attached.length) {
    return `${rebuild} Or drop what the project has no more.`
  }
  const change =
    existing.kind === 'table' && build.kind === 'table'
      ? 'Change or drop what is named, then build again. With the same columns as before, the table would be written in place where that is safe.'
      : 'Change or drop what is named, then build again.'
  return own.length > 0 ? `${rebuild} ${change}` : change
}

export function refusalError(reasons: readonly Refusal[]): SqlflowError {
  const [first] = reasons
  if (first === undefined) throw new Error('A refusal has a reason.')
  return new SqlflowError(first.code, reasons.map((one) => one.message).join('\n'), { hint: first.hint, exitCode: 1 })
}
