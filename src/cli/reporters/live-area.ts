/** The lines of a terminal that change: a bar, counts, elapsed time, and each running node with its own time. */
import { nodeNameOf, type NodeId } from '../../core/node.ts'
import type { CliIo } from '../io.ts'
import { duration } from '../wording.ts'

export interface LiveState {
  /** Running nodes, with the time they started at (ms since epoch). */
  readonly running: ReadonlyMap<NodeId, number>
  /** How far those are that tell it. */
  readonly told: ReadonlyMap<NodeId, string>
  readonly done: number
  readonly total: number
}

export interface LiveArea {
  readonly show: (state: LiveState) => void
  /** Writes text above the live lines. */
  readonly print: (text: string) => void
  readonly end: () => void
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const mostListed = 6

export async function createLiveArea(io: CliIo): Promise<LiveArea> {
  const { createLogUpdate } = await import('log-update')
  const lines = createLogUpdate(process.stderr, { showCursor: true })
  const started = io.now().getTime()
  let state: LiveState = { running: new Map(), told: new Map(), done: 0, total: 0 }
  let tick = 0
  const draw = (): void => {
    lines(io.mask(renderLive(state, frames[tick++ % frames.length]!, { now: io.now().getTime(), started, columns: io.stderr.columns })))
  }
  const timer = setInterval(draw, 100)
  timer.unref()
  return {
    show: (next) => {
      state = next
    },
    print: (text) => {
      lines.clear()
      io.stderr.write(text)
      draw()
    },
    end: () => {
      clearInterval(timer)
      lines.clear()
    },
  }
}

function renderLive(
  state: LiveState,
  spinner: string,
  clock: { readonly now: number; readonly started: number; readonly columns: number },
): string {
  const width = 24
  const filled = state.total === 0 ? 0 : Math.min(width, Math.round((state.done / state.total) * width))
  const bar = '█'.repeat(filled) + '░'.repeat(width - filled)
  const head = `${spinner} ${bar} ${state.done}/${state.total}  ${duration(clock.now - clock.started)}`
  const running = [...state.running]
    .slice(0, mostListed)
    .map(([id, since]) => [`  ${nodeNameOf(id)}`, state.told.get(id), duration(Math.max(0, clock.now - since))].filter(Boolean).join('  '))
  const more = state.running.size - mostListed
  return [head, ...running, ...(more > 0 ? [`  and ${more} more`] : [])].map((line) => line.slice(0, clock.columns - 1)).join('\n')
}
