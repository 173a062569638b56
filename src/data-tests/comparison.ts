/** Comparisons of a count of failing rows, as `warn_if` and `error_if` write them: `> 10`, `!= 0`, `between 1 and 5`. */

export type Comparison = (count: number) => boolean

const operators: Readonly<Record<string, (count: number, bound: number) => boolean>> = {
  '>': (count, bound) => count > bound,
  '>=': (count, bound) => count >= bound,
  '<': (count, bound) => count < bound,
  '<=': (count, bound) => count <= bound,
  '=': (count, bound) => count === bound,
  '==': (count, bound) => count === bound,
  '!=': (count, bound) => count !== bound,
  '<>': (count, bound) => count !== bound,
}

/** Undefined when `text` is no comparison. Digits can be grouped: `> 1_000`. */
export function parseComparison(text: string): Comparison | undefined {
  const range = /^\s*(not\s+)?between\s+([\d_]+)\s+and\s+([\d_]+)\s*$/i.exec(text)
  if (range !== null) return betweenComparison(range[1] !== undefined, numberOf(range[2]), numberOf(range[3]))
  const [, operator = '', digits] = /^\s*([<>=!]{1,2})\s*([\d_]+)\s*$/.exec(text) ?? []
  const compare = operators[operator]
  return compare && ((count) => compare(count, numberOf(digits)))
}

function betweenComparison(outside: boolean, low: number, high: number): Comparison {
  return (count) => (count >= low && count <= high) !== outside
}

function numberOf(digits = ''): number {
  return Number(digits.replaceAll('_', ''))
}
