/** `sqlflow graph`: the selected nodes as a drawing. Connects to nothing. */
import { nodeKindOf, type NodeId } from '../core/node.ts'
import { flagOption, textOption, type CommandInput } from './command.ts'
import type { CliIo, ExitCode } from './io.ts'
import { commandStyle, noteEmptyProject, openProject, selectFrom, type OpenedProject } from './open-project.ts'

export async function drawGraph(io: CliIo, input: CommandInput): Promise<ExitCode> {
  const opened = await openProject(io, input)
  noteEmptyProject(io, opened)
  const selected = selectFrom(io, input, opened)
  io.stdout.write(await draw(io, input, opened, selected))
  return 0
}

async function draw(io: CliIo, input: CommandInput, { project, linked }: OpenedProject, selected: ReadonlySet<NodeId>): Promise<string> {
  const { graph } = linked
  const format = flagOption(input.options, 'json') ? 'json' : textOption(input.options, 'format')
  const drawn = flagOption(input.options, 'tests') ? selected : withoutTests(selected)
  if (format === 'json') return (await import('../graph/draw-json.ts')).drawJson(graph, selected)
  if (format === 'mermaid') return (await import('../graph/draw-mermaid.ts')).drawMermaid(graph, drawn)
  if (format === 'dot') return (await import('../graph/draw-dot.ts')).drawDot(graph, drawn, project.name)
  const style = commandStyle(io, input.options).out
  const { drawTree } = await import('../graph/draw-tree.ts')
  return drawTree(graph, selected, { style: (text, part) => (part === 'name' ? text : style('dim', text)) })
}

/** Tests are many: drawn as nodes they would hide the rest. A selection of tests alone is drawn as it is. */
function withoutTests(selected: ReadonlySet<NodeId>): ReadonlySet<NodeId> {
  const others = new Set([...selected].filter((id) => nodeKindOf(id) !== 'test'))
  return others.size > 0 ? others : selected
}
