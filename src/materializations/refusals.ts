/** Why a relation is not replaced: each names the objects in the way and says what to do. */
import type { CatalogRelation } from '../core/catalog.ts'
import { SqlflowError } from '../core/errors.ts'
import { relationLabel } from '../core/relation.ts'
import { readStamp } from './aside-names.ts'
import type { Blocker } from './judge-dependents.ts'
import { type Build, type BuiltAside, type Refusal, type RelationInput, spellType } from './relation-input.ts'

/** Replacing needs our stamp on a table or view, unless it is adopted, and a role that may alter it. */
export function refuseOwner(input: RelationInput, existing: CatalogRelation): Refusal | undefined {
  const { stamp, catalog, dialect, adopt } = input
  const label = relationLabel(existing)
  const found = readStamp(existing.comment)
  if (!isBuildable(existing.kind)) {
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

function isBuildable(kind: CatalogRelation['kind']): kind is Build['kind'] {
  return kind === 'table' || kind === 'view' || kind === 'materialized view'
}

/** What `swap: in_place` cannot do: it keeps the table that stands, with its columns. */
export function refuseInPlace({ existing, built }: { readonly existing: CatalogRelation; readonly built: BuiltAside }): Refusal {
  const columns = existing.kind === 'table' ? columnChanges(existing, built) : []
  const others = existing.dependents.flatMap((one) => (one.kind === 'other' && !one.toleratesRewrite ? [one.label] : []))
  const attached = existing.attachments.filter((one) => one.blocksInserts).map((one) => `the ${one.kind} ${one.name}`)
  const lines = [
    ...(existing.kind === 'table' ? [] : [`it is a ${existing.kind}, which holds no rows`]),
    ...columns,
    ...[...others, ...attached].map((name) => `${name} would not survive that its rows are deleted and inserted`),
  ]
  const swappable = others.length === 0 && attached.length === 0
  return {
    code: 'swap-refused',
    message: `${relationLabel(existing)} was not written in place, as \`swap: in_place\` says, and is as it was:\n${lines.map((line) => `  ${line}`).join('\n')}`,
    hint: swappable
      ? 'Build it once with `--full-refresh`, which swaps it: to transactions that began before, it is empty then.'
      : 'Change or drop what is named, then build again.',
  }
}

function columnChanges(existing: BuiltAside, built: BuiltAside): readonly string[] {
  const before = new Map(existing.columns.map((column) => [column.name, spellType(column)]))
  const after = new Map(built.columns.map((column) => [column.name, spellType(column)]))
  const changes = [
    ...[...before].flatMap(([name, was]) => {
      const is = after.get(name)
      if (is === undefined) return [`the column ${name} is not in the new version`]
      return is === was ? [] : [`the column ${name} changes from ${was} to ${is}`]
    }),
    ...[...after.keys()].filter((name) => !before.has(name)).map((name) => `the column ${name} is new`),
  ]
  const sameOrder = existing.columns.every(({ name }, index) => built.columns[index]?.name === name)
  return changes.length > 0 || sameOrder ? changes : ['its columns stand in another order']
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
  const change = `Change or drop what is named, then build again${attached.length === 0 ? droppingFlags(blocked) : ''}.`
  const advice =
    existing.kind === 'table' && build.kind === 'table'
      ? `${change} With the same columns as before, the table would be written in place where that is safe.`
      : change
  return own.length > 0 ? `${rebuild} ${advice}` : advice
}

/** Where each thing in the way can be named. */
function droppingFlags(blocked: readonly Blocker[]): string {
  const names = blocked.map(({ label }) => /^(?:view|materialized view|function|procedure) (.+)$/.exec(label)?.[1])
  if (names.includes(undefined)) return ''
  const flags = names.map((name) => `--drop-dependents ${/[^\w.]/.test(name!) ? `'${name}'` : name}`).join(' ')
  return `; \`${flags}\` drops ${names.length === 1 ? 'it' : 'them'} in the same transaction`
}

export function refusalError(reasons: readonly Refusal[]): SqlflowError {
  const [first] = reasons
  if (first === undefined) throw new Error('A refusal has a reason.')
  return new SqlflowError(first.code, reasons.map((one) => one.message).join('\n'), { hint: first.hint, exitCode: 1 })
}
