import { describe, expect, it } from 'vitest'
import { schedule, type ScheduleOptions, type Unit } from '../../src/runner/schedule.ts'

/** `donors < supporters pledges` is a unit and its parents; weights are 1 unless given. */
function unitsOf(texts: readonly string[], weights: Readonly<Record<string, number>> = {}): readonly Unit[] {
  return texts.map((text) => {
    const [id = '', parents = ''] = text.split(' < ')
    return { id, parents: parents === '' ? [] : parents.split(' '), weight: weights[id] ?? 1 }
  })
}

/** What happened, in order: `name` for a unit that ran, `name: culprit` for one that did not. */
async function run(
  units: readonly Unit[],
  options: Partial<Pick<ScheduleOptions<Unit>, 'threads' | 'failFast' | 'signal' | 'execute'>> = {},
): Promise<readonly string[]> {
  const told: string[] = []
  await schedule<Unit>({
    units,
    threads: 1,
    failFast: false,
    signal: new AbortController().signal,
    skip: (unit, culprit) => told.push(`${unit.id}: ${culprit ?? 'aborted'}`),
    ...options,
    execute: (unit) => {
      told.push(unit.id)
      return options.execute?.(unit) ?? Promise.resolve({})
    },
  })
  return told
}

const failing =
  (...ids: readonly string[]) =>
  (unit: Unit): Promise<{ blockedBy?: string }> =>
    Promise.resolve(ids.includes(unit.id) ? { blockedBy: unit.id } : {})

describe('schedule', () => {
  it('begins the longest remaining path first, and of equals the one that stands first', async () => {
    const units = unitsOf(['events', 'supporters', 'pledges', 'donors < pledges', 'turf < events'], { supporters: 2, donors: 5 })
    expect(await run(units)).toEqual(['pledges', 'donors', 'events', 'supporters', 'turf'])
  })

  it('names the culprit of everything that it skips, and goes on beside it', async () => {
    const units = unitsOf(['supporters', 'events', 'donors < supporters', 'scorecard < donors events', 'shifts < events'])
    expect(await run(units, { execute: failing('supporters') })).toEqual([
      'supporters',
      'events',
      'donors: supporters',
      'scorecard: supporters',
      'shifts',
    ])
  })

  it('starts nothing after the first failure when asked, and lets what runs end', async () => {
    const units = unitsOf(['supporters', 'events', 'donors < events', 'turf'])
    expect(await run(units, { threads: 2, failFast: true, execute: failing('supporters') })).toEqual([
      'events',
      'supporters',
      'donors: supporters',
      'turf: supporters',
    ])
  })

  it('starts nothing once aborted', async () => {
    const aborter = new AbortController()
    const execute = (): Promise<object> => {
      aborter.abort()
      return Promise.resolve({})
    }
    expect(await run(unitsOf(['supporters', 'donors < supporters', 'events']), { signal: aborter.signal, execute })).toEqual([
      'supporters',
      'donors: aborted',
      'events: aborted',
    ])
  })

  it('ends what runs before it throws what a unit threw', async () => {
    const ended: string[] = []
    const execute = async (unit: Unit): Promise<object> => {
      if (unit.id === 'events') throw new Error('out of shirts')
      await new Promise((resolve) => setImmediate(resolve))
      ended.push(unit.id)
      return {}
    }
    await expect(run(unitsOf(['events', 'supporters']), { threads: 2, execute })).rejects.toThrow('out of shirts')
    expect(ended).toEqual(['supporters'])
  })

  it('runs as many at once as there are threads, and no more', async () => {
    let running = 0
    let most = 0
    const execute = async (): Promise<object> => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      running--
      return {}
    }
    await run(unitsOf(['supporters', 'events', 'pledges', 'turf', 'shifts']), { threads: 3, execute })
    expect(most).toBe(3)
  })
})
