/**
 * From Handlebars' tree to a Template. What Handlebars can parse and the language does not have (decorators other than
 * inline partials, literals as tags, arguments to a property) is a diagnostic here.
 */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { toSpan, type SqlSource } from '../core/span.ts'
import type { Place, TreeBlock, TreeCall, TreeExpression, TreeHash, TreePath, TreeProgram, TreeStatement } from './handlebars-tree.ts'
import type { Body, Call, Expression, Hash, HashPair, Path, Statement } from './program.ts'
import { toStatements, type PrintStatement } from './simple-tags.ts'

export interface Building {
  readonly source: SqlSource
  readonly diagnostics: Diagnostic[]
  /** Tags that are text to Handlebars. */
  readonly simple: readonly PrintStatement[]
}

export function buildBody(building: Building, program: TreeProgram): Body {
  const inlines: Statement[] = []
  const body: Statement[] = []
  for (const node of program.body) {
    if (node.type === 'ContentStatement') {
      body.push(...buildText(building, node))
      continue
    }
    const statement = buildStatement(building, node)
    if (statement === undefined) continue
    if (statement[0] === 'inline') inlines.push(statement)
    else body.push(statement)
  }
  return inlines.length === 0 ? body : [...inlines, ...body]
}

type TreeText = Extract<TreeStatement, { type: 'ContentStatement' }>

function buildStatement(building: Building, node: Exclude<TreeStatement, TreeText>): Statement | undefined {
  switch (node.type) {
    case 'CommentStatement':
      return undefined
    case 'MustacheStatement':
      return ['print', node.loc.start, node.loc.end, buildCallOrPath(building, node)]
    case 'BlockStatement':
      return buildBlock(building, node)
    case 'DecoratorBlock':
      return buildInline(building, node)
    case 'Decorator':
      return refuse(
        building,
        node.loc,
        'Decorators (`{{* ...}}`) have no meaning here.',
        'An inline partial is written {{#*inline "name"}}...{{/inline}}.',
      )
    case 'PartialStatement':
      return buildPartial(building, node, node.indent, null)
    case 'PartialBlockStatement':
      return buildPartial(building, node, '', buildBody(building, node.program))
    default:
      return node satisfies never
  }
}

/** `value` is what whitespace control left of `original`; white space alone was taken, at either end. */
function buildText({ simple }: Building, { value, original, loc }: TreeText): readonly Statement[] {
  if (value === '') return []
  const start = loc.start + (value.length === original.length ? 0 : original.indexOf(value))
  return toStatements(start, start + value.length, simple)
}

function buildBlock(building: Building, node: TreeBlock): Statement {
  const { program, inverse } = node
  const call = buildCallOrPath(building, node)
  return [
    'block',
    call,
    program?.blockParams ?? [],
    program ? buildBody(building, program) : [],
    inverse ? buildBody(building, inverse) : null,
  ]
}

function buildInline(building: Building, node: TreeBlock): Statement | undefined {
  const [name, ...rest] = node.params
  const isInline = node.path.type === 'PathExpression' && node.path.original === 'inline'
  if (!isInline || name?.type !== 'StringLiteral' || rest.length > 0 || node.hash)
    return refuse(building, callPlace(node), 'An inline partial is written {{#*inline "name"}}...{{/inline}}.')
  return ['inline', name.value, node.program ? buildBody(building, node.program) : []]
}

type TreePartial = Extract<TreeStatement, { type: 'PartialStatement' | 'PartialBlockStatement' }>

function buildPartial(building: Building, node: TreePartial, indent: string, body: Body | null): Statement {
  const [context, ...rest] = node.params
  if (rest[0]) refuse(building, rest[0].loc, 'A partial takes one context, and values by name.', 'Write {{> name key=value}}.')
  const name = partialName(building, node.name)
  const given = context ? buildExpression(building, context) : null
  return ['partial', node.loc.start, node.loc.end, name, given, buildHash(building, node.hash), indent, body]
}

function partialName(building: Building, name: TreeExpression): string | Expression {
  if (name.type === 'PathExpression') return name.original
  if (name.type === 'StringLiteral' || name.type === 'NumberLiteral') return String(name.value)
  return buildExpression(building, name)
}

/** What stands in `{{...}}` or `{{#...}}`: a path alone, or a call with arguments. */
function buildCallOrPath(building: Building, node: TreeCall): Path | Call {
  const { path, params, hash } = node
  const place = callPlace(node)
  if (path.type !== 'PathExpression') {
    building.diagnostics.push(literalTag(building.source, node.loc))
    return ['name', place.start, place.end, '', []]
  }
  return params.length === 0 && !hash ? buildPath(path) : buildCall(building, node, place)
}

function literalTag(source: SqlSource, { start, end }: Place): Diagnostic {
  const hint = 'Write `\\{{` for two braces that are SQL.'
  return errorDiagnostic('braces-in-sql', 'A literal alone in braces has no meaning.', { at: toSpan(source, start, end), hint })
}

function callPlace({ path, params, hash }: TreeCall): Place {
  const last = hash?.pairs.at(-1) ?? params.at(-1) ?? path
  return { start: path.loc.start, end: Math.max(last.loc.end, params.at(-1)?.loc.end ?? 0) }
}

function buildCall(building: Building, { path, params, hash }: TreeCall, place: Place): Call {
  return [
    'call',
    place.start,
    place.end,
    callName(building, path),
    params.map((param) => buildExpression(building, param)),
    buildHash(building, hash),
  ]
}

function callName(building: Building, path: TreeExpression): string {
  if (path.type === 'PathExpression') {
    if (!path.data && path.parts.length === 1 && !isScoped(path)) return path.parts[0]!
    refuse(building, path.loc, `\`${path.original}\` is a value and takes no arguments.`)
  } else refuse(building, path.loc, 'The name of a macro or of a built-in word belongs here.', 'A list is written (list 1 2).')
  return ''
}

function buildExpression(building: Building, node: TreeExpression): Expression {
  switch (node.type) {
    case 'PathExpression':
      return buildPath(node)
    case 'SubExpression':
      return buildCall(building, node, node.loc)
    case 'UndefinedLiteral':
      refuse(building, node.loc, '`undefined` is no value.', 'Write `null`.')
      return ['value', node.loc.start, node.loc.end, null]
    case 'NullLiteral':
      return ['value', node.loc.start, node.loc.end, null]
    case 'StringLiteral':
    case 'NumberLiteral':
    case 'BooleanLiteral':
      return ['value', node.loc.start, node.loc.end, node.value]
    default:
      return node satisfies never
  }
}

function buildPath(path: TreePath): Path {
  const { start, end } = path.loc
  const [head, ...rest] = path.parts
  if (path.data) return ['data', start, end, head ?? '', rest, path.depth]
  if (head === undefined || isScoped(path)) return ['this', start, end, path.depth, path.parts]
  return ['name', start, end, head, rest]
}

/** `this.x`, `./x`, `../x`: from the context, whatever the scopes hold. `[this]` is a property of that name. */
function isScoped({ depth, original, parts }: TreePath): boolean {
  return depth > 0 || original.startsWith('.') || (/^this[./]/.test(original) && parts[0] !== 'this') || parts.length === 0
}

function buildHash(building: Building, hash: TreeHash | undefined): Hash {
  if (!hash) return []
  const seen = new Set<string>()
  return hash.pairs.map(({ key, value, loc }): HashPair => {
    if (seen.has(key)) refuse(building, loc, `\`${key}\` is given twice.`)
    seen.add(key)
    return [loc.start, loc.end, key, buildExpression(building, value)]
  })
}

function refuse({ source, diagnostics }: Building, { start, end }: Place, message: string, hint?: string): undefined {
  diagnostics.push(errorDiagnostic('bad-template', message, { at: toSpan(source, start, end), hint }))
  return undefined
}
