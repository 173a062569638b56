/** How Redshift keeps a node, from its own keys before those of its folders; and what of it means nothing, or is unwise. */
import { errorDiagnostic, warningDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { Column, Design, Materialization, PlacedName } from '../core/project.ts'
import type { Span } from '../core/span.ts'
import { compact, listOf } from './compact.ts'
import { keyPlace, valuePlace, type Description } from './description.ts'
import type { Path } from './document.ts'
import type { ModelConfig } from './schemas/nodes.ts'

export type DesignConfig = Pick<ModelConfig, 'dist' | 'sort' | 'backup' | 'bind' | 'query_group' | 'auto_refresh' | 'analyze'>

const noDesign: Design = {}

export function resolveDesign(own: DesignConfig, folder: DesignConfig): Design {
  const dist = own.dist ?? folder.dist
  const sort = own.sort ?? folder.sort
  const backup = own.backup ?? folder.backup
  const bind = own.bind ?? folder.bind
  const autoRefresh = own.auto_refresh ?? folder.auto_refresh
  const analyze = own.analyze ?? folder.analyze
  const queryGroup = own.query_group ?? folder.query_group
  if ([dist, sort, backup, bind, queryGroup, autoRefresh, analyze].every((value) => value === undefined)) return noDesign
  return compact<Design>({
    dist: dist === undefined || isStyle(dist) ? dist : { column: dist },
    sort: sort === undefined || sort === 'auto' ? sort : sortOf(sort),
    backup,
    bind,
    queryGroup,
    autoRefresh,
    analyze,
  })
}

function isStyle(dist: string): dist is 'auto' | 'even' | 'all' {
  return ['auto', 'even', 'all'].includes(dist)
}

function sortOf(sort: NonNullable<DesignConfig['sort']>): Exclude<Design['sort'], 'auto' | undefined> {
  if (typeof sort === 'object' && 'interleaved' in sort) return { columns: sort.interleaved, interleaved: true }
  return { columns: listOf(sort), interleaved: false }
}

/** The columns that `dist` and `sort` name, each where it is named; `at`: where what a folder says is told. */
export function placeKeys(description: Description<DesignConfig>, { dist, sort }: Design, at: Span): readonly PlacedName[] {
  const { value } = description
  const place = (key: 'dist' | 'sort', path: Path): Span => (value[key] === undefined ? at : valuePlace(description, [key, ...path]))
  const listed = typeof value.sort === 'string' ? [] : undefined
  const sorted = typeof sort === 'object' ? sort : { columns: [], interleaved: false }
  return [
    ...(typeof dist === 'object' ? [{ name: dist.column, at: place('dist', []) }] : []),
    ...sorted.columns.map((name, k) => ({ name, at: place('sort', listed ?? (sorted.interleaved ? ['interleaved', k] : [k])) })),
  ]
}

type Kind = Materialization | 'seed'

/** What its own keys say in vain. */
const meaningless: Readonly<Record<Kind, readonly (keyof DesignConfig)[]>> = {
  table: ['bind', 'auto_refresh'],
  seed: ['bind', 'auto_refresh'],
  view: ['dist', 'sort', 'backup', 'query_group', 'auto_refresh', 'analyze'],
  materialized_view: ['bind', 'analyze'],
  ephemeral: ['dist', 'sort', 'backup', 'bind', 'query_group', 'auto_refresh', 'analyze'],
}

const meaningTo: Partial<Record<keyof DesignConfig, Materialization>> = { bind: 'view', auto_refresh: 'materialized_view' }

const described: Readonly<Record<Kind, string>> = {
  table: 'a table',
  seed: 'a seed',
  view: 'a view',
  materialized_view: 'a materialized view',
  ephemeral: 'an ephemeral model, which is no relation',
}

interface Designed {
  readonly kind: Kind
  readonly design: Design
  readonly columns: readonly Column[]
}

/** Of keys that the node itself has; those of a folder hold for what they mean something to. */
export function checkDesign(description: Description<DesignConfig>, node: Designed): readonly Diagnostic[] {
  const { kind, columns } = node
  const useless = meaningless[kind].filter((key) => description.value[key] !== undefined)
  const encoded = columns.flatMap(({ name, encode }) => (encode === undefined ? [] : [{ name, encode }]))
  return [
    ...useless.map((key) =>
      uselessKey(description, [key], `\`${key}\` means nothing to ${described[kind]}.`, kind, meaningTo[key] ?? 'table'),
    ),
    ...(kind === 'table' || kind === 'seed'
      ? checkEncodings(description, node, encoded)
      : encoded.map(({ name }) =>
          uselessKey(
            description,
            ['columns', name, 'encode'],
            `\`encode\` means nothing to a column of ${described[kind]}.`,
            kind,
            'table',
          ),
        )),
  ]
}

function uselessKey(description: Description<unknown>, path: Path, message: string, kind: Kind, instead: Materialization): Diagnostic {
  return warningDiagnostic('useless-key', message, {
    at: keyPlace(description, path),
    hint: kind === 'seed' ? 'Remove the line.' : `Remove the line, or say \`materialized: ${instead}\`.`,
  })
}

interface EncodedColumn {
  readonly name: string
  readonly encode: string
}

/** A model is encoded by ALTER once it is built, a seed as it is created. */
function checkEncodings(
  description: Description<unknown>,
  { kind, design: { sort } }: Designed,
  encoded: readonly EncodedColumn[],
): readonly Diagnostic[] {
  if (typeof sort !== 'object') return []
  if (kind === 'table' && sort.interleaved) {
    return encoded.map(({ name }) =>
      errorDiagnostic('encoded-interleaved', `\`${name}\` cannot have an \`encode\`: the sort key of this model is interleaved.`, {
        at: keyPlace(description, ['columns', name, 'encode']),
        hint: 'Remove `encode`, or write `sort` as a list: Redshift changes no encoding of a table with an interleaved sort key.',
      }),
    )
  }
  return encoded
    .filter(({ name, encode }) => name === sort.columns[0] && encode !== 'raw')
    .map(({ name }) =>
      warningDiagnostic('encoded-sort-key', `\`${name}\` comes first in \`sort\`: compressed, it lets Redshift skip fewer blocks.`, {
        at: valuePlace(description, ['columns', name, 'encode']),
        hint: 'Remove `encode`: Redshift leaves the first column of a sort key as it is.',
      }),
    )
}
