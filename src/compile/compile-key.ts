/** Everything that the SQL of a node depends on, as one key: nothing that changes the SQL may be missing here. */
import { hash } from 'node:crypto'
import { nodeNameOf, type NodeId } from '../core/node.ts'
import { relationKey } from '../core/relation.ts'
import { templateDigest } from '../template/read-template.ts'
import type { Compilable } from './compilable.ts'
import type { CompilerOptions, RenderContext } from './render-context.ts'

/** The key of a node; undefined where the SQL differs from run to run. `ephemeral` finds the parents that are part of the text. */
export function compileKeys(
  { project, linked }: CompilerOptions,
  context: RenderContext,
  ephemeral: (id: NodeId) => Compilable | undefined,
): (one: Compilable) => string | undefined {
  const target = JSON.stringify(context.scope(undefined).target)
  const macroPart = remembering((name) => {
    const macro = linked.macros.get(name)
    return `${name}=${macro ? hash('sha256', JSON.stringify([macro.sql.text, macro.args]), 'base64url') : ''}`
  })
  const varPart = remembering((name) => `${name}=${JSON.stringify(project.vars[name])}`)
  const readPart = remembering<NodeId, string | undefined>((id) => {
    const inlined = ephemeral(id)
    const name = nodeNameOf(id)
    return inlined ? keyOf(inlined) : `${name}=${context.relationText(name)}`
  })
  const keyOf = ({ source, model, uses }: Compilable): string | undefined => {
    if (uses.usesRun) return undefined
    const parts = [templateDigest(source), model ? relationKey(model.relation) : '']
    for (const id of uses.reads) {
      const part = readPart(id)
      if (part === undefined) return undefined
      parts.push(part)
    }
    for (const name of uses.macros) parts.push(macroPart(name))
    for (const name of uses.vars) parts.push(varPart(name))
    for (const name of uses.envs) parts.push(`${name}=${project.env[name]?.value ?? ''}`)
    parts.push(uses.usesTarget ? target : '')
    return hash('sha256', parts.join('\0'), 'base64url')
  }
  return keyOf
}

/** Many nodes read the same macro, variable or relation. */
function remembering<N extends string, P extends string | undefined = string>(make: (name: N) => P): (name: N) => P {
  const known = new Map<N, P>()
  return (name) => {
    const before = known.get(name)
    if (before !== undefined) return before
    const part = make(name)
    known.set(name, part)
    return part
  }
}
