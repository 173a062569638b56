import { textOption, type CommandSpec } from '../command.ts'
import { outputOptions, projectOptions, selectionOptions, selectorsArgument } from '../shared-options.ts'

export const listCommand: CommandSpec = {
  name: 'list',
  group: 'Inspect',
  summary: 'List nodes, with the relations that they resolve to',
  description:
    'Shows what a selector selects before anything runs. Nothing is connected to, unless orphans are asked for. A table that is too wide for the terminal leaves out files and tags; through a pipe it is whole.',
  argument: selectorsArgument,
  options: [
    {
      flags: '--format <format>',
      description: 'what to print of each node',
      choices: ['table', 'names', 'paths', 'json'],
      default: 'table',
    },
    { flags: '--resource-type <kind...>', description: 'keep these kinds alone', choices: ['source', 'seed', 'model', 'test', 'export'] },
    {
      flags: '--orphans',
      description: 'list relations of the warehouse that this project built in the target and no node builds any more; connects',
    },
    ...selectionOptions,
    ...projectOptions,
    ...outputOptions,
  ],
  examples: [
    { command: 'sqlflow list', explains: 'everything in the project' },
    { command: 'sqlflow list tag:nightly --exclude stg_*', explains: 'what the nightly run would touch' },
    { command: 'sqlflow list --resource-type model --format names', explains: 'for a shell script' },
    { command: 'sqlflow list --orphans', explains: 'what renamed and deleted nodes left in the warehouse' },
  ],
  json: 'One node a line: `{ id, kind, name, what, relation?, file, tags, parents, description?, owner? }`. `what` is a materialization, a test or a destination. With --orphans one relation a line: `{ relation, schema, name, kind, node, leftBehind, dependents }`.',
  run: async (io, input) => {
    if (input.options['orphans'] === true) return (await import('../own-relations-action.ts')).listOrphans(io, input)
    const { openProject, selectFrom, commandStyle, noteEmptyProject } = await import('../open-project.ts')
    const { columnsOf } = await import('../io.ts')
    const { describeNode, renderNodeList } = await import('../render-node-list.ts')
    const opened = await openProject(io, input)
    noteEmptyProject(io, opened)
    const selected = selectFrom(io, input, opened)
    const { graph } = opened.linked
    const kinds = input.options['resourceType']
    const wanted = Array.isArray(kinds) ? new Set(kinds.map(String)) : undefined
    const nodes = graph.order
      .filter((id) => selected.has(id))
      .map((id) => graph.nodes.get(id)!)
      .filter((node) => !wanted || wanted.has(node.kind))
      .map(describeNode)
    const format = input.options['json'] === true ? 'json' : (textOption(input.options, 'format') ?? 'table')
    const terminal = columnsOf(io.stdout)
    io.stdout.write(renderNodeList(nodes, { format, style: commandStyle(io, input.options).out, terminal }))
    return 0
  },
}
