/** Comparisons of a count of failing rows, as `warn_if` and `error_if` write them: `> 10`, `!= 0`. */

export type Comparison = (count: number) => boolean

const operators: Readonly<Record<string, (count: number, bound: number) => boolean>> = {
  '>': (count, bound) => count > bound,
  '>=': (count, bound) => count >= bound,
  '<': (count, bound) => count < bound,
  '<=': (count, bound) => count <= bound,
  '=': (count, bound) => count === bound,
  '!=': (count, bound) => count !== bound,
  '<>': (count, bound) => count !== bound,
}

/** Throws for what is no comparison: the loader has refused it. */
export function parseComparison(text: string): Comparison {
  const [, operator = '', digits] = /^\s*([<>=!]{1,2})\s*(\d+)\s*$/.exec(text) ?? []
  const compare = operators[operator]
  if (compare === undefined) throw new TypeError(`\`${text}\` is no comparison of a count of rows.`)
  return (count) => compare(count, Number(digits))
}
