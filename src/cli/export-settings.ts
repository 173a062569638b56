/** How exports are delivered in this run: by which account, under which name, with which flags. */
import { SqlflowError } from '../core/errors.ts'
import { didYouMean } from '../core/nearest-name.ts'
import { nodeId, type NodeId } from '../core/node.ts'
import type { ExportSettings, SheetDelivery } from '../runner/sheet-delivery.ts'
import { flagOption, type CommandInput } from './command.ts'
import { googleFinder, sheetsEndpoint } from './find-google.ts'
import type { CliIo } from './io.ts'
import type { OpenedProject } from './open-project.ts'

interface Delivering {
  readonly selected: ReadonlySet<NodeId>
  /** Names given to `--adopt` that are exports. */
  readonly adoptExports: ReadonlySet<string>
}

/** Throws SqlflowError `no-google-account` where a live export has nobody to write it. */
export async function exportSettings(
  io: CliIo,
  { options }: CommandInput,
  opened: OpenedProject,
  { selected, adoptExports }: Delivering,
): Promise<ExportSettings> {
  const planOnly = flagOption(options, 'plan')
  return {
    sheets: await chooseDelivery(io, opened, { selected, planOnly }),
    adoptExports,
    force: flagOption(options, 'force'),
    planOnly,
  }
}

interface Choosing {
  readonly selected: ReadonlySet<NodeId>
  readonly planOnly: boolean
}

const nobody: SheetDelivery = { kind: 'workbook', why: 'no account of Google is configured' }

async function chooseDelivery(io: CliIo, { project, linked }: OpenedProject, { selected, planOnly }: Choosing): Promise<SheetDelivery> {
  const writesSheets = [...selected].some((id) => {
    const node = linked.graph.nodes.get(id)
    return node?.kind === 'export' && node.export.destination.type === 'google_sheets'
  })
  const { target } = project
  if (!writesSheets || target.exports === 'off') return nobody
  if (target.exports === 'preview' && !planOnly) return { kind: 'workbook', why: `target ${target.name} is not live` }
  const open = await googleFinder(io, project)()
  if (!open) {
    if (target.type === 'pglite' && !planOnly) return nobody
    const { noGoogleAccount } = await import('../exports/destinations/google-sheets/find-account.ts')
    throw noGoogleAccount()
  }
  const endpoint = sheetsEndpoint(io, project)
  return { kind: 'live', open, linkBase: endpoint === undefined ? 'https://docs.google.com/' : endpoint.replace(/\/*$/, '/') }
}

/** Splits what `--adopt` names into exports and relations. Throws SqlflowError `nothing-to-adopt` for an export that is not selected. */
export function adoptedExports(
  names: readonly string[],
  { linked }: Pick<OpenedProject, 'linked'>,
  selected: ReadonlySet<NodeId>,
): { readonly exports: ReadonlySet<string>; readonly others: readonly string[] } {
  const exports = names.filter(
    (name) => linked.graph.nodes.get(nodeId('export', name)) !== undefined && !linked.graph.nodes.has(nodeId('model', name)),
  )
  const unselected = exports.find((name) => !selected.has(nodeId('export', name)))
  if (unselected !== undefined) {
    throw new SqlflowError('nothing-to-adopt', `\`--adopt ${unselected}\` names an export that this command does not write.`, {
      hint: 'Select it too, or leave the flag out.',
    })
  }
  return { exports: new Set(exports), others: names.filter((name) => !exports.includes(name)) }
}

/** `export --adopt` names exports alone. Throws SqlflowError `unknown-node`. */
export function refuseOtherNames(others: readonly string[], { linked }: Pick<OpenedProject, 'linked'>): void {
  const [name] = others
  if (name === undefined) return
  const known = [...linked.graph.nodes.values()].filter(({ kind }) => kind === 'export').map((node) => node.name)
  throw new SqlflowError('unknown-node', `There is no export \`${name}\` that could adopt a tab.`, { hint: didYouMean(name, known) })
}
