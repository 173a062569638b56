/** `npm run bench [-- NAME...]`: measures, and prints a table of figures and bars. Exit code 1 when a bar is not met. */
import { cpus, loadavg } from 'node:os'
import { renderTextTable } from '../src/cli/text-table.ts'
import type { Figure, Measure } from './measure.ts'
import { measures } from './measures/index.ts'
import { runProcess } from './processes.ts'
import { findPsql, stopServer } from './server.ts'

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !measures.some((measure) => measure.name === name))
  if (unknown.length > 0)
    throw new Error(`There is no measure ${unknown.join(', ')}. There are ${measures.map(({ name }) => name).join(', ')}.`)
  await runProcess('npm', ['run', 'build'])
  console.log(
    `${findPsql() ?? 'psql is not on PATH: what is compared with it is left out.'}; Node ${process.version}; ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}`,
  )
  const figures: Figure[] = []
  for (const measure of measures) {
    if (names.length > 0 && !names.includes(measure.name)) continue
    console.log(`${measure.name} ... (load ${loadavg()[0]!.toFixed(1)})`)
    figures.push(...(await figuresOf(measure)))
  }
  await stopServer()
  const rows = figures.map(({ measure, figure, bar, met }) => [measure, figure, bar, met ? 'met' : 'not met'])
  console.log(renderTextTable({ columns: ['measure', 'figure', 'bar', ''], rows, widest: 100 }))
  if (figures.some(({ met }) => !met)) process.exitCode = 1
}

/** A measure that fails leaves the others their figures. */
async function figuresOf({ name, run }: Measure): Promise<readonly Figure[]> {
  try {
    const figures = await run()
    for (const { measure, figure } of figures) console.log(`  ${measure}: ${figure}`)
    return figures
  } catch (error) {
    console.error(error)
    return [{ measure: name, figure: 'failed', bar: 'to be measured', met: false }]
  }
}

await main(process.argv.slice(2))
