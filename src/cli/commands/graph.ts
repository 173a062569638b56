import type { CommandSpec } from '../command.ts'
import { outputOptions, projectOptions, selectionOptions, selectorsArgument } from '../shared-options.ts'

export const graphCommand: CommandSpec = {
  name: 'graph',
  group: 'Inspect',
  summary: 'Draw the dependency graph',
  description: 'Prints a tree for a terminal, or text for a program that draws: Mermaid, Graphviz, JSON. Nothing is connected to.',
  argument: selectorsArgument,
  options: [
    { flags: '--format <format>', description: 'how to draw it', choices: ['tree', 'mermaid', 'dot', 'json'], default: 'tree' },
    { flags: '--tests', description: 'draw tests too, in Mermaid and DOT (the tree counts them)' },
    ...selectionOptions,
    ...projectOptions,
    ...outputOptions,
  ],
  examples: [
    { command: 'sqlflow graph', explains: 'the whole project as a tree' },
    { command: 'sqlflow graph +turf_list', explains: 'what turf_list is made from' },
    { command: 'sqlflow graph --format mermaid > graph.mmd', explains: 'for a README or a pull request' },
    { command: 'sqlflow graph --format dot | dot -Tsvg > graph.svg', explains: 'as a picture, by Graphviz' },
  ],
  json: 'One document: `{ version, nodes, edges }`; [selectors.md](selectors.md) has its shape.',
  run: async (io, input) => (await import('../graph-action.ts')).drawGraph(io, input),
}
