/**
 * YAML 1.2 (core schema) with the place of everything: one parse gives the values and the tree of places. Loaded only where a
 * file is new to the cache.
 */
import {
  COLLECTION_STYLE,
  constructFromEvents,
  CORE_SCHEMA,
  EVENT_ID,
  getScalarValue,
  parseEvents,
  YAMLException,
  type Event,
  type MappingEvent,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml'
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { JsonValue } from '../core/project.ts'
import type { EnvUse, Path, Place, PlacesByKey } from './document.ts'
import { findEnvUses } from './env-uses.ts'
import { scalarSegments } from './scalar-segments.ts'
import { describeYamlError } from './yaml-errors.ts'

export interface ParsedYaml {
  readonly value: JsonValue
  readonly place: Place
  readonly segments: Readonly<Record<string, readonly number[]>>
  readonly envUses: readonly EnvUse[]
  readonly diagnostics: readonly Diagnostic[]
}

const flow = COLLECTION_STYLE.FLOW

/** `start` is the offset of `text` in the file. A file of nothing but comments is null. */
export function parseYaml(file: string, text: string, start = 0): ParsedYaml {
  try {
    const events = parseEvents(text, {})
    const reader = new PlaceReader(file, text, start, events)
    const place = reader.readDocument()
    const value = reader.hasUnusableKey ? null : construct(text, events)
    const { segments, envUses, diagnostics } = reader
    return { value, place, segments, envUses, diagnostics }
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const diagnostic = describeYamlError(file, text, start, error)
    return { value: null, place: [start, start + text.length], segments: {}, envUses: [], diagnostics: [diagnostic] }
  }
}

function construct(text: string, events: Event[]): JsonValue {
  const [value] = constructFromEvents(events, { source: text, schema: CORE_SCHEMA, json: true })
  return (value ?? null) as JsonValue
}

/** Walks the events once. Its mistakes are those that js-yaml does not find, or cannot place twice. */
class PlaceReader {
  readonly segments: Record<string, readonly number[]> = {}
  readonly envUses: EnvUse[] = []
  readonly diagnostics: Diagnostic[] = []
  hasUnusableKey = false
  private readonly file: string
  private readonly text: string
  private readonly base: number
  private readonly events: readonly Event[]
  private next = 0

  constructor(file: string, text: string, base: number, events: readonly Event[]) {
    this.file = file
    this.text = text
    this.base = base
    this.events = events
  }

  readDocument(): Place {
    const whole: Place = [this.base, this.base + this.text.length]
    if (this.events[0]?.type !== EVENT_ID.DOCUMENT) return whole
    this.next = 1
    const place = this.events[1]?.type === EVENT_ID.POP ? whole : this.readNode([], this.base)
    const second = this.events.findIndex((event, index) => index > 0 && event.type === EVENT_ID.DOCUMENT)
    if (second !== -1) this.reportSecondDocument(second)
    return place
  }

  /** `after` is where an empty value stands: the end of its key. */
  private readNode(path: Path, after: number): Place {
    const event = this.events[this.next++]!
    if (event.type === EVENT_ID.MAPPING) return this.readMapping(event, path)
    if (event.type === EVENT_ID.SEQUENCE) return this.readSequence(event, path)
    if (event.type === EVENT_ID.SCALAR) return this.readScalar(event, path, after)
    if (event.type === EVENT_ID.ALIAS) return [event.anchorStart - 1 + this.base, event.anchorEnd + this.base]
    return [after, after]
  }

  private readMapping(event: MappingEvent, path: Path): Place {
    const start = event.start + this.base
    const children: Record<string, readonly [number, number, Place]> = {}
    let end = start
    while (this.events[this.next]!.type !== EVENT_ID.POP) {
      const keyEvent = this.events[this.next++]!
      const key = this.readKey(keyEvent)
      const value = this.readNode([...path, key.name], key.end)
      if (Object.hasOwn(children, key.name)) this.reportDuplicate(key, children[key.name]!)
      else Object.defineProperty(children, key.name, { value: [key.start, key.end, value], enumerable: true })
      end = Math.max(end, value[1])
    }
    this.next++
    return [start, event.style === flow ? this.afterClosing('}', end) : end, children satisfies PlacesByKey]
  }

  private readKey(event: Event): Key {
    if (event.type === EVENT_ID.SCALAR && event.valueStart !== -1) {
      return { name: getScalarValue(this.text, event), ...this.rangeOf(event) }
    }
    const start = ('start' in event ? event.start : 0) + this.base
    if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) this.skipCollection()
    this.hasUnusableKey = true
    this.diagnostics.push(
      errorDiagnostic('yaml-key', 'A key must be a word or a text.', {
        at: { file: this.file, start, end: start + 1 },
        hint: 'A value that begins with `{` or `[` must stand in quotes.',
      }),
    )
    return { name: '', start, end: start + 1 }
  }

  private skipCollection(): void {
    for (let depth = 1; depth > 0; this.next++) {
      const { type } = this.events[this.next]!
      if (type === EVENT_ID.MAPPING || type === EVENT_ID.SEQUENCE) depth++
      else if (type === EVENT_ID.POP) depth--
    }
  }

  private readSequence(event: SequenceEvent, path: Path): Place {
    const start = event.start + this.base
    const items: Place[] = []
    while (this.events[this.next]!.type !== EVENT_ID.POP) {
      items.push(this.readNode([...path, items.length], items.at(-1)?.[1] ?? start))
    }
    this.next++
    const end = items.at(-1)?.[1] ?? start
    return [start, event.style === flow ? this.afterClosing(']', end) : end, items]
  }

  /** After the last item stands nothing but quotes, blanks and a comma, then what closes the collection. */
  private afterClosing(bracket: '}' | ']', end: number): number {
    const found = this.text.indexOf(bracket, end - this.base)
    return found === -1 ? end : found + 1 + this.base
  }

  private readScalar(event: ScalarEvent, path: Path, after: number): Place {
    if (event.valueStart === -1) return [after, after]
    const { start, end } = this.rangeOf(event)
    const text = event.fast ? undefined : getScalarValue(this.text, event)
    if (text !== undefined) this.segments[start] = scalarSegments(this.text, event, text, this.base)
    const raw = this.text.slice(event.valueStart, event.valueEnd)
    if (raw.includes('${')) this.envUses.push(...findEnvUses(raw, start, path))
    if (event.style === 1 && event.fast) this.checkNumber(raw, start, end)
    return [start, end]
  }

  /** What YAML reads as a number, and what the author wrote, must be the same thing: `01` is a precinct, not 1. */
  private checkNumber(raw: string, start: number, end: number): void {
    if (!/^[-+]?\d{2,}$/.test(raw)) return
    const hasLeadingZero = /^[-+]?0\d/.test(raw)
    if (!hasLeadingZero && Number.isSafeInteger(Number(raw))) return
    this.diagnostics.push(
      errorDiagnostic('ambiguous-number', `YAML reads \`${raw}\` as the number ${String(Number(raw))}.`, {
        at: { file: this.file, start, end },
        hint: `Write '${raw}' in quotes to keep it as it is.`,
      }),
    )
  }

  private rangeOf(event: ScalarEvent): { readonly start: number; readonly end: number } {
    return { start: event.valueStart + this.base, end: event.valueEnd + this.base }
  }

  private reportDuplicate(key: Key, first: readonly [number, number, Place]): void {
    this.diagnostics.push(
      errorDiagnostic('duplicate-key', `The key \`${key.name}\` stands here a second time.`, {
        at: { file: this.file, start: key.start, end: key.end },
        hint: 'Remove one of the two, or join them.',
        related: [{ message: 'The first one is here.', at: { file: this.file, start: first[0], end: first[1] } }],
      }),
    )
  }

  private reportSecondDocument(index: number): void {
    const found = this.events.slice(index + 1).find((event) => 'start' in event || 'valueStart' in event)
    const offset = found && ('start' in found ? found.start : 'valueStart' in found ? found.valueStart : 0)
    const start = (offset ?? this.text.length) + this.base
    this.diagnostics.push(
      errorDiagnostic('yaml-documents', 'A file holds one YAML document; a second one begins here.', {
        at: { file: this.file, start, end: start + 1 },
        hint: 'Remove the line `---` that separates them.',
      }),
    )
  }
}

interface Key {
  readonly name: string
  readonly start: number
  readonly end: number
}
