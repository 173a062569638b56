/**
 * A process of `sqlflow export` dies at each of its calls: before it was applied, after it was applied and before its answer, or by Ctrl-C. What
 * readers see is whole, and a run afterwards makes it right.
 */
import { describe, expect, it } from 'vitest'
import { createProject, type CliProject } from '../../support/cli.ts'
import { startSheets, type Sheets } from '../../support/sheets.ts'
import { sheetId } from './sheet-project.ts'

interface Case {
  /** Keys under `google_sheets:`. */
  readonly to: string
  /** Rows of the first and of the second export; many are staged. */
  readonly rows: readonly [number, number]
}

/** Rows of two kilobytes that are more than one commit takes; three times as many are more than one append does. */
const large = 1300
const modes: Readonly<Record<string, Case>> = {
  replace: { to: 'tab: Turf', rows: [3, 5] },
  append: { to: 'tab: Turf, mode: append', rows: [3, 2] },
  upsert: { to: 'tab: Turf, mode: upsert, key: id', rows: [3, 5] },
  snapshot: { to: 'tab: "Turf {date}", mode: snapshot, keep: 1, time_zone: UTC', rows: [3, 5] },
  'replace of a table that is staged': { to: 'tab: Turf', rows: [3, large] },
  'append of rows that are staged': { to: 'tab: Turf, mode: append', rows: [3, 3 * large] },
  'upsert of a table that is staged': { to: 'tab: Turf, mode: upsert, key: id', rows: [3, large] },
}

type Ending = 'killed before' | 'killed after' | 'interrupted'

/** What Google has after a kill before one call is what it has after a kill after the call before, so large tables are tried in one of the two ways. */
function endingsOf(mode: string): readonly Ending[] {
  if (!mode.includes('staged')) return ['killed before', 'killed after', 'interrupted']
  return mode.startsWith('replace') ? ['killed after', 'interrupted'] : ['killed after']
}

describe.each(Object.entries(modes))('%s', (name, one) => {
  it.each(endingsOf(name))('is right after it was %s each of its calls, and run again', { timeout: 600_000 }, async (ending) => {
    await using ground = await openGround(one)
    const { old, next } = ground
    const found: object[] = []
    for (let call = 1; ; call++) {
      ground.reset()
      const ended = await ground.runUntil(call, ending)
      if (ended === 'finished') break
      const isWhole = [old, next].includes(ground.look())
      const again = await ground.again()
      found.push({
        call,
        exitCode: ended.exitCode,
        isWhole,
        again: again.exitCode,
        isRight: ground.look() === next,
        hidden: ground.hidden(),
      })
    }
    const exitCode = ending === 'interrupted' ? 130 : null
    expect(found.length).toBeGreaterThan(1)
    expect(found).toEqual(found.map((_, k) => ({ call: k + 1, exitCode, isWhole: true, again: 0, isRight: true, hidden: [] })))
  })
})

interface Ground extends AsyncDisposable {
  /** What readers see before and after the second export. */
  readonly old: string
  readonly next: string
  readonly reset: () => void
  readonly runUntil: (call: number, ending: Ending) => Promise<'finished' | { readonly exitCode: number | null }>
  readonly again: () => Promise<{ readonly exitCode: number | null }>
  readonly look: () => string
  readonly hidden: () => readonly string[]
}

async function openGround({ to, rows: [before, after] }: Case): Promise<Ground> {
  const stack = new AsyncDisposableStack()
  const sheets = stack.use(await startSheets())
  const { emulator, env } = sheets
  emulator.createSpreadsheet({ id: sheetId, title: 'Field plan', sharedWith: [emulator.serviceAccount().client_email] })
  const project = stack.use(
    await createProject('postgres', { target: 'exports: live', files: { 'exports/turf_sheet.yml': exportOf(to, before, 1) } }),
  )
  const run = async (id: string, now?: Date): ReturnType<CliProject['run']> =>
    await project.run(['export', '--run-id', id], { env, ...(now && { now }) })
  const look = (): string => lookAt(sheets)
  expect(await run('monday', new Date(Date.now() - 86_400_000))).toMatchObject({ exitCode: 0 })
  const start = emulator.store.get(sheetId)
  const old = look()
  project.write({ 'exports/turf_sheet.yml': exportOf(to, after, 2) })
  expect(await run('tuesday')).toMatchObject({ exitCode: 0 })
  const next = look()
  expect(next).not.toBe(old)
  let onCall: (() => void) | undefined
  emulator.onRequest(() => onCall?.())
  return {
    old,
    next,
    look,
    reset: () => emulator.store.put(start),
    runUntil: async (wanted, ending) => {
      const running = project.spawn(['export', '--run-id', 'tuesday'], { env })
      let calls = 0
      onCall = () => {
        if (++calls !== wanted) return
        if (ending === 'killed before') emulator.faults.add({ match: /./, kind: 'reset-before' })
        running.kill(ending === 'interrupted' ? 'SIGINT' : 'SIGKILL')
      }
      const result = await running.result
      onCall = undefined
      return calls < wanted ? 'finished' : result
    },
    again: async () => await run(to.includes('append') ? 'tuesday' : 'wednesday'),
    hidden: () => emulator.snapshot(sheetId).tabs.flatMap(({ hidden, title }) => (hidden ? [title] : [])),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

function exportOf(to: string, rows: number, version: number): string {
  const columns = `g as id, 'Voter ' || g || repeat('.', 2000) as name, g % 7 as ward, ${version} as version`
  return `query: select ${columns} from generate_series(1, ${rows}) g\norder_by: [id]\nto:\n  google_sheets: { spreadsheet: ${sheetId}, ${to} }\n`
}

/** The tabs that are not hidden, as JSON. */
function lookAt({ emulator }: Sheets): string {
  const tabs = emulator.snapshot(sheetId).tabs.filter(({ hidden }) => !hidden)
  return JSON.stringify(tabs.map(({ title }) => [title, emulator.values(sheetId, title)]))
}
