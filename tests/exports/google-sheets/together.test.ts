/** Two runs, or a run and a person, in one spreadsheet at the same time: in every order of their calls nothing is lost and nothing stands twice. */
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callSizes } from '../../../src/exports/destinations/google-sheets/call-sizes.ts'
import { openPushGround, tinySizes, type ApiCall, type PushGround, type SheetPush, type Table } from './push-tables.ts'

let ground: PushGround
beforeAll(async () => {
  ground = await openPushGround()
})
afterAll(() => ground[Symbol.asyncDispose]())

const sizes = fc.constantFrom(callSizes, tinySizes)
const order = fc.array(fc.nat(1), { minLength: 24, maxLength: 24 })

describe('Two runs at once', () => {
  it('of one export with the same data write it once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('replace' as const, 'upsert' as const), sizes, order, async (mode, size, turns) => {
        const id = ground.create()
        const to = { mode, ...(mode === 'upsert' && { key: ['id'] }) }
        await run(id, pushOf(to, [1, 2]), 'monday')
        const push = pushOf(to, [2, 3, 4])
        await takeTurns(turns, [
          async (gate) => await run(id, push, 'a', { sizes: size, gate }),
          async (gate) => await run(id, push, 'b', { sizes: size, gate }),
        ])
        const kept = mode === 'upsert' ? [1] : []
        expect(idsOf(id)).toEqual([...kept, 2, 3, 4])
        expect(hiddenOf(id)).toEqual([])
      }),
    )
  })

  it('with other data leave the table of one of them, and readers see no mixture', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, order, async (sizeA, sizeB, turns) => {
        const id = ground.create()
        await run(id, pushOf({ mode: 'replace' }, [1]), 'monday')
        const seen = new Set<string>()
        using _watching = ground.watch(id, () => void seen.add(JSON.stringify(idsOf(id))))
        await takeTurns(turns, [
          async (gate) => await run(id, pushOf({ mode: 'replace' }, [2, 3, 4]), 'a', { sizes: sizeA, gate }),
          async (gate) => await run(id, pushOf({ mode: 'replace' }, [5, 6]), 'b', { sizes: sizeB, gate }),
        ])
        expect(['[1]', '[2,3,4]', '[5,6]']).toEqual(expect.arrayContaining([...seen]))
        expect(['[2,3,4]', '[5,6]']).toContain(JSON.stringify(idsOf(id)))
        expect(hiddenOf(id)).toEqual([])
      }),
    )
  })

  it('that append add the rows of both, each once', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, fc.boolean(), order, async (sizeA, sizeB, isFirst, turns) => {
        const id = ground.create()
        if (!isFirst) await run(id, pushOf({ mode: 'append' }, [1]), 'monday')
        await takeTurns(turns, [
          async (gate) => await run(id, pushOf({ mode: 'append' }, [2, 3]), 'a', { sizes: sizeA, gate }),
          async (gate) => await run(id, pushOf({ mode: 'append' }, [4, 5]), 'b', { sizes: sizeB, gate }),
        ])
        expect(idsOf(id).toSorted((a, b) => Number(a) - Number(b))).toEqual([...(isFirst ? [] : [1]), 2, 3, 4, 5])
        expect(hiddenOf(id)).toEqual([])
      }),
    )
  })

  it('of two exports that make two tabs make both', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, order, async (sizeA, sizeB, turns) => {
        const id = ground.create()
        const [one, other] = [pushOf({ mode: 'replace' }, [1, 2]), { ...pushOf({ mode: 'replace' }, [3]), name: 'walk_list', tab: 'Walk' }]
        await takeTurns(turns, [
          async (gate) => await run(id, one, 'a', { sizes: sizeA, gate }),
          async (gate) => await run(id, other, 'b', { sizes: sizeB, gate }),
        ])
        expect([idsOf(id), idsOf(id, 'Walk'), hiddenOf(id)]).toEqual([[1, 2], [3], []])
      }),
    )
  })
})

/** Whose answer did not come, and which another was sent for meanwhile. */
describe('A call that arrives late', () => {
  it('changes nothing any more', async () => {
    const mode = fc.constantFrom('replace' as const, 'append' as const, 'upsert' as const)
    await fc.assert(
      fc.asyncProperty(mode, sizes, fc.integer({ min: 1, max: 3 }), fc.boolean(), async (how, size, nth, isFollowed) => {
        const id = ground.create()
        const to = { mode: how, ...(how === 'upsert' && { key: ['id'] }) }
        await run(id, pushOf(to, [1, 2]), 'monday')
        let deliver = async (): Promise<void> => undefined
        const late = { nth, hold: (held: typeof deliver) => void (deliver = held) }
        await run(id, pushOf(to, how === 'append' ? [3] : [1, 2, 3]), 'tuesday', { sizes: size, late })
        expect(idsOf(id)).toEqual([1, 2, 3])
        if (isFollowed) await run(id, pushOf(to, how === 'append' ? [4] : [1, 2, 3, 4]), 'wednesday', { sizes: size })
        await deliver()
        expect(idsOf(id)).toEqual(isFollowed ? [1, 2, 3, 4] : [1, 2, 3])
        await run(id, pushOf(to, how === 'append' ? [3] : [1, 2, 3], 'new'), 'tuesday', { sizes: size })
        expect(hiddenOf(id)).toEqual([])
      }),
    )
  })
})

/** A person acts whenever cells are read: what is done after the last look before a commit no program can see. */
describe('A person in the sheet while it is written', () => {
  it('who sorts it keeps notes beside their rows in upsert', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1, max: 6 }), async (size, moment) => {
        const id = ground.create()
        const to = { mode: 'upsert' as const, key: ['id'] }
        await run(id, pushOf(to, [1, 2, 3]), 'monday')
        type(id, 'C1', ['Notes'], ['one'], ['two'], ['three'])
        await run(id, pushOf(to, [1, 2, 3, 4], 'new'), 'tuesday', {
          sizes: size,
          gate: onRead(moment, () =>
            type(id, 'A1', ['id', 'name', 'Notes'], [3, 'old 3', 'three'], [1, 'old 1', 'one'], [2, 'old 2', 'two']),
          ),
        })
        const [header, ...rows] = ground.emulator.values(id, 'Turf')
        expect(header).toEqual(['id', 'name', 'Notes'])
        const byId = rows.toSorted((a, b) => Number(a[0]) - Number(b[0]))
        expect(byId).toEqual([
          [1, 'new 1', 'one'],
          [2, 'new 2', 'two'],
          [3, 'new 3', 'three'],
          [4, 'new 4'],
        ])
      }),
    )
  })

  it('who adds a row keeps it in append', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1, max: 6 }), async (size, moment) => {
        const id = ground.create()
        await run(id, pushOf({ mode: 'append' }, [1]), 'monday')
        let added = false
        await run(id, pushOf({ mode: 'append' }, [2, 3]), 'tuesday', {
          sizes: size,
          gate: onRead(moment, () => {
            added = true
            type(id, 'A3', ['mine', 'typed'])
          }),
        })
        expect(idsOf(id)).toEqual(added ? [1, 'mine', 2, 3] : [1, 2, 3])
      }),
    )
  })
})

function pushOf(to: SheetPush['to'], ids: readonly number[], word = 'old'): SheetPush {
  const table: Table = {
    columns: [
      { name: 'id', type: 'integer' },
      { name: 'name', type: 'text' },
    ],
    rows: ids.map((id) => [
      { sql: String(id), cell: id },
      { sql: `${word} ${id}`, cell: `${word} ${id}` },
    ]),
  }
  return { name: 'turf_sheet', tab: 'Turf', table, to }
}

async function run(id: string, push: SheetPush, name: string, more: Partial<Parameters<PushGround['push']>[1]> = {}): Promise<void> {
  await ground.push(id, { pushes: [push], run: name, ...more })
}

function idsOf(id: string, tab = 'Turf'): readonly unknown[] {
  const tabs = ground.emulator.snapshot(id).tabs.map(({ title }) => title)
  return tabs.includes(tab)
    ? ground.emulator
        .values(id, tab)
        .slice(1)
        .map(([first]) => first)
    : []
}

function hiddenOf(id: string): readonly string[] {
  return ground.emulator.snapshot(id).tabs.flatMap(({ hidden, title }) => (hidden ? [title] : []))
}

/** Acts once, as the nth call arrives, or the first after it that reads. */
function onRead(moment: number, act: () => void): (call: ApiCall) => Promise<void> {
  let calls = 0
  let isDone = false
  return async (call) => {
    if (++calls < moment || isDone || call === 'batchUpdate') return
    isDone = true
    act()
  }
}

/** One of the actors goes on at a time, up to its next call; `turns` tells which. */
async function takeTurns(turns: readonly number[], actors: readonly ((gate: () => Promise<void>) => Promise<void>)[]): Promise<void> {
  const waiting = new Map<number, () => void>()
  let living = actors.length
  let turn = 0
  const goOn = (): void => {
    if (living === 0 || waiting.size < living) return
    const ready = [...waiting.keys()].toSorted((a, b) => a - b)
    const chosen = ready[(turns[turn++] ?? 0) % ready.length]!
    const release = waiting.get(chosen)!
    waiting.delete(chosen)
    release()
  }
  await Promise.all(
    actors.map(async (actor, k) => {
      const gate = async (): Promise<void> =>
        await new Promise((resolve) => {
          waiting.set(k, resolve)
          goOn()
        })
      try {
        await actor(gate)
      } finally {
        living--
        goOn()
      }
    }),
  )
}

/** Rows of cells as somebody types them from a cell on. */
function type(id: string, from: string, ...rows: readonly (readonly (string | number)[])[]): void {
  const { sheetId } = ground.emulator.snapshot(id).tabs.find(({ title }) => title === 'Turf')!
  const [column, row] = [from.charCodeAt(0) - 65, Number(from.slice(1)) - 1]
  const { rowCount, columnCount } = ground.emulator.snapshot(id).tabs.find(({ title }) => title === 'Turf')!
  const grow = (dimension: string, length: number): readonly object[] =>
    length > 0 ? [{ appendDimension: { sheetId, dimension, length } }] : []
  const width = Math.max(...rows.map((cells) => cells.length))
  ground.emulator.edit(id, [
    ...grow('ROWS', row + rows.length - rowCount),
    ...grow('COLUMNS', column + width - columnCount),
    {
      updateCells: {
        range: { sheetId, startRowIndex: row, endRowIndex: row + rows.length, startColumnIndex: column, endColumnIndex: column + width },
        rows: rows.map((cells) => ({
          values: cells.map((cell) => ({ userEnteredValue: typeof cell === 'number' ? { numberValue: cell } : { stringValue: cell } })),
        })),
        fields: 'userEnteredValue',
      },
    },
  ])
}
