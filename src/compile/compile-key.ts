/** Everything that the SQL of a node depends on, as one key: nothing that changes the SQL may be missing here. */
import { hash } from 'node:crypto'
import type { NodeId } from '../core/node.ts'
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
  const keys = new Map<NodeId, string | undefined>()
  const macroDigests = new Map<string, string>()
  const target = JSON.stringify(context.scope(undefined).target)

  const macroDigest = (name: string): string => {
    let digest = macroDigests.get(name)
    if (digest === undefined) {
      const macro = linked.macros.get(name)
      digest = macro ? hash('sha256', JSON.stringify([macro.sql.text, macro.args]), 'base64url') : ''
      macroDigests.set(name, digest)
    }
    return `${name}=${digest}`
  }
  const dependency = (id: NodeId): string | undefined => {
    const inlined = ephemeral(id)
    const name = id.slice(id.indexOf(':') + 1)
    return inlined ? keyOf(inlined) : `${name}=${context.relationText(name)}`
  }
  const computeKey = ({ source, model, uses }: Compilable): string | undefined => {
    if (uses.usesRun) return undefined
    const dependencies = [...uses.refs, ...uses.sources].map(dependency)
    if (dependencies.includes(undefined)) return undefined
    const parts = [
      templateDigest(source),
      model ? relationKey(model.relation) : '',
      ...dependencies,
      ...uses.macros.map(macroDigest),
      ...uses.vars.map((name) => `${name}=${JSON.stringify(project.vars[name])}`),
      ...uses.envs.map((name) => `${name}=${project.env[name]?.value ?? ''}`),
      uses.usesTarget ? target : '',
    ]
    return hash('sha256', parts.join('\0'), 'base64url')
  }
  const keyOf = (one: Compilable): string | undefined => {
    if (!keys.has(one.id)) keys.set(one.id, computeKey(one))
    return keys.get(one.id)
  }
  return keyOf
}
