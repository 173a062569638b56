/** Every use of a name in a template: found by what templates use, in every branch, and replaced where it stands, quotes kept. */
import type { ContentCache } from '../core/content-cache.ts'
import { toFileOffset, toSpan } from '../core/span.ts'
import { templatesOf, type WrittenFile, type WrittenTemplate } from '../project/written-files.ts'
import { readTemplate } from '../template/read-template.ts'
import type { RenameFindings, RenameTarget } from './rename-target.ts'

export function renameInTemplates(file: WrittenFile, target: RenameTarget, cache: ContentCache, findings: RenameFindings): void {
  for (const template of templatesOf(file)) renameInTemplate(file, template, target, cache, findings)
}

function renameInTemplate(
  file: WrittenFile,
  { source, locals }: WrittenTemplate,
  target: RenameTarget,
  cache: ContentCache,
  findings: RenameFindings,
): void {
  const { kind, from } = target
  const { facts, diagnostics } = readTemplate(source, cache)
  const isRead = kind === 'model' || kind === 'seed' || kind === 'source'
  if (isRead) findings.diagnostics.push(...diagnostics.filter(({ code }) => code === 'computed-name'))
  /** `end` is where the name ends. */
  const replace = (name: string, end: number, to: string): void => {
    const start = toFileOffset(source, end - name.length)
    findings.replace(file, { file: file.file, start, end: start + name.length }, name, to)
  }
  if (kind === 'model' || kind === 'seed') {
    for (const use of facts.refs) if (use.name === from) replace(from, use.end - 1, target.to)
  } else if (kind === 'source') {
    for (const use of facts.sources) if (use.name === from) replace(tableOf(from), use.end - 1, tableOf(target.to))
  } else if (kind === 'macro' && !locals.has(from)) {
    for (const use of facts.names) {
      if (use.name !== from) continue
      const at = toSpan(source, use.start, use.end)
      if (use.maybe === true) {
        findings.refuse(
          at,
          `\`${from}\` may be the macro here, or a property of the item of the loop.`,
          `Write {{this.${from}}} for the property, or name the item: {{#each list as |item|}}.`,
        )
      } else replace(from, use.end, target.to)
    }
  }
}

/** `contacts`, of `van.contacts`. */
export function tableOf(source: string): string {
  return source.slice(source.indexOf('.') + 1)
}
