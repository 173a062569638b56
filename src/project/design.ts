/** How Redshift keeps a node, from its own keys before those of its folders; and what of it means nothing, or is unwise. */
import { warningDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { Column, Design, Materialization } from '../core/project.ts'
import { compact, listOf } from './compact.ts'
import { keyPlace, valuePlace, type Description } from './description.ts'
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

/** By materialization, what its own keys say in vain. */
const meaningless: Readonly<Record<Materialization, readonly (keyof DesignConfig)[]>> = {
  table: ['bind', 'auto_refresh'],
  view: ['dist', 'sort', 'backup', 'query_group', 'auto_refresh', 'analyze'],
  materialized_view: ['bind', 'analyze'],
  ephemeral: ['dist', 'sort', 'backup', 'bind', 'query_group', 'auto_refresh', 'analyze'],
}

const meaningTo: Partial<Record<keyof DesignConfig, Materialization>> = { bind: 'view', auto_refresh: 'materialized_view' }

/** Of keys that the node itself has; those of a folder hold for what they mean something to. */
export function checkDesign(
  description: Description<DesignConfig>,
  parts: { readonly materialized: Materialization; readonly design: Design; readonly columns: readonly Column[] },
): readonly Diagnostic[] {
  const { materialized } = parts
  const useless = meaningless[materialized].filter((key) => description.value[key] !== undefined)
  return [
    ...useless.map((key) =>
      warningDiagnostic('useless-key', `\`${key}\` means nothing to ${described[materialized]}.`, {
        at: keyPlace(description, [key]),
        hint: `Remove the line, or say \`materialized: ${meaningTo[key] ?? 'table'}\`.`,
      }),
    ),
    ...checkEncodings(description, parts),
  ]
}

const described: Readonly<Record<Materialization, string>> = {
  table: 'a table',
  view: 'a view',
  materialized_view: 'a materialized view',
  ephemeral: 'an ephemeral model, which is no relation',
}

function checkEncodings(
  description: Description<unknown>,
  {
    materialized,
    design,
    columns,
  }: { readonly materialized: Materialization; readonly design: Design; readonly columns: readonly Column[] },
): readonly Diagnostic[] {
  const encoded = columns.filter(({ encode }) => encode !== undefined)
  if (materialized !== 'table') {
    return encoded.map(({ name }) =>
      warningDiagnostic('useless-key', `\`encode\` means nothing to a column of ${described[materialized]}.`, {
        at: keyPlace(description, ['columns', name, 'encode']),
        hint: 'Remove the line, or say `materialized: table`.',
      }),
    )
  }
  const first = typeof design.sort === 'object' ? design.sort.columns[0] : undefined
  const unwise = encoded.find(({ name, encode }) => name === first && encode !== 'raw')
  if (unwise === undefined) return []
  return [
    warningDiagnostic('encoded-sort-key', `\`${unwise.name}\` comes first in \`sort\`: compressed, it lets Redshift skip fewer blocks.`, {
      at: valuePlace(description, ['columns', unwise.name, 'encode']),
      hint: 'Remove `encode`: Redshift leaves the first column of a sort key as it is.',
    }),
  ]
}
