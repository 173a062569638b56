import { textOption, type CommandSpec } from '../command.ts'
import { outputOptions, projectOptions, selectionOptions, selectorsArgument } from '../shared-options.ts'

export const graphCommand: CommandSpec = {
  name: 'graph',
  group: 'Inspect',
  summary: 'Draw the dependency graph',
  description: 'Prints a tree for a terminal, or text for a program that draws: Mermaid, Graphviz, JSON. Nothing is connected to.',
  argument: selectorsArgument,
  options: [
    { flags: '--format <format>', description: 'how to draw it', choices: ['tree', 'mermaid', 'dot', 'json'], default: 'tree' },
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
  run: async (io, input) => {
    const { openProject, selectFrom, commandStyle } = await import('../open-project.ts')
    const opened = await openProject(io, input)
    const selected = selectFrom(io, input, opened)
    const { graph } = opened.linked
    switch (input.options['json'] === true ? 'json' : textOption(input.options, 'format')) {
      case 'mermaid':
        io.stdout.write((await import('../../graph/draw-mermaid.ts')).drawMermaid(graph, selected))
        break
      case 'dot':
        io.stdout.write((await import('../../graph/draw-dot.ts')).drawDot(graph, selected, opened.project.name))
        break
      case 'json':
        io.stdout.write((await import('../../graph/draw-json.ts')).drawJson(graph, selected))
        break
      default: {
        const style = commandStyle(io, input.options).out
        const { drawTree } = await import('../../graph/draw-tree.ts')
        io.stdout.write(drawTree(graph, selected, { style: (text, part) => (part === 'name' ? text : style('dim', text)) }))
      }
    }
    return 0
  },
}
